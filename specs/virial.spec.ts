import { describeHypothesis } from '../harness/vitest/index.ts'
import { virial } from './hypotheses/virial.ts'
import { virialSuite } from './regression/virial-settings.ts'

describeHypothesis(virial, virialSuite)
