import type { SamplingScheme } from '../../foundation/phase-space.ts'
import { type RegressionProblem, regressionProblem } from '../../foundation/regression-problem.ts'
import { addLabelNoise, teacherDataset } from '../../sim/index.ts'

/**
 * One regression with many outputs: a chain costs little more than one of a single output, and tells as much of covariances as
 * that many chains.
 */

export const outputCount = 16

/** A linear teacher's features, with outputs that differ in the noise of their labels. */
export function manyOutputs(eigenvalues: readonly number[], exampleCount: number, weightDecay = 0): RegressionProblem {
  const noiseless = teacherDataset({ name: 'teacher', seed: 11, exampleCount, eigenvalues, labelNoise: 0 })
  const outputs = Array.from(
    { length: outputCount },
    (_, o) => addLabelNoise(noiseless, { seed: o, standardDeviation: 0.5, heteroscedasticity: 0 }).targets,
  )
  const targets = Float64Array.from(
    { length: exampleCount * outputCount },
    (_, at) => outputs[at % outputCount]![Math.floor(at / outputCount)]!,
  )
  return regressionProblem(noiseless.features, targets, exampleCount, weightDecay)
}

/**
 * Relative variance of one chain's squared deviation, summed over outputs: 2 for one Gaussian. Of noise from examples it is that
 * of the first batch from `position`; deviations are nearer to Gaussian the more batches are in them. // [mode]
 */
export function squareVariance(
  problem: RegressionProblem,
  sampling: SamplingScheme,
  position: Float64Array,
  batchSize: number,
): Float64Array {
  if (sampling !== 'gaussian') return firstBatchSquare(problem, position, batchSize)
  return new Float64Array(problem.modeCount).fill(gaussianSquare(problem.residualCovariance, outputCount))
}

/** Relative variance of ‖g‖² for Gaussian g of covariance C: 2 tr C²/(tr C)². // C: [output, output] */
function gaussianSquare(C: Float64Array, size: number): number {
  let [trace, squares] = [0, 0]
  for (let o = 0; o < size; o++) trace += C[o * size + o]!
  for (const value of C) squares += value ** 2
  return (2 * squares) / trace ** 2
}

/**
 * Relative variance of the squared noise of one batch of S, summed over outputs: with the examples' deviations a_i of covariance C,
 * [2 tr C² + (E‖a‖⁴ − (tr C)² − 2 tr C²)/S]/(tr C)².
 */
function firstBatchSquare(problem: RegressionProblem, position: Float64Array, batchSize: number): Float64Array {
  const { exampleCount, modeCount, features, residuals } = problem
  return Float64Array.from({ length: modeCount }, (_, l) => {
    const gradients = new Float64Array(exampleCount * outputCount)
    const mean = new Float64Array(outputCount)
    for (let i = 0; i < exampleCount; i++) {
      for (let o = 0; o < outputCount; o++) {
        let error = residuals[i * outputCount + o]!
        for (let m = 0; m < modeCount; m++) error += features[i * modeCount + m]! * position[o * modeCount + m]!
        gradients[i * outputCount + o] = features[i * modeCount + l]! * error
        mean[o]! += gradients[i * outputCount + o]! / exampleCount
      }
    }
    const C = new Float64Array(outputCount ** 2)
    let [trace, fourth] = [0, 0]
    for (let i = 0; i < exampleCount; i++) {
      const a = gradients.subarray(i * outputCount, (i + 1) * outputCount).map((value, o) => value - mean[o]!)
      const square = a.reduce((sum, value) => sum + value ** 2, 0)
      trace += square / exampleCount
      fourth += square ** 2 / exampleCount
      for (let o = 0; o < outputCount; o++) {
        for (let p = 0; p < outputCount; p++) C[o * outputCount + p]! += (a[o]! * a[p]!) / exampleCount
      }
    }
    const gaussian = gaussianSquare(C, outputCount)
    return gaussian + (fourth / trace ** 2 - 1 - gaussian) / batchSize
  })
}
