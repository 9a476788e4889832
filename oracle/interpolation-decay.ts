import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Hyperparameters } from '../foundation/phase-space.ts'
import { requireHyperparameters } from '../foundation/preconditions.ts'
import type { RegressionProblem } from '../foundation/regression-problem.ts'
import { type BatchSampling, noiseFactor } from './mini-batch-noise.ts'

/** How fast a single mode comes to rest at a solution that every example shares, rates per step. */
export interface InterpolationDecay {
  /** Of log E x_k², the logarithm of the spectral radius of the map of second moments. */
  readonly meanSquareRate: number
  /** Of log|x_k| of almost every run, E log|1 − ηx_i²|; known in closed form for β = 0 and S = 1 only. */
  readonly almostSureRate?: number
}

/**
 * Where the data interpolate, the noise vanishes at the solution and x → 0 (Ali, Dobriban & Tibshirani 2020, sec. 3, the univariate case
 * that contradicts Assumption 3): a batch multiplies the state by M_B = [[1−ηa, ηβ], [−a, β]], a the mean of x_i² over the batch.
 *
 * Second moments obey a 3×3 map with E a = ρ and E a² = ρ² + (f/S)(mean of x_i⁴ − ρ²). By Jensen the almost sure rate is at
 * most half the mean-square one, so wherever E x² decays almost every run comes to rest, and faster than its mean square says:
 * that is carried by the few runs that lag.
 *
 * @param problem of one mode, one output and no weight decay, with residuals of 0
 * @param sampling f = 1 with replacement, (N−S)/(N−1) without
 * @throws RangeError for any other problem, or hyperparameters out of range
 */
export function interpolationDecay(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  sampling: BatchSampling,
): InterpolationDecay {
  const caller = 'interpolationDecay'
  requireHyperparameters(caller, hyperparameters)
  const { learningRate: eta, momentum: beta, weightDecay, batchSize } = hyperparameters
  const { modeCount, outputCount, exampleCount, features, noiseVariance, eigenvalues } = problem
  if (modeCount !== 1 || outputCount !== 1) {
    throw new RangeError(`${caller}: problem must have one mode and one output, got ${modeCount} and ${outputCount}`)
  }
  if (weightDecay !== 0 || problem.weightDecay !== 0) {
    throw new RangeError(
      `${caller}: weightDecay must be 0, for a ridge solution interpolates nothing, got ${weightDecay || problem.weightDecay}`,
    )
  }
  if (noiseVariance !== 0) {
    throw new RangeError(`${caller}: problem must have residuals of 0, got a noise variance of ${noiseVariance}`)
  }
  const h = eigenvalues[0]!
  const fourth = features.reduce((sum, x) => sum + x ** 4, 0) / exampleCount
  const square = h * h + noiseFactor(caller, problem, batchSize, sampling) * (fourth - h * h)
  // (E x², E xv, E v²) → the same a step later
  const map = new Matrix([
    [1 - 2 * eta * h + eta ** 2 * square, 2 * eta * beta * (1 - eta * h), (eta * beta) ** 2],
    [eta * square - h, beta * (1 - 2 * eta * h), eta * beta ** 2],
    [square, -2 * beta * h, beta ** 2],
  ])
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(map)
  const radius = Math.max(...realEigenvalues.map((real, at) => Math.hypot(real, imaginaryEigenvalues[at]!)))
  const decay = { meanSquareRate: Math.log(radius) }
  if (beta !== 0 || batchSize !== 1) return decay
  const almostSureRate = features.reduce((sum, x) => sum + Math.log(Math.abs(1 - eta * x * x)), 0) / exampleCount
  return { ...decay, almostSureRate }
}
