import { describeHypothesis } from '../harness/vitest/index.ts'
import { driftDecomposition } from './hypotheses/drift-decomposition.ts'
import { decompositions } from './ornstein-uhlenbeck/decompositions.ts'

describeHypothesis(driftDecomposition, decompositions)
