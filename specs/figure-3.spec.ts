import { describeHypothesis } from '../harness/vitest/index.ts'
import { figure3 } from './hypotheses/figure-3.ts'
import { figure3Suite } from './ornstein-uhlenbeck/figure-3.ts'

describeHypothesis(figure3, figure3Suite)
