import { describeHypothesis } from '../harness/vitest/index.ts'
import { constantSpeed } from './hypotheses/constant-speed.ts'
import { pooledSuite } from './regression/settings.ts'

describeHypothesis(constantSpeed, pooledSuite)
