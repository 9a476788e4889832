import { describeHypothesis } from '../harness/vitest/index.ts'
import { hyperparameters } from './hypotheses/hyperparameters.ts'
import { sweep } from './regression/sweep-settings.ts'

describeHypothesis(hyperparameters, sweep)
