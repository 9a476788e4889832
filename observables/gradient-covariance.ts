import type { RegressionProblem } from '../foundation/regression-problem.ts'

/** How an example's gradient covariance Σ compares with σ²H (Assumption 3), in the eigenbasis of H. */
export interface GradientCovariance {
  /** Σ, summed over outputs, gradient². // [mode, mode] */
  readonly covariance: Float64Array
  /** ‖Σ − σ²H‖/‖σ²H‖ in the Frobenius norm. */
  readonly relativeDistance: number
  /** Σ_ll/(σ²ρ_l). // [mode] */
  readonly modeRatios: Float64Array
  /** Frobenius norm of Σ's off-diagonal part over that of Σ: 0 if H's eigenvectors are Σ's too. */
  readonly offDiagonalShare: number
}

/**
 * Measures one example's gradient covariance on a dataset at a point, against σ²H with σ² the mean squared residual at the minimum:
 * Σ = (1/N) Σ_i g_i g_iᵀ − ḡḡᵀ with g_io = x_i(x_iᵀe_o + r_io), summed over outputs.
 *
 * @param position e = θ − μ // [output, mode]
 * @throws RangeError for a position of another shape, or residuals that are all 0, where σ²H has no size to compare with
 *
 * Cost: N·mode²·output.
 */
export function gradientCovariance(problem: RegressionProblem, position: Float64Array): GradientCovariance {
  const { exampleCount: N, modeCount, outputCount, eigenvalues, features, residuals, noiseVariance } = problem
  if (position.length !== outputCount * modeCount) {
    throw new RangeError(
      `gradientCovariance: position must have ${outputCount}·${modeCount} values [output, mode], got ${position.length}`,
    )
  }
  if (!(noiseVariance > 0)) {
    throw new RangeError(`gradientCovariance: residuals must not all be 0, got a noise variance of ${noiseVariance}`)
  }
  const covariance = new Float64Array(modeCount * modeCount)
  const gradient = new Float64Array(modeCount)
  for (let o = 0; o < outputCount; o++) {
    const mean = new Float64Array(modeCount)
    for (let i = 0; i < N; i++) {
      let error = residuals[i * outputCount + o]!
      for (let l = 0; l < modeCount; l++) error += features[i * modeCount + l]! * position[o * modeCount + l]!
      for (let l = 0; l < modeCount; l++) {
        gradient[l] = features[i * modeCount + l]! * error
        mean[l]! += gradient[l]! / N
      }
      for (let l = 0; l < modeCount; l++) {
        for (let m = 0; m <= l; m++) covariance[l * modeCount + m]! += (gradient[l]! * gradient[m]!) / N
      }
    }
    for (let l = 0; l < modeCount; l++) {
      for (let m = 0; m <= l; m++) covariance[l * modeCount + m]! -= mean[l]! * mean[m]!
    }
  }
  let [distance, reference, size, offDiagonal] = [0, 0, 0, 0]
  for (let l = 0; l < modeCount; l++) {
    for (let m = 0; m < l; m++) {
      const value = covariance[l * modeCount + m]!
      covariance[m * modeCount + l] = value
      offDiagonal += 2 * value ** 2
    }
    const own = covariance[l * (modeCount + 1)]!
    distance += (own - noiseVariance * eigenvalues[l]!) ** 2
    reference += (noiseVariance * eigenvalues[l]!) ** 2
    size += own ** 2
  }
  return {
    covariance,
    relativeDistance: Math.sqrt((distance + offDiagonal) / reference),
    modeRatios: eigenvalues.map((rho, l) => covariance[l * (modeCount + 1)]! / (noiseVariance * rho)),
    offDiagonalShare: offDiagonal === 0 ? 0 : Math.sqrt(offDiagonal / (size + offDiagonal)),
  }
}
