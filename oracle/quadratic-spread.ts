import { type RegressionProblem, squaredResiduals } from '../foundation/regression-problem.ts'

/**
 * How a time average of a sum of squares scatters, E q = Σ_l e_l: relative variance and third cumulant of the average of one
 * block, with correlations between blocks counted in.
 *
 * Two parts add. The Gaussian part, 2Σe_l²τ_l and 8Σe_l³τ_l² (τ_l = Σ_j r_j² of mode l). And the part of the data's own
 * heavy tails: the average is a sum over examples drawn, each weighing w_i/S² with w_i = Σ_l e_l/(n_l s)·(q_lᵀx_i)²‖r_i‖²,
 * for n_l the noise variance in mode l and s steps a block.
 */
export interface QuadraticForm {
  /** e_l. // [mode] */
  readonly contributions: Float64Array
  /** τ_l, in blocks. // [mode] */
  readonly correlationBlocks: Float64Array
  /** s, steps a block. */
  readonly blockSteps: number
}

export interface QuadraticSpread {
  readonly variance: number
  readonly thirdCumulant: number
}

/** The noise that drives the squares. */
export type DrivingNoise = NoiseOfExamples | GaussianNoise

interface NoiseOfBatches {
  readonly batchSize: number
  /** Noise of whole batches, per mode: n_l. // [mode] */
  readonly variances: Float64Array
}

export interface NoiseOfExamples extends NoiseOfBatches {
  readonly fromExamples: true
  readonly problem: RegressionProblem
}

/** Gaussian noise of the same covariance: of the data only how the outputs share it matters. */
export interface GaussianNoise extends NoiseOfBatches {
  readonly fromExamples: false
  readonly problem: OutputNoise
}

export type OutputNoise = Pick<RegressionProblem, 'outputCount' | 'residualCovariance' | 'noiseVariance'>

export function quadraticSpread(form: QuadraticForm, noise: DrivingNoise): QuadraticSpread {
  const { contributions, correlationBlocks, blockSteps } = form
  const { second, third } = outputConcentration(noise.problem)
  let mean = 0
  let variance = 0
  let thirdCumulant = 0
  for (let l = 0; l < contributions.length; l++) {
    const e = contributions[l]!
    const tau = correlationBlocks[l]!
    mean += e
    variance += 2 * e * e * tau * second
    thirdCumulant += 8 * e ** 3 * tau * tau * third
  }
  if (noise.fromExamples) {
    const { problem, batchSize } = noise
    const squared = squaredResiduals(problem)
    const weights = contributions.map((e, l) => e / (noise.variances[l]! * blockSteps))
    let w2 = 0
    let w3 = 0
    for (let i = 0; i < problem.exampleCount; i++) {
      let w = 0
      for (let l = 0; l < weights.length; l++) w += weights[l]! * problem.features[i * problem.modeCount + l]! ** 2
      w *= squared[i]!
      w2 += w ** 2 / problem.exampleCount
      w3 += w ** 3 / problem.exampleCount
    }
    variance += (blockSteps * w2) / batchSize ** 3
    thirdCumulant += (blockSteps * w3) / batchSize ** 5
  }
  return { variance: variance / mean ** 2, thirdCumulant: thirdCumulant / mean ** 3 }
}

/** tr R²/(tr R)² and tr R³/(tr R)³ of the residual covariance: 1 for one output, 1/K and 1/K² for K alike. */
function outputConcentration(problem: OutputNoise): { second: number; third: number } {
  const { outputCount, residualCovariance: R, noiseVariance } = problem
  let second = 0
  let third = 0
  for (let o = 0; o < outputCount; o++) {
    for (let p = 0; p < outputCount; p++) {
      second += R[o * outputCount + p]! ** 2
      for (let q = 0; q < outputCount; q++) {
        third += R[o * outputCount + p]! * R[p * outputCount + q]! * R[q * outputCount + o]!
      }
    }
  }
  return { second: second / noiseVariance ** 2, third: third / noiseVariance ** 3 }
}
