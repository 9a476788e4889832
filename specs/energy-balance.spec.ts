import { describeHypothesis } from '../harness/vitest/index.ts'
import { energyBalance } from './hypotheses/energy-balance.ts'
import { everyMode } from './regression/mode-settings.ts'

describeHypothesis(energyBalance, everyMode)
