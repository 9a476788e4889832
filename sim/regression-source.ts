import { semidefiniteCholesky } from '../foundation/linear-algebra/semidefinite-cholesky.ts'
import {
  type Hyperparameters,
  type PacedObserver,
  type PhaseObserver,
  type SamplingScheme,
  samplingSchemes,
  type TrajectorySource,
} from '../foundation/phase-space.ts'
import { requireHyperparameters } from '../foundation/preconditions.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import type { RegressionProblem } from '../foundation/regression-problem.ts'
import type { Dynamics } from './dynamics.ts'
import { drawStart, type EnsembleStart, requireEnsembleStart } from './ensemble-start.ts'
import { runChain, warnIfNotCompiled } from './run-chain.ts'

/** How a regression problem is simulated. */
export interface RegressionSourceOptions {
  readonly sampling: SamplingScheme
  /**
   * What a batch's noise depends on: the position, as in SGD ('state-dependent', the default), or nothing ('frozen': the
   * noise that the same batch has at the minimum). Frozen noise is how theories of additive noise are tested on data.
   */
  readonly noise?: 'state-dependent' | 'frozen'
  /** ν > 0 of 'student-t' noise, which needs it: scaled to the Gaussian's variance for ν > 2, to its unit of scale below. */
  readonly degreesOfFreedom?: number
  /** Integer in [0, 2⁵³). */
  readonly seed: number
  readonly start: EnsembleStart
}

/**
 * Simulates SGD with momentum on a regression problem, in the eigenbasis of its Hessian and relative to its minimum.
 *
 * Each step draws a gradient g and does (eq. 2)  v ← βv − g,  x ← x + ηv,  where for the batch B
 * g_o = (1/|B|) Σ_{i∈B} x_i (x_iᵀ x_o + r_io) + λ(x_o + μ_o),  or for 'gaussian' noise g_lo = (ρ_l+λ) x_lo + N(0, (ρ_l/S) R);
 * 'student-t' has independent numbers of Student's t where 'gaussian' has normal ones.
 * Chain c has the seed's stream c to itself: its start is drawn first, then step after step. An epoch of
 * 'shuffled-epochs' or 'fixed-order' has ⌈N/S⌉ steps, and a chain starts at an epoch's start.
 *
 * @throws RangeError for hyperparameters, a start or a seed that cannot be run, for a batch larger than the data, for
 * another weight decay than the problem's, for frozen noise with 'gaussian' or 'student-t' (which
 * depend on no position anyway), and for degrees of freedom with another scheme or missing;
 * `run` throws RangeError for a bad chain or number of steps, and DivergedError, with the chain and step, once a state is not finite
 */
export function regressionSource(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  options: RegressionSourceOptions,
): TrajectorySource {
  requireOptions(problem, hyperparameters, options)
  const { modeCount, outputCount } = problem
  const { seed, start } = options

  warnIfNotCompiled()
  const dynamics = regressionDynamics(problem, hyperparameters, options)
  return {
    modeCount,
    outputCount,
    run: (chain: number, steps: number, observer: PhaseObserver | PacedObserver): void => {
      const state = streamOf(seed, chain)
      const { position, velocity } = drawStart(start, modeCount, state)
      runChain(
        {
          dynamics,
          position,
          velocity,
          state,
          caller: 'regressionSource',
          number: chain,
          instability: `learningRate ${hyperparameters.learningRate} is unstable here`,
        },
        steps,
        observer,
      )
    },
  }
}

/** A step of SGD on a regression problem as data. Options are those of `regressionSource`, checked by it. */
export function regressionDynamics(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  { sampling, noise, degreesOfFreedom }: Pick<RegressionSourceOptions, 'sampling' | 'noise' | 'degreesOfFreedom'>,
): Dynamics {
  const { exampleCount, modeCount, outputCount, features, residuals, eigenvalues, weightDecay, minimum } = problem
  const { learningRate, momentum, batchSize } = hyperparameters
  const curvatures = eigenvalues.map((eigenvalue) => eigenvalue + weightDecay)
  if (sampling === 'gaussian' || sampling === 'student-t') {
    const factor = semidefiniteCholesky(problem.residualCovariance, outputCount)
    // so that the variance is the Gaussian's, where there is one
    const unit = degreesOfFreedom !== undefined && degreesOfFreedom > 2 ? Math.sqrt(1 - 2 / degreesOfFreedom) : 1
    const own = outputCount === 1 ? factor[0]! : 1
    return {
      kind: 'additive-noise',
      modeCount,
      outputCount,
      learningRate,
      momentum,
      slopes: curvatures,
      scales: eigenvalues.map((eigenvalue) => Math.sqrt(eigenvalue / batchSize) * unit * own),
      factor,
      ...(degreesOfFreedom === undefined ? {} : { degreesOfFreedom }),
    }
  }
  const frozen = noise === 'frozen'
  return {
    kind: 'mini-batch',
    sampling,
    frozen,
    exampleCount,
    modeCount,
    outputCount,
    batchSize,
    learningRate,
    momentum,
    features,
    residuals,
    slopes: frozen ? curvatures : new Float64Array(modeCount).fill(weightDecay),
    pull: Float64Array.from(
      { length: outputCount * modeCount },
      (_, at) => weightDecay * minimum[(at % modeCount) * outputCount + Math.floor(at / modeCount)]!,
    ),
  }
}

function requireOptions(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  options: RegressionSourceOptions,
): void {
  const { sampling, noise = 'state-dependent', degreesOfFreedom, seed, start } = options
  const additive = sampling === 'gaussian' || sampling === 'student-t'
  requireHyperparameters('regressionSource', hyperparameters)
  if (!samplingSchemes.includes(sampling)) {
    throw new RangeError(`regressionSource: sampling must be one of ${samplingSchemes.join(', ')}, got ${sampling}`)
  }
  if (noise !== 'state-dependent' && noise !== 'frozen') {
    throw new RangeError(`regressionSource: noise must be state-dependent or frozen, got ${noise}`)
  }
  if (additive && noise === 'frozen') {
    throw new RangeError(
      `regressionSource: noise must be state-dependent or absent with ${sampling} sampling, got frozen`,
    )
  }
  if (sampling === 'student-t' && !(degreesOfFreedom !== undefined && degreesOfFreedom > 0)) {
    throw new RangeError(
      `regressionSource: student-t sampling needs degreesOfFreedom > 0, got ${degreesOfFreedom ?? 'none'}`,
    )
  }
  if (sampling !== 'student-t' && degreesOfFreedom !== undefined) {
    throw new RangeError(`regressionSource: degreesOfFreedom is for student-t sampling only, got ${degreesOfFreedom}`)
  }
  if (!additive && hyperparameters.batchSize > problem.exampleCount) {
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
