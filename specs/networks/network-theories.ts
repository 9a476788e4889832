import type { NetworkReport } from '../../foundation/network-results.ts'
import type { BatchOrder } from './follow-mode.ts'
import type { NoiseModel } from './network-spectrum.ts'

type NetworkTheory = NetworkReport['theories'][number]

/** The paper's speed, from tr Σ. */
export const equation18: NetworkTheory = {
  name: 'eq. 18',
  title: 'eq. 18 without fitting, σ² tr H = tr Σ as measured',
  source: 'eq. 18',
}

/** The paper's speed as the paper predicts it. */
export const calibrated: NetworkTheory = {
  name: 'eq. 18, calibrated',
  title: 'eq. 18, its σ² tr H from the speed of one run',
  source: 'eq. 18, sec. 8 and Fig. 7',
}

const stationarySuffix = ', stationary'
const modelNames: Record<NoiseModel, string> = { proportional: 'Σ = σ²H', measured: 'Σ as measured' }
const orderNames = { 'with-replacement': 'SGD', 'shuffled-epochs': 'shuffled SGD' } as const
const orderSources = {
  'with-replacement': 'second moments of SGD with additive noise from a known start',
  'shuffled-epochs': 'the same with noise that sums to zero over an epoch (compare Kühn & Rosenow 2023)',
} as const

/** What a run from its own start does, for a noise model, in the run's own order of data. */
export function windowTheory(sampling: BatchOrder['sampling'], model: NoiseModel): NetworkTheory {
  const name = `${orderNames[sampling]}, ${modelNames[model]}`
  return { name, title: `${name}, from the run’s start`, source: orderSources[sampling] }
}

/** What it does when it has forgotten its start. */
export function stationaryNetworkTheory(sampling: BatchOrder['sampling'], model: NoiseModel): NetworkTheory {
  const name = `${orderNames[sampling]}, ${modelNames[model]}${stationarySuffix}`
  return { name, title: `${name}, over modes of ρ > 0`, source: orderSources[sampling] }
}
