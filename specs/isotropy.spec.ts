import { describeHypothesis } from '../harness/vitest/index.ts'
import { isotropy } from './hypotheses/isotropy.ts'
import { regression } from './regression/settings.ts'

describeHypothesis(isotropy, regression)
