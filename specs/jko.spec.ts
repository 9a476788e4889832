import { describeHypothesis } from '../harness/vitest/index.ts'
import { jko } from './hypotheses/jko.ts'
import { proximalSteps } from './ornstein-uhlenbeck/proximal-steps.ts'

describeHypothesis(jko, proximalSteps)
