import { describeHypothesis } from '../harness/vitest/index.ts'
import { freeEnergy } from './hypotheses/free-energy.ts'
import { freeEnergies } from './ornstein-uhlenbeck/free-energies.ts'

describeHypothesis(freeEnergy, freeEnergies)
