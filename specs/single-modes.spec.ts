import { describeHypothesis } from '../harness/vitest/index.ts'
import { singleModes } from './hypotheses/single-modes.ts'
import { singleModeSuite } from './regression/settings.ts'

describeHypothesis(singleModes, singleModeSuite)
