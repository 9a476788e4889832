import { semidefiniteCholesky } from '../../foundation/linear-algebra/semidefinite-cholesky.ts'
import type { Hyperparameters, SamplingScheme } from '../../foundation/phase-space.ts'
import { type RegressionProblem, spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import { discreteTheory } from '../../oracle/discrete.ts'
import { miniBatchTheory } from '../../oracle/mini-batch.ts'
import { shuffledEpochsTheory } from '../../oracle/shuffled-epochs.ts'
import type { PhaseBlocks, Theory } from '../../oracle/theory.ts'
import { type EnsembleStart, startAtMinimum } from '../../sim/index.ts'

/** The theory that is nearest to a sampling scheme. */
export interface Reference {
  readonly theory: Theory
  /** Its stationary covariance at a chain's start, summed over outputs, positions before velocities. // [2·mode, 2·mode] */
  readonly startCovariance: Float64Array
}

/**
 * Whose word is nearest on a sampling scheme: exact for additive noise and independent batches, and for shuffled epochs
 * with frozen noise. Of 'student-t' noise of no variance it speaks of a scale only.
 *
 * @throws RangeError for the fixed order, which has no noise, and for a learning rate past the limit of what the theory needs: of the mean, or of the second moments
 */
export function referenceFor(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  sampling: SamplingScheme,
): Reference {
  if (sampling === 'fixed-order') {
    throw new RangeError('the fixed order of examples has no noise, so there is no stationary state to start from')
  }
  if (sampling === 'gaussian' || sampling === 'student-t') {
    const theory = discreteTheory(spectrumOf(problem), hyperparameters)
    return { theory, startCovariance: fromBlocks(stationaryBlocks(theory), problem.modeCount) }
  }
  if (sampling === 'shuffled-epochs') {
    const { exampleCount, modeCount } = problem
    const theory = shuffledEpochsTheory(spectrumAtMinimum(problem), hyperparameters, { exampleCount })
    return { theory, startCovariance: fromBlocks(theory.epochEnd, modeCount) }
  }
  const theory = miniBatchTheory(problem, hyperparameters, { replacement: sampling === 'with-replacement' })
  return { theory, startCovariance: theory.moments.covariance() }
}

/** Chains that start from a Gaussian cloud about the minimum, each output with its share of the noise. */
export function cloudAtMinimum(problem: RegressionProblem, covariance: Float64Array): EnsembleStart {
  const factor = semidefiniteCholesky(covariance, 2 * problem.modeCount)
  return { ...startAtMinimum(problem), spread: { factor, outputShares: outputShares(problem) } }
}

function stationaryBlocks({ predictions }: Theory): PhaseBlocks {
  const xx = predictions.positionVariance!()
  const xv = predictions.positionVelocityCovariance!()
  const vv = predictions.velocityVariance!()
  const blocks = new Float64Array(4 * xx.length)
  for (let l = 0; l < xx.length; l++) blocks.set([xx[l]!, xv[l]!, xv[l]!, vv[l]!], 4 * l)
  return blocks
}

/** A covariance with one block a mode as a matrix, positions before velocities. // [2·mode, 2·mode] */
function fromBlocks(blocks: PhaseBlocks, modeCount: number): Float64Array {
  const size = 2 * modeCount
  const matrix = new Float64Array(size * size)
  for (let l = 0; l < modeCount; l++) {
    matrix[l * size + l] = blocks[4 * l]!
    matrix[l * size + l + modeCount] = blocks[4 * l + 1]!
    matrix[(l + modeCount) * size + l] = blocks[4 * l + 2]!
    matrix[(l + modeCount) * size + l + modeCount] = blocks[4 * l + 3]!
  }
  return matrix
}

/** Each output's part of σ². // [output] */
function outputShares({ outputCount, residualCovariance, noiseVariance }: RegressionProblem): Float64Array {
  return Float64Array.from({ length: outputCount }, (_, o) => residualCovariance[o * outputCount + o]! / noiseVariance)
}
