import type { Hyperparameters } from '../foundation/phase-space.ts'
import { discreteRoots } from './discrete-roots.ts'
import type { SecondOrderLaw } from './theory.ts'

/**
 * Whether the velocity of all modes together comes back: Σ_l E v_l(k)v_l(k+j) / Σ_l E v_l², 1 at lag 0 (eq. 34 summed over modes).
 *
 * On a limit cycle (Chaudhari & Soatto 2018, whom sec. 7 contradicts) it would be 1 again after each period. In the theory noise
 * and friction let it decay, and on the way it revives only as far as the modes' frequencies are commensurate (`revival`).
 *
 * @param law stationary
 * @param lags j ≥ 0, steps
 * @returns // [lag]
 * @throws RangeError if no mode moves
 */
export function totalVelocityCorrelation(law: SecondOrderLaw, lags: ArrayLike<number>): Float64Array {
  const P = law.stationary
  let variance = 0
  for (let b = 0; b < P.length; b += 4) variance += P[b + 3]!
  if (!(variance > 0)) throw new RangeError('totalVelocityCorrelation: law must have a mode that moves, got none')
  return Float64Array.from(lags, (lag) => {
    const E = law.propagator(lag)
    let sum = 0
    for (let b = 0; b < P.length; b += 4) sum += P[b + 2]! * E[b + 2]! + P[b + 3]! * E[b + 3]!
    return sum / variance
  })
}

/**
 * What is left of a return once the friction is taken off: totalVelocityCorrelation·β^{−j/2}, for in discrete SGD every oscillating
 * mode decays by the same √β a step. It is a sum of cosines at the modes' own frequencies ϑ_l, cos ϑ_l = (1+β−ηh_l)/(2√β), so
 * almost periodic: 1 again at a common period, if there is one, and at no lag within reach if the ϑ_l have no common measure.
 * That is sec. 7's alternative of cycles and space-filling curves; the frequencies go as √ρ, not ρ (erratum 4).
 *
 * @param correlation of totalVelocityCorrelation, predicted or measured // [lag]
 * @param lags // [lag]
 * @param eigenvalues of all modes // [mode]
 * @returns // [lag]
 * @throws RangeError for a mode that does not oscillate: it decays in its own time
 */
export function revival(
  correlation: Float64Array,
  lags: ArrayLike<number>,
  eigenvalues: Float64Array,
  hyperparameters: Hyperparameters,
): Float64Array {
  const { learningRate, momentum, weightDecay } = hyperparameters
  const still = eigenvalues.findIndex(
    (rho) => !(discreteRoots(learningRate, momentum, rho + weightDecay).discriminant < 0),
  )
  if (still !== -1) throw new RangeError(`revival: mode ${still} must oscillate, (1−√β)² < ηh < (1+√β)²`)
  return correlation.map((value, index) => value * momentum ** (-lags[index]! / 2))
}
