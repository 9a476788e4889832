import { describeHypothesis } from '../harness/vitest/index.ts'
import { detailedBalance } from './hypotheses/detailed-balance.ts'
import { balanced } from './ornstein-uhlenbeck/detailed-balance.ts'

describeHypothesis(detailedBalance, balanced)
