import { describeHypothesis } from '../harness/vitest/index.ts'
import { interpolation } from './hypotheses/interpolation.ts'
import { interpolations } from './interpolation/suite.ts'

describeHypothesis(interpolation, interpolations)
