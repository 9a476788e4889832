import { describeHypothesis } from '../harness/vitest/index.ts'
import { stationaryLaw } from './hypotheses/stationary-law.ts'
import { stationaryLaws } from './stationary-law/suite.ts'

describeHypothesis(stationaryLaw, stationaryLaws)
