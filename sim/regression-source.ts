import {
  addToSums,
  DivergedError,
  type Hyperparameters,
  type PacedObserver,
  type PhaseObserver,
  paced,
  type SamplingScheme,
  samplingSchemes,
  type TrajectorySource,
} from '../foundation/phase-space.ts'
import { requireHyperparameters } from '../foundation/preconditions.ts'
import { type RandomState, streamOf } from '../foundation/random/xoshiro128.ts'
import type { RegressionProblem } from '../foundation/regression-problem.ts'
import { batchSampler } from './batch-sampler.ts'
import { drawStart, type EnsembleStart, requireEnsembleStart } from './ensemble-start.ts'
import { batchGradient, frozenBatchGradient, gaussianGradient, type StochasticGradient } from './gradient.ts'

/** How a regression problem is simulated. */
export interface RegressionSourceOptions {
  readonly sampling: SamplingScheme
  /**
   * What a batch's noise depends on: the position, as in SGD ('state-dependent', the default), or nothing ('frozen': the
   * noise that the same batch has at the minimum). Frozen noise is how theories of additive noise are tested on data.
   */
  readonly noise?: 'state-dependent' | 'frozen'
  /** Integer in [0, 2⁵³). */
  readonly seed: number
  readonly start: EnsembleStart
}

/** Steps between two looks for a state that is no longer finite: dear enough to be felt, were it done each step. */
const stepsBetweenChecks = 1024

/**
 * Simulates SGD with momentum on a regression problem, in the eigenbasis of its Hessian and relative to its minimum.
 *
 * Each step draws a gradient g and does (eq. 2)  v ← βv − g,  x ← x + ηv,  where for the batch B
 * g_o = (1/|B|) Σ_{i∈B} x_i (x_iᵀ x_o + r_io) + λ(x_o + μ_o),  or for 'gaussian' noise g_lo = (ρ_l+λ) x_lo + N(0, (ρ_l/S) R).
 * Chain c has the seed's stream c to itself: its start is drawn first, then step after step. An epoch of
 * 'shuffled-epochs' has ⌈N/S⌉ steps, and a chain starts at an epoch's start.
 *
 * @throws RangeError for hyperparameters, a start or a seed that cannot be run, for a batch larger than the data, for
 * another weight decay than the problem's, and for frozen noise with 'gaussian' (which depends on no position anyway);
 * `run` throws RangeError for a bad chain or number of steps, and DivergedError, with the chain and step, once a state is not finite
 */
export function regressionSource(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  options: RegressionSourceOptions,
): TrajectorySource {
  requireOptions(problem, hyperparameters, options)
  const { modeCount, outputCount } = problem
  const { learningRate, momentum } = hyperparameters
  const { seed, start } = options

  return {
    modeCount,
    outputCount,
    run: (chain: number, steps: number, observer: PhaseObserver | PacedObserver): void => {
      if (!(Number.isInteger(steps) && steps >= 0)) {
        throw new RangeError(`regressionSource: steps must be an integer ≥ 0, got ${steps}`)
      }
      const state = streamOf(seed, chain)
      const { position, velocity } = drawStart(start, modeCount, state)
      const gradientAt = stochasticGradient(problem, hyperparameters, options, state)
      const gradient = new Float64Array(position.length)
      const { observe, next, sums } = paced(observer)
      observe(0, position, velocity)
      let due = next(0)
      for (let step = 1; step <= steps; step++) {
        gradientAt(position, gradient)
        heavyBallStep(position, velocity, gradient, learningRate, momentum)
        if (step % stepsBetweenChecks === 0 || step === steps) requireFinite(position, chain, step, learningRate)
        if (sums !== undefined && step > sums.after) addToSums(sums, position, velocity)
        if (step === due) {
          observe(step, position, velocity)
          due = next(step)
        }
      }
    },
  }
}

/** v ← βv − g, x ← x + ηv. All are // [output, mode] */
function heavyBallStep(
  position: Float64Array,
  velocity: Float64Array,
  gradient: Float64Array,
  learningRate: number,
  momentum: number,
): void {
  for (let at = 0; at < gradient.length; at++) {
    const v = momentum * velocity[at]! - gradient[at]!
    velocity[at] = v
    position[at]! += learningRate * v
  }
}

function stochasticGradient(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  options: RegressionSourceOptions,
  state: RandomState,
): StochasticGradient {
  const { sampling, noise } = options
  const { batchSize } = hyperparameters
  if (sampling === 'gaussian') return gaussianGradient(problem, batchSize, state)
  const sampler = batchSampler(sampling, problem.exampleCount, batchSize, state)
  return noise === 'frozen' ? frozenBatchGradient(problem, sampler) : batchGradient(problem, sampler)
}

/** Positions are enough to look at: a velocity that is not finite makes them so at the same step. */
function requireFinite(position: Float64Array, chain: number, step: number, learningRate: number): void {
  let sum = 0
  for (let at = 0; at < position.length; at++) sum += Math.abs(position[at]!)
  if (!Number.isFinite(sum)) {
    throw new DivergedError(
      `regressionSource: chain ${chain} diverged, its state was not finite at step ${step}; learningRate ${learningRate} is unstable here`,
    )
  }
}

function requireOptions(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  options: RegressionSourceOptions,
): void {
  const { sampling, noise = 'state-dependent', seed, start } = options
  requireHyperparameters('regressionSource', hyperparameters)
  if (!samplingSchemes.includes(sampling)) {
    throw new RangeError(`regressionSource: sampling must be one of ${samplingSchemes.join(', ')}, got ${sampling}`)
  }
  if (noise !== 'state-dependent' && noise !== 'frozen') {
    throw new RangeError(`regressionSource: noise must be state-dependent or frozen, got ${noise}`)
  }
  if (sampling === 'gaussian' && noise === 'frozen') {
    throw new RangeError('regressionSource: noise must be state-dependent or absent with gaussian sampling, got frozen')
  }
  if (sampling !== 'gaussian' && hyperparameters.batchSize > problem.exampleCount) {
    throw new RangeError(
      `regressionSource: batchSize must be at most the ${problem.exampleCount} examples, got ${hyperparameters.batchSize}`,
    )
  }
  if (hyperparameters.weightDecay !== problem.weightDecay) {
    throw new RangeError(
      `regressionSource: weightDecay must be the problem's own ${problem.weightDecay}, for its minimum depends on it, got ${hyperparameters.weightDecay}`,
    )
  }
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(`regressionSource: seed must be an integer in [0, 2^53), got ${seed}`)
  }
  requireEnsembleStart('regressionSource', start, problem)
}
