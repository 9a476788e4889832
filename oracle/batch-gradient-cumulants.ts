import type { RegressionProblem } from '../foundation/regression-problem.ts'
import type { BatchSampling } from './mini-batch-noise.ts'

/** Cumulants of a batch's mean gradient along each coordinate, gradient units to the power of the order. // [output, mode] each */
export interface GradientCumulants {
  readonly mean: Float64Array
  readonly variance: Float64Array
  /** κ₃ = E(g − ḡ)³; skewness κ₃/κ₂^{3/2}. */
  readonly third: Float64Array
  /** κ₄ = E(g − ḡ)⁴ − 3κ₂²; excess kurtosis κ₄/κ₂², 0 for a Gaussian (Assumption 1). */
  readonly fourth: Float64Array
}

/**
 * How far a batch's gradient is from Gaussian: the exact first four cumulants of its mean over S of the N examples at a point,
 * each eigen-coordinate on its own.
 *
 * With replacement κ_n of the mean is κ_n of one example over S^{n−1}, so the skewness goes as 1/√S and the excess kurtosis as 1/S.
 * Without, with power sums p_n of the deviations over the examples and π_n = S(S−1)…/N(N−1)… (n factors each),
 *
 *     S³μ₃ = p₃(π₁ − 3π₂ + 2π₃),  S⁴μ₄ = p₄(π₁ − 7π₂ + 12π₃ − 6π₄) + 3p₂²(π₂ − 2π₃ + π₄),
 *
 * from the expectation of products over distinct examples (elementary symmetric functions with p₁ = 0).
 *
 * @param position θ − μ // [output, mode]
 * @param batchSize S, at most N without replacement
 * @throws RangeError for a position of another shape, or S no integer ≥ 1 or above N without replacement
 *
 * Cost: O(N·modes·outputs). Accuracy: ε relative to the sums of magnitudes; near S = N all but the mean are small differences.
 */
export function batchGradientCumulants(
  problem: RegressionProblem,
  position: Float64Array,
  batchSize: number,
  { replacement }: BatchSampling,
): GradientCumulants {
  const { exampleCount: N, modeCount, outputCount, features, residuals, weightDecay, minimum } = problem
  const size = outputCount * modeCount
  if (position.length !== size) {
    throw new RangeError(
      `batchGradientCumulants: position must have ${outputCount}·${modeCount} values [output, mode], got ${position.length}`,
    )
  }
  if (!(Number.isInteger(batchSize) && batchSize >= 1 && (replacement || batchSize <= N))) {
    const range = replacement ? 'an integer ≥ 1' : `an integer in [1, ${N}] without replacement`
    throw new RangeError(`batchGradientCumulants: batchSize must be ${range}, got ${batchSize}`)
  }
  const errors = new Float64Array(N * outputCount) // x_iᵀe + r_i
  for (let i = 0; i < N; i++) {
    for (let o = 0; o < outputCount; o++) {
      let error = residuals[i * outputCount + o]!
      for (let l = 0; l < modeCount; l++) error += features[i * modeCount + l]! * position[o * modeCount + l]!
      errors[i * outputCount + o] = error
    }
  }
  const empty = (): Float64Array => new Float64Array(size)
  const cumulants = { mean: empty(), variance: empty(), third: empty(), fourth: empty() }
  const weights = replacement ? withReplacement(N, batchSize) : withoutReplacement(N, batchSize)
  for (let o = 0; o < outputCount; o++) {
    for (let l = 0; l < modeCount; l++) {
      const at = o * modeCount + l
      let mean = 0
      for (let i = 0; i < N; i++) mean += (features[i * modeCount + l]! * errors[i * outputCount + o]!) / N
      let [p2, p3, p4] = [0, 0, 0]
      for (let i = 0; i < N; i++) {
        const deviation = features[i * modeCount + l]! * errors[i * outputCount + o]! - mean
        const square = deviation * deviation
        p2 += square
        p3 += square * deviation
        p4 += square * square
      }
      cumulants.mean[at] = mean + weightDecay * (position[at]! + minimum[l * outputCount + o]!)
      const variance = weights.second * p2
      cumulants.variance[at] = variance
      cumulants.third[at] = weights.third * p3
      cumulants.fourth[at] = weights.fourth * p4 + weights.squares * p2 * p2 - 3 * variance * variance
    }
  }
  return cumulants
}

/** μ₂ = second·p₂, μ₃ = third·p₃, μ₄ = fourth·p₄ + squares·p₂². */
interface MomentWeights {
  readonly second: number
  readonly third: number
  readonly fourth: number
  readonly squares: number
}

function withReplacement(N: number, S: number): MomentWeights {
  return {
    second: 1 / (S * N),
    third: 1 / (S ** 2 * N),
    fourth: 1 / (S ** 3 * N),
    squares: (3 * (S - 1)) / (S ** 3 * N ** 2),
  }
}

function withoutReplacement(N: number, S: number): MomentWeights {
  const chances = [1]
  for (let n = 0; n < 4; n++) chances.push(S > n ? (chances[n]! * (S - n)) / (N - n) : 0)
  const [, pi1, pi2, pi3, pi4] = chances as [number, number, number, number, number]
  return {
    second: (pi1 - pi2) / S ** 2,
    third: (pi1 - 3 * pi2 + 2 * pi3) / S ** 3,
    fourth: (pi1 - 7 * pi2 + 12 * pi3 - 6 * pi4) / S ** 4,
    squares: (3 * (pi2 - 2 * pi3 + pi4)) / S ** 4,
  }
}
