import { describeHypothesis } from '../harness/vitest/index.ts'
import { oneHotOutputs } from './hypotheses/one-hot-outputs.ts'
import { outputsSuite } from './one-hot-outputs/suite.ts'

describeHypothesis(oneHotOutputs, outputsSuite)
