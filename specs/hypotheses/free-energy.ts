import { choleskyFactor, inverseFromFactor } from '../../foundation/linear-algebra/positive-definite.ts'
import { combine, congruence, innerProduct, multiplyVector } from '../../foundation/linear-algebra/square-matrix.ts'
import { dot } from '../../foundation/linear-algebra/vector.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { ExactQuantity } from '../../harness/quantity.ts'
import {
  entropy,
  type Gaussian,
  lawAtTime,
  type OrnsteinUhlenbeck,
  relativeEntropy,
  relativeEntropyAtTime,
} from '../../oracle/ornstein-uhlenbeck/index.ts'
import type { FreeEnergy, FreeEnergySetting } from '../ornstein-uhlenbeck/free-energies.ts'
import type { Voice } from '../voice.ts'

/** Simpson's intervals between two times. */
const intervals = 32

export const freeEnergy: Hypothesis<FreeEnergySetting> = {
  id: 'free-energy',
  claim:
    'The free energy E[Ψ] − κ⁻¹ Entropy of the modified loss never increases: it falls by E[∇hᵀD∇h] a time, h = Ψ + κ⁻¹ log p, whatever currents remain.',
  source: 'Theorem 2',
  scale: 'linear',
  margin: 1e-12,
  marginReason: 'rounding of relative entropies',
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ parts, start, times, theories, reference }) {
    const { process, stationary } = parts
    const { inverseTemperature } = process
    const step = times[1]! / intervals
    const excess = times.map((time) => relativeEntropyAtTime(parts, start, time) / inverseTemperature)
    const total = excess[0]!
    const laws = Array.from({ length: (times.length - 1) * intervals + 1 }, (_, j) =>
      lawAtTime(process, start, j * step),
    )
    /** Falls over all intervals by Simpson's rule, each cut into so many. */
    const simpson = (rates: readonly number[], cuts: number): Float64Array => {
      const stride = intervals / cuts
      return Float64Array.from({ length: times.length - 1 }, (_, k) => {
        let sum = 0
        for (let j = 0; j <= cuts; j++) {
          const weight = j === 0 || j === cuts ? 1 : j % 2 === 1 ? 4 : 2
          sum += (weight * stride * step * rates[k * intervals + j * stride]!) / 3
        }
        return sum / total
      })
    }
    const ratesOf = ({ says }: Voice<FreeEnergy>): number[] => laws.map((law) => dissipation(process, says, law))
    const rates = ratesOf(theories.find(({ name }) => name === reference)!)
    const coarse = simpson(rates, intervals / 2)
    const margin = Math.max(...simpson(rates, intervals).map((value, k) => Math.abs(value - coarse[k]!)))

    const falls: ExactQuantity<Voice<FreeEnergy>> = {
      kind: 'exact',
      name: 'its fall over intervals of time, in units of all that it can fall',
      margin,
      marginReason: 'what Simpson’s rule changes by when its steps are halved, 15 times what is left',
      predict: (theory) => simpson(ratesOf(theory), intervals),
      compute: () => Float64Array.from({ length: times.length - 1 }, (_, k) => (excess[k]! - excess[k + 1]!) / total),
    }
    const rise: ExactQuantity<Voice<FreeEnergy>> = {
      kind: 'exact',
      name: 'its largest rise from one time to the next, in the same units',
      predict: ({ name }) => (name === reference ? 0 : undefined),
      compute: () => Math.max(0, ...excess.slice(1).map((value, k) => (value - excess[k]!) / total)),
    }
    // The minimum of another's free energy is Gibbs' law of its potential: if it never increased, nothing could leave there.
    const original = theories.find(({ name }) => name === 'original loss')!
    const gibbs: Gaussian = {
      mean: process.center,
      covariance: inverseFromFactor(choleskyFactor(original.says.curvature, process.size)!, process.size).map(
        (value) => value / inverseTemperature,
      ),
    }
    const freeEnergyOfOriginal = (law: Gaussian): number =>
      innerProduct(original.says.curvature, law.covariance) / 2 - entropy(law) / inverseTemperature
    const gain: ExactQuantity<Voice<FreeEnergy>> = {
      kind: 'exact',
      name: 'what the original loss’s free energy gains on the way from its own minimum, in units of κ⁻¹',
      margin: 1e-9,
      marginReason: 'the process has forgotten its start to e^{−2·40}; rounding of entropies',
      predict({ name }) {
        if (name === original.name) return 0
        return name === reference ? relativeEntropy(stationary, gibbs) : undefined
      },
      compute: () =>
        inverseTemperature *
        (freeEnergyOfOriginal(lawAtTime(process, gibbs, longEnough)) - freeEnergyOfOriginal(gibbs)),
    }
    return [falls, rise, gain]
  },
}

/** Many relaxation times of the slowest mode of either process, which takes about 1. */
const longEnough = 40

/** E_p[∇hᵀD∇h] with ∇h = (U − TC⁻¹)(x − m) + U(m − μ). */
function dissipation({ size, center, diffusion }: OrnsteinUhlenbeck, says: FreeEnergy, law: Gaussian): number {
  const inverseCovariance = inverseFromFactor(choleskyFactor(law.covariance, size)!, size)
  const slope = combine(1, says.curvature, -says.temperature, inverseCovariance)
  const push = multiplyVector(
    says.curvature,
    law.mean.map((value, i) => value - center[i]!),
    size,
  )
  return (
    innerProduct(congruence(slope, diffusion, size), law.covariance) + dot(push, multiplyVector(diffusion, push, size))
  )
}
