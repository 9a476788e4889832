import { describeHypothesis } from '../harness/vitest/index.ts'
import { velocityShape } from './hypotheses/velocity-shape.ts'
import { everyMode } from './regression/mode-settings.ts'

describeHypothesis(velocityShape, everyMode)
