import { describeHypothesis } from '../harness/vitest/index.ts'
import { globalDisplacement } from './hypotheses/global-displacement.ts'
import { regression } from './regression/settings.ts'

describeHypothesis(globalDisplacement, regression)
