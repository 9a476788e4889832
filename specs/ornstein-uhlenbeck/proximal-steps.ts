import type { Setting, Suite } from '../../harness/hypothesis.ts'
import {
  type Gaussian,
  jkoStep,
  type OrnsteinUhlenbeck,
  ornsteinUhlenbeck,
} from '../../oracle/ornstein-uhlenbeck/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** A scheme of steps τ that is said to follow the process. */
export interface Scheme {
  /** One step; absent where only the order is said. */
  readonly step?: (law: Gaussian, step: number) => Gaussian
  /** Of the error at a fixed time, in τ. */
  readonly order: number
}

/** A gradient system with isotropic noise, which is what Theorem 1 covers. */
export interface ProximalSetting extends Setting {
  readonly theories: readonly Voice<Scheme>[]
  readonly process: OrnsteinUhlenbeck
  readonly start: Gaussian
  readonly time: number
}

const level = 1.5
const process = ornsteinUhlenbeck({
  size: 3,
  drift: Float64Array.of(2, 0.5, -0.3, 0.5, 1, 0.2, -0.3, 0.2, 0.6),
  center: Float64Array.of(0.1, -0.4, 0.7),
  diffusion: Float64Array.of(level, 0, 0, 0, level, 0, 0, 0, level),
  inverseTemperature: 3,
})

export const proximalSteps: Suite<ProximalSetting> = {
  settings: [
    {
      name: 'three coordinates, a covariance that does not commute with the drift',
      process,
      start: {
        mean: Float64Array.of(1, 2, -1),
        covariance: Float64Array.of(0.2, 0.15, 0, 0.15, 0.9, -0.3, 0, -0.3, 0.5),
      },
      time: 0.8,
      reference: '½W₂²',
      required: true,
      theories: [
        {
          name: '½W₂²',
          title: 'pᵏ = argmin τ(E[Φ] − κ⁻¹ Entropy) + ½W₂²(p, pᵏ⁻¹)',
          source: 'Theorem 1 as corrected; Jordan, Kinderlehrer & Otto 1998',
          says: { step: (law, step) => jkoStep(process, law, step), order: 1 },
        },
        {
          name: 'W₂² as printed',
          title: 'pᵏ = argmin τ(E[Φ] − κ⁻¹ Entropy) + W₂²(p, pᵏ⁻¹), a step of τ/2',
          source: 'Theorem 1 as printed (erratum 8)',
          says: { step: (law, step) => jkoStep(process, law, step / 2), order: 0 },
        },
        {
          name: 'no entropy',
          title: 'pᵏ = argmin τE[Φ] + ½W₂²(p, pᵏ⁻¹)',
          source: 'Theorem 1 without its entropy',
          // κ so large that the entropy weighs nothing
          says: { step: (law, step) => jkoStep({ ...process, inverseTemperature: 1e12 }, law, step), order: 0 },
        },
        {
          name: 'second order',
          title: 'a scheme of second order in τ, as the midpoint rule would be',
          source: 'symmetric schemes',
          says: { order: 2 },
        },
      ],
    },
  ],
  ledger: specLedger,
  mutants: [],
}
