import { describeHypothesis } from '../harness/vitest/index.ts'
import { errataSuite } from './errata/suite.ts'
import { errata } from './hypotheses/errata.ts'

describeHypothesis(errata, errataSuite)
