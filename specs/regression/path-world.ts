import type { Hyperparameters, PhasePoint, SamplingScheme } from '../../foundation/phase-space.ts'
import { type RegressionProblem, spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import type { Spread } from '../../harness/spread.ts'
import { seedFor } from '../../harness/vitest/environment.ts'
import { observePath } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { shuffledEpochsTheory } from '../../oracle/shuffled-epochs.ts'
import { shuffledTwoTimeFromStart } from '../../oracle/shuffled-epochs-two-time.ts'
import type { PhaseBlocks, Predictions, Start, Theory } from '../../oracle/theory.ts'
import { regressionSetting } from './setting.ts'

/** Chains of linear regression that are followed from their start, for the distance they travel. */
export interface PathWorld {
  readonly sampling: SamplingScheme
  readonly theories: readonly Theory[]
  readonly reference: string
  readonly required: boolean
  readonly problem: RegressionProblem
  readonly hyperparameters: Hyperparameters
  readonly start: Start
  /** Where ‖Δ_k‖² is recorded, evenly spaced. // [point] */
  readonly steps: readonly number[]
  /** ‖Δ_k‖² averaged over paths first, …, end − 1. // [point] */
  readonly meanPath: (first: number, end: number) => Float64Array
  /** Scatter of one path's part in Σ_k w_k log E‖Δ_k‖², the paths being Gaussian. w: // [point] */
  readonly spreadOfLogs: (weights: Float64Array) => Spread
}

export interface PathWorldOptions {
  readonly sampling: SamplingScheme
  /** One random stream a world. */
  readonly stream: number
  /** Absent: stationary. Else a known point, in stationary deviations of each mode, at rest. */
  readonly displaced?: (eigenvalue: number) => number
  /** Steps from point to point. */
  readonly every: number
  readonly points: number
}

export function pathWorld(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  { sampling, stream, displaced, every, points }: PathWorldOptions,
): PathWorld {
  const { eigenvalues, modeCount } = problem
  const seed = seedFor(stream)
  const setting = regressionSetting(problem, hyperparameters, {
    sampling,
    ...(sampling === 'shuffled-epochs' ? { noise: 'frozen' as const } : {}),
    seed,
    stepsBudget: 1e4,
  })
  const steps = Array.from({ length: points }, (_, point) => every * (point + 1))
  const spectrum = sampling === 'gaussian' ? spectrumOf(problem) : spectrumAtMinimum(problem)
  const law = discreteLaw(spectrum, hyperparameters)
  const shuffled =
    sampling === 'shuffled-epochs'
      ? shuffledEpochsTheory(spectrum, hyperparameters, { exampleCount: problem.exampleCount })
      : undefined
  // At an epoch's end noise is fresh; within one, what is still to come is anticorrelated with what has been.
  const withinEpochs = shuffled !== undefined && every % shuffled.epochSteps !== 0
  const known: PhasePoint | undefined = displaced && {
    position: eigenvalues.map((rho, l) => displaced(rho) * Math.sqrt(law.stationary[4 * l]!)),
    velocity: new Float64Array(modeCount),
  }
  const start: Start = known ?? 'stationary'
  const source = known === undefined ? setting.stationarySource(seed) : setting.sourceFrom(known, seed)
  const reference = setting.theories.find(({ name }) => name === setting.reference)!.predictions

  return {
    sampling,
    theories: setting.theories,
    reference: setting.reference,
    required: setting.required,
    problem,
    hyperparameters,
    start,
    steps,
    meanPath(first, end) {
      const mean = new Float64Array(points)
      for (let chain = first; chain < end; chain++) {
        const { observer, record } = observePath(problem, { origin: 0, steps })
        source.run(chain, steps[points - 1]!, observer)
        record().squaredDisplacement.forEach((value, k) => {
          mean[k]! += value / (end - first)
        })
      }
      return mean
    },
    spreadOfLogs(weights) {
      const total = reference.globalDisplacement!(start, steps)
      const noise = (shuffled?.predictions ?? discretePredictions(law.accumulated!)).covarianceAtStep!(steps)
      const initial = known === undefined ? (shuffled?.epochEnd ?? law.stationary) : new Float64Array(4 * modeCount)
      const increments = steps.map((step) => law.increment(step))
      const propagators = [law.propagator(0), ...steps.map((step) => law.propagator(step))]
      const form = weights.map((weight, k) => weight / total[k]!)
      const { exampleCount } = problem
      const twoTime = withinEpochs
        ? steps.map((step, j) =>
            steps
              .slice(j)
              .map((later) =>
                shuffledTwoTimeFromStart(spectrum, hyperparameters, { exampleCount }, step, later - step),
              ),
          )
        : undefined
      let [variance, third] = [0, 0]
      for (let l = 0; l < modeCount; l++) {
        // Cov(Δ_j, Δ_k) = [F_j P F_kᵀ + V_j (M^{k−j})ᵀ]_xx for j ≤ k, noise being fresh after j, times the form
        const covariance = new Float64Array(points * points)
        for (let j = 0; j < points; j++) {
          const [fx, fv] = [increments[j]![4 * l]!, increments[j]![4 * l + 1]!]
          const px = fx * initial[4 * l]! + fv * initial[4 * l + 2]!
          const pv = fx * initial[4 * l + 1]! + fv * initial[4 * l + 3]!
          const V = 4 * (l * points + j)
          for (let k = j; k < points; k++) {
            const E = propagators[k - j]!
            const F = increments[k]!
            const drawn = twoTime?.[j]?.[k - j]?.[4 * l] ?? noise[V]! * E[4 * l]! + noise[V + 1]! * E[4 * l + 1]!
            const value = px * F[4 * l]! + pv * F[4 * l + 1]! + drawn
            covariance[j * points + k] = form[j]! * value
            covariance[k * points + j] = form[k]! * value
          }
        }
        const mean = Float64Array.from(increments, (F) => (known ? F[4 * l]! * known.position[l]! : 0))
        const cumulants = quadraticCumulants(covariance, form, mean)
        variance += cumulants.variance
        third += cumulants.third
      }
      return { varianceSteps: variance, asymmetrySteps: third / 3 }
    },
  }
}

function discretePredictions(accumulated: (step: number) => PhaseBlocks): Pick<Predictions, 'covarianceAtStep'> {
  return {
    covarianceAtStep(steps) {
      const blocks = Array.from(steps, (step) => accumulated(step))
      const modeCount = (blocks[0]?.length ?? 0) / 4
      const covariance = new Float64Array(4 * modeCount * blocks.length)
      for (const [k, block] of blocks.entries())
        for (let l = 0; l < modeCount; l++)
          covariance.set(block.subarray(4 * l, 4 * l + 4), 4 * (l * blocks.length + k))
      return covariance
    },
  }
}

/**
 * Variance and third cumulant of (m+g)ᵀA(m+g) for Gaussian g of covariance C and a diagonal A: 2 tr (AC)² + 4mᵀACAm and
 * 8 tr (AC)³ + 24 mᵀACACAm.
 *
 * @param product AC // [row, column]
 */
function quadraticCumulants(
  product: Float64Array,
  form: Float64Array,
  mean: Float64Array,
): { variance: number; third: number } {
  const n = form.length
  const square = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const left = product[i * n + k]!
      for (let j = 0; j < n; j++) square[i * n + j]! += left * product[k * n + j]!
    }
  let [variance, third] = [0, 0]
  for (let i = 0; i < n; i++) {
    variance += 2 * square[i * n + i]!
    for (let j = 0; j < n; j++) {
      third += 8 * square[i * n + j]! * product[j * n + i]!
      // mᵀ(AC)A m and mᵀ(AC)²A m
      variance += 4 * mean[i]! * product[i * n + j]! * form[j]! * mean[j]!
      third += 24 * mean[i]! * square[i * n + j]! * form[j]! * mean[j]!
    }
  }
  return { variance, third }
}

/** The weights with which the least-squares slope of log D on log k takes each log D_k. // [point] */
export function slopeWeights(steps: readonly number[], from: number, end: number): Float64Array {
  const logs = steps.slice(from, end).map(Math.log)
  const center = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const squares = logs.reduce((sum, log) => sum + (log - center) ** 2, 0)
  const weights = new Float64Array(steps.length)
  for (const [k, log] of logs.entries()) weights[from + k] = (log - center) / squares
  return weights
}
