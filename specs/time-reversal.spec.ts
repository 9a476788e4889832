import { describeHypothesis } from '../harness/vitest/index.ts'
import { timeReversal } from './hypotheses/time-reversal.ts'
import { timeReversals } from './time-reversal/suite.ts'

describeHypothesis(timeReversal, timeReversals)
