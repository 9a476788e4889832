import type { PreparedDataset } from '../../foundation/dataset.ts'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { type RegressionProblem, regressionProblem } from '../../foundation/regression-problem.ts'
import { meanLimit } from '../../oracle/discrete-mode.ts'
import { meanSquareLimit } from '../../oracle/mean-square-limit.ts'

/** What SGD is to be run on, and with what. */
export interface OperatingPointRequest {
  readonly dataset: PreparedDataset
  /** Absent: min(0.05 · mean limit, 0.1 · mean-square limit). */
  readonly learningRate?: number
  readonly momentum: number
  readonly weightDecay: number
  readonly batchSize: number
}

export interface StabilityLimits {
  readonly mean: number
  readonly meanSquare: { readonly withReplacement: number; readonly withoutReplacement: number }
}

/** A regression problem, the hyperparameters it is run with, and how far they are from instability. */
export interface OperatingPoint {
  readonly problem: RegressionProblem
  readonly hyperparameters: Hyperparameters
  readonly learningRateReason: string
  readonly limits: StabilityLimits
}

/** Residuals smaller than this fraction of the targets are rounding: the data are interpolated. */
const interpolated = 1e-18

/**
 * The problem that a dataset poses, its stability limits, and the learning rate, picked from them unless given. A given one
 * may lie past a limit.
 *
 * @throws RangeError for hyperparameters out of range, data that are interpolated, or a learning rate lost in rounding, each
 * in one line
 */
export function operatingPoint(request: OperatingPointRequest): OperatingPoint {
  const { dataset, momentum, weightDecay, batchSize } = request
  const { exampleCount, features, targets } = dataset
  if (!(momentum >= 0 && momentum < 1)) throw new RangeError(`momentum must be in [0, 1), got ${momentum}`)
  if (!(weightDecay >= 0 && Number.isFinite(weightDecay))) {
    throw new RangeError(`weight decay must be finite and ≥ 0, got ${weightDecay}`)
  }
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new RangeError(`batch size must be an integer ≥ 1, got ${batchSize}`)
  }
  if (batchSize >= exampleCount) {
    throw new RangeError(
      `batch size must be below the ${exampleCount} examples of ${dataset.name}, got ${batchSize}${batchSize === exampleCount ? ': a batch of all examples has no noise' : ''}`,
    )
  }
  const problem = regressionProblem(features, targets, exampleCount, weightDecay)
  refuseInterpolation(problem, dataset)
  const limits = stabilityLimits(problem, { momentum, weightDecay, batchSize })
  const { learningRate, reason } = chooseLearningRate(request.learningRate, limits)
  return {
    problem,
    hyperparameters: { learningRate, momentum, weightDecay, batchSize },
    learningRateReason: reason,
    limits,
  }
}

function refuseInterpolation(problem: RegressionProblem, dataset: PreparedDataset): void {
  let power = 0
  for (const y of dataset.targets) power += y * y
  if (problem.noiseVariance > (interpolated * power) / problem.exampleCount) return
  throw new RangeError(
    `${dataset.name} is interpolated: ${problem.modeCount} modes fit ${problem.exampleCount} examples exactly, so the noise vanishes at the solution and there is no stationary state; use --weight-decay above 0, more examples or fewer features (--pool)`,
  )
}

function stabilityLimits(
  problem: RegressionProblem,
  hyperparameters: Omit<Hyperparameters, 'learningRate'>,
): StabilityLimits {
  return {
    mean: meanLimit(hyperparameters.momentum, problem.eigenvalues[0]! + hyperparameters.weightDecay),
    meanSquare: {
      withReplacement: meanSquareLimit(problem, hyperparameters, { replacement: true }),
      withoutReplacement: meanSquareLimit(problem, hyperparameters, { replacement: false }),
    },
  }
}

function chooseLearningRate(
  given: number | undefined,
  limits: StabilityLimits,
): { learningRate: number; reason: string } {
  const largest = limits.meanSquare.withReplacement
  if (given === undefined) {
    const [byMean, bySquare] = [0.05 * limits.mean, 0.1 * largest]
    return byMean < bySquare
      ? { learningRate: byMean, reason: '0.05 × the limit of the mean' }
      : { learningRate: bySquare, reason: '0.1 × the limit of the second moments' }
  }
  if (!(given > 0 && Number.isFinite(given))) throw new RangeError(`learning rate must be finite and > 0, got ${given}`)
  if (given < 1e-12 * largest) {
    throw new RangeError(
      `learning rate must be at least 1e-12 of its limit ${largest.toPrecision(4)}, below which steps are lost in rounding, got ${given}`,
    )
  }
  return { learningRate: given, reason: 'as given' }
}
