import type { PhaseBlocks, SecondOrderLaw, Start } from './theory.ts'
import { NotPredictedError } from './theory.ts'

/**
 * Cov(z_t, z_{t+j}) in each mode, the earlier time first (eqs. 10, 27, 34): V_t E(j)ᵀ from a known point, P E(j)ᵀ at stationarity.
 *
 * Holds where noise is independent of the past; not for shuffled epochs, whose noise sums to zero (shuffled-epochs-two-time.ts).
 *
 * @param start any known point, for only the mean depends on which, or 'stationary'
 * @param step t ≥ 0, steps from the start; of no account at stationarity
 * @param lag j ≥ 0, steps
 * @returns xx, xv, vx, vv // [mode, 4]
 * @throws NotPredictedError for a known start by a law that is stationary only
 */
export function twoTimeCovariance(law: SecondOrderLaw, start: Start, step: number, lag: number): PhaseBlocks {
  const at = start === 'stationary' ? law.stationary : law.accumulated?.(step)
  if (at === undefined) {
    throw new NotPredictedError('twoTimeCovariance: this law is stationary only; a known start is not predicted')
  }
  const E = law.propagator(lag)
  const blocks = new Float64Array(at.length)
  for (let b = 0; b < at.length; b += 4) {
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < 2; column++) {
        blocks[b + 2 * row + column] =
          at[b + 2 * row]! * E[b + 2 * column]! + at[b + 2 * row + 1]! * E[b + 2 * column + 1]!
      }
    }
  }
  return blocks
}
