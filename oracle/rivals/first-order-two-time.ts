import type { Hyperparameters, ModeSpectrum } from '../../foundation/phase-space.ts'
import type { PhaseBlocks } from '../theory.ts'
import { firstOrderTheory } from './first-order.ts'

/**
 * Stationary Cov(z_k, z_{k+j}) of the first-order SDE, the earlier time first, velocity being v_k = (x_k − x_{k−1})/η:
 * with R_j = Var x e^{−r|j|}, r = ηh/(1−β),
 *
 *     xx = R_j,  xv = (R_j − R_{j−1})/η,  vx = (R_j − R_{j+1})/η,  vv = (2R_j − R_{j−1} − R_{j+1})/η².
 *
 * @param lag j ≥ 0, steps
 * @returns xx, xv, vx, vv // [mode, 4]
 * @throws RangeError for hyperparameters or a spectrum out of range
 *
 * Accuracy: differences are formed of e^{−r} − 1 where j ≥ 1, of slow modes too.
 */
export function firstOrderTwoTime(spectrum: ModeSpectrum, hyperparameters: Hyperparameters, lag: number): PhaseBlocks {
  const variance = firstOrderTheory(spectrum, hyperparameters).predictions.positionVariance!()
  const { learningRate, momentum, weightDecay } = hyperparameters
  const blocks = new Float64Array(4 * variance.length)
  for (let l = 0; l < variance.length; l++) {
    const rate = (learningRate * (spectrum.eigenvalues[l]! + weightDecay)) / (1 - momentum)
    const now = variance[l]! * Math.exp(-rate * lag)
    const fall = -now * Math.expm1(-rate) // R_j − R_{j+1}
    const rise = lag === 0 ? fall : -now * Math.expm1(rate) // R_j − R_{j−1}, −j being j
    blocks.set([now, rise / learningRate, fall / learningRate, (fall + rise) / learningRate ** 2], 4 * l)
  }
  return blocks
}
