import type { Hyperparameters } from '../foundation/phase-space.ts'
import { requireHyperparameters } from '../foundation/preconditions.ts'
import { memoryOf } from './autocorrelation.ts'
import { impulseResponse } from './impulse-response.ts'

/** Third and fourth cumulants of one step's gradient noise ε, along each mode. // [mode] each */
export interface NoiseCumulants {
  readonly third: Float64Array
  readonly fourth: Float64Array
}

/** What a stationary scalar series has of its own about the direction of time; 0 if it is reversible. // [mode, lag] each */
export interface TimeAsymmetry {
  /** E[y_k² y_{k+j} − y_k y_{k+j}²]. */
  readonly third: Float64Array
  /** E[y_k³ y_{k+j} − y_k y_{k+j}³], which a law symmetric in sign may have too. */
  readonly fourth: Float64Array
}

/**
 * The direction of time in positions alone, and in velocities alone, of SGD with additive noise, independent from step to step:
 * with y_k = −Σ_i a_i ε_{k−i}, a_i the response to a kick (η, 1),
 *
 *     E[y_k² y_{k+j} − y_k y_{k+j}²] = −κ₃ Σ_i a_i a_{i+j} (a_i − a_{i+j}),
 *     E[y_k³ y_{k+j} − y_k y_{k+j}³] = κ₄ Σ_i a_i a_{i+j} (a_i² − a_{i+j}²)
 *
 * (the products of covariances in the fourth moments cancel). Gaussian noise has neither: each marginal is reversible, as
 * sec. 7 says, while the pair is not (rotation.ts). Of a linear process only Gaussian noise gives that (Weiss, J. Appl. Prob. 12,
 * 831, 1975), so batches of examples break it, by as much as they are not Gaussian.
 *
 * @param eigenvalues ρ_l // [mode]
 * @param noise of whole batches, as batchGradientCumulants gives them at the minimum
 * @param lags j ≥ 0, steps
 * @throws RangeError for hyperparameters out of range, or cumulants of another shape
 *
 * Cost: 20 relaxation times of a mode's slowest amplitude.
 */
export function timeAsymmetry(
  eigenvalues: Float64Array,
  noise: NoiseCumulants,
  hyperparameters: Hyperparameters,
  lags: readonly number[],
): { readonly position: TimeAsymmetry; readonly velocity: TimeAsymmetry } {
  requireHyperparameters('timeAsymmetry', hyperparameters)
  const modeCount = eigenvalues.length
  for (const name of ['third', 'fourth'] as const) {
    if (noise[name].length !== modeCount) {
      throw new RangeError(
        `timeAsymmetry: noise.${name} must have one value for each of ${modeCount} modes, got ${noise[name].length}`,
      )
    }
  }
  const { weightDecay } = hyperparameters
  const { relaxationSteps } = memoryOf(eigenvalues, hyperparameters)
  const longest = Math.max(0, ...lags)
  const empty = (): TimeAsymmetry => ({
    third: new Float64Array(modeCount * lags.length),
    fourth: new Float64Array(modeCount * lags.length),
  })
  const position = empty()
  const velocity = empty()
  for (let l = 0; l < modeCount; l++) {
    const h = eigenvalues[l]! + weightDecay
    const length = Math.ceil(20 * relaxationSteps[l]!) + 2
    const response = impulseResponse(h, hyperparameters, length + longest)
    for (const [result, a] of [
      [position, response.position],
      [velocity, response.velocity],
    ] as const) {
      for (const [index, lag] of lags.entries()) {
        let third = 0
        let fourth = 0
        for (let i = 0; i < length; i++) {
          const [now, later] = [a[i]!, a[i + lag]!]
          third += now * later * (now - later)
          fourth += now * later * (now * now - later * later)
        }
        result.third[l * lags.length + index] = -noise.third[l]! * third
        result.fourth[l * lags.length + index] = noise.fourth[l]! * fourth
      }
    }
  }
  return { position, velocity }
}
