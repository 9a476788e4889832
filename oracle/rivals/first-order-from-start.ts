import type { Hyperparameters, ModeSpectrum } from '../../foundation/phase-space.ts'
import type { PhaseBlocks } from '../theory.ts'
import { firstOrderTheory } from './first-order.ts'

/**
 * Cov(z_t, z_{t+j}) of the first-order SDE from a known start, the earlier time first, velocity being v_k = (x_k − x_{k−1})/η:
 * differences of C(t, s) = Var x (e^{−r|s−t|} − e^{−r(s+t)}), r = ηh/(1−β).
 *
 * @param step t ≥ 0, steps from the start
 * @param lag j ≥ 0, steps
 * @returns xx, xv, vx, vv; zero for t = 0, when all is known // [mode, 4]
 * @throws RangeError for hyperparameters or a spectrum out of range
 *
 * Accuracy: velocities are differences of exponentials and lose 1/r.
 */
export function firstOrderFromStart(
  spectrum: ModeSpectrum,
  hyperparameters: Hyperparameters,
  step: number,
  lag: number,
): PhaseBlocks {
  const variance = firstOrderTheory(spectrum, hyperparameters).predictions.positionVariance!()
  const { learningRate, momentum, weightDecay } = hyperparameters
  const blocks = new Float64Array(4 * variance.length)
  if (step === 0) return blocks
  for (let l = 0; l < variance.length; l++) {
    const rate = (learningRate * (spectrum.eigenvalues[l]! + weightDecay)) / (1 - momentum)
    const C = (t: number, s: number): number =>
      -variance[l]! * Math.exp(-rate * Math.abs(s - t)) * Math.expm1(-2 * rate * Math.min(t, s))
    const later = step + lag
    const xx = C(step, later)
    const xv = xx - C(step, later - 1)
    const vx = xx - C(step - 1, later)
    const vv = xv - (C(step - 1, later) - C(step - 1, later - 1))
    blocks.set([xx, xv / learningRate, vx / learningRate, vv / learningRate ** 2], 4 * l)
  }
  return blocks
}
