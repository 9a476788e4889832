import { describeHypothesis } from '../harness/vitest/index.ts'
import { gradientCovariances } from './gradient-covariance/suite.ts'
import { gradientCovariance } from './hypotheses/gradient-covariance.ts'

describeHypothesis(gradientCovariance, gradientCovariances)
