import type { Setting, Suite } from '../../harness/hypothesis.ts'
import { type Decomposition, decomposition, type Gaussian } from '../../oracle/ornstein-uhlenbeck/index.ts'
import type { Voice } from '../voice.ts'
import { decompositions } from './decompositions.ts'

/** A free energy E_p[½(x−μ)ᵀU(x−μ)] − T·Entropy(p) that is said to fall by E_p[∇hᵀD∇h] a time, h its potential + T log p. */
export interface FreeEnergy {
  /** U. // [size, size] */
  readonly curvature: Float64Array
  /** T, κ⁻¹ in Theorem 2. */
  readonly temperature: number
}

/** A process on its way to stationarity, from a law far from it. */
export interface FreeEnergySetting extends Setting {
  readonly theories: readonly Voice<FreeEnergy>[]
  readonly parts: Decomposition
  readonly start: Gaussian
  /** From 0, ascending. */
  readonly times: readonly number[]
}

function setting(name: string, interval: number): FreeEnergySetting {
  const { theories, process, reference } = decompositions.settings.find((one) => one.name === name)!
  const parts = decomposition(process)
  const { covariance } = parts.stationary
  const { size } = process
  const exact = theories.find((theory) => theory.name === reference)!
  const voices = theories.flatMap((theory): Voice<FreeEnergy>[] => {
    const { curvature, inverseTemperature } = theory.says
    if (!curvature || inverseTemperature === undefined) return []
    const differs = curvature !== exact.says.curvature || inverseTemperature !== exact.says.inverseTemperature
    if (theory !== exact && !differs) return []
    return [{ ...theory, says: { curvature, temperature: 1 / inverseTemperature } }]
  })
  const { curvature } = exact.says
  const temperature = 1 / process.inverseTemperature
  return {
    name,
    parts,
    // three standard deviations out, and ten times too narrow along the axes
    start: {
      mean: process.center.map((value, i) => value + (i % 2 === 0 ? 3 : -3) * Math.sqrt(covariance[i * (size + 1)]!)),
      covariance: covariance.map((value, at) => (at % (size + 1) === 0 ? value / 10 : 0)),
    },
    times: Array.from({ length: 13 }, (_, k) => k * interval),
    reference,
    required: true,
    theories: [
      ...voices,
      {
        name: 'energy alone',
        title: 'E[Ψ] falls by itself',
        source: 'Theorem 2 without its entropy',
        says: { curvature: curvature!, temperature: 0 },
      },
      {
        name: 'entropy added',
        title: 'E[Ψ] + κ⁻¹ Entropy falls',
        source: 'the other sign of Theorem 2’s entropy',
        says: { curvature: curvature!, temperature: -temperature },
      },
    ],
  }
}

export const freeEnergies: Suite<FreeEnergySetting> = {
  settings: [setting('sgd, underdamped', 0.1), setting('Figure 3, a symmetric drift', 0.1)],
  ledger: decompositions.ledger,
  mutants: [],
}
