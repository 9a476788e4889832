import { describeHypothesis } from '../harness/vitest/index.ts'
import { batchNormalities } from './batch-normality/suite.ts'
import { batchNormality } from './hypotheses/batch-normality.ts'

describeHypothesis(batchNormality, batchNormalities)
