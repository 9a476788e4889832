import { describeHypothesis } from '../harness/vitest/index.ts'
import { modifiedLoss } from './hypotheses/modified-loss.ts'
import { everyMode } from './regression/mode-settings.ts'

describeHypothesis(modifiedLoss, everyMode)
