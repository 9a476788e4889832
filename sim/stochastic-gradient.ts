import type { RandomState } from '../foundation/random/xoshiro128.ts'
import type { RegressionProblem } from '../foundation/regression-problem.ts'
import { addBatchGradient } from './batch-gradient.ts'
import { batchSampler } from './batch-sampler.ts'
import type { MiniBatchScheme } from './dynamics.ts'

/** Writes the next batch's gradient at a position. Both are // [output, mode] */
export type StochasticGradient = (position: Float64Array, gradient: Float64Array) => void

/**
 * The gradients that batches give, one call a batch: (1/|B|) Σ_{i∈B} x_i (x_iᵀx_o + r_io) + λ(x_o + μ_o).
 *
 * @param batchSize S, at most the number of examples; not checked
 * @param state advanced in place
 */
export function stochasticGradient(
  problem: RegressionProblem,
  sampling: MiniBatchScheme,
  batchSize: number,
  state: RandomState,
): StochasticGradient {
  const { exampleCount, modeCount, outputCount, weightDecay, minimum } = problem
  const sampler = batchSampler(sampling, exampleCount, batchSize, state)
  return (position, gradient) => {
    const size = sampler.next()
    gradient.fill(0)
    addBatchGradient(problem, sampler.batch, size, position, gradient)
    for (let at = 0; at < gradient.length; at++) {
      const origin = minimum[(at % modeCount) * outputCount + Math.floor(at / modeCount)]!
      gradient[at] = gradient[at]! / size + weightDecay * (position[at]! + origin)
    }
  }
}
