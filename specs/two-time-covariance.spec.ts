import { describeHypothesis } from '../harness/vitest/index.ts'
import { twoTimeCovariance } from './hypotheses/two-time-covariance.ts'
import { stationaryPairs } from './regression/stationary-pair-settings.ts'

describeHypothesis(twoTimeCovariance, stationaryPairs)
