import { describeHypothesis } from '../harness/vitest/index.ts'
import { equipartition } from './hypotheses/equipartition.ts'
import { regression } from './regression/settings.ts'

describeHypothesis(equipartition, regression)
