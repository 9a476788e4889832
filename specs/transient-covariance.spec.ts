import { describeHypothesis } from '../harness/vitest/index.ts'
import { transientCovariance } from './hypotheses/transient-covariance.ts'
import { transients } from './regression/transient-settings.ts'

describeHypothesis(transientCovariance, transients)
