import { describeHypothesis } from '../harness/vitest/index.ts'
import { pooledEnergies } from './hypotheses/pooled-energies.ts'
import { pooledSuite } from './regression/settings.ts'

describeHypothesis(pooledEnergies, pooledSuite)
