import { describeHypothesis } from '../harness/vitest/index.ts'
import { rotation } from './hypotheses/rotation.ts'
import { twoTimes } from './regression/two-time-settings.ts'

describeHypothesis(rotation, twoTimes)
