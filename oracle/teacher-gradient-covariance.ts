/** One example's gradient covariance under a teacher, over σ², in the eigenbasis of H. */
export interface TeacherCovariance {
  /** Σ/σ². // [mode, mode] */
  readonly covariance: Float64Array
  /** ‖Σ − σ²H‖/‖σ²H‖ in the Frobenius norm. */
  readonly relativeDistance: number
  /** Σ_ll/(σ²ρ_l). // [mode] */
  readonly modeRatios: Float64Array
  /** Frobenius norm of Σ's off-diagonal part over that of Σ. */
  readonly offDiagonalShare: number
}

/**
 * What becomes of Assumption 3, Σ = σ²H, under a linear teacher w whose label noise has variance σ²[(1−a) + a (wᵀx)²/E(wᵀx)²]: with
 * normal features, at the teacher's solution,
 *
 *     Σ = E[x xᵀ σ²(x)] = σ² [H + 2a Hwwᵀ H/(wᵀHw)]   (Isserlis),
 *
 * so it holds for a = 0 and fails for heteroscedastic noise, by 2a‖Hw‖²/(wᵀHw ‖H‖_F), along w most.
 *
 * @param eigenvalues ρ_l of the features' population covariance // [mode]
 * @param teacher w in the eigenbasis of H; of no account for a = 0 // [mode]
 * @param heteroscedasticity a in [0, 1]
 * @throws RangeError for a teacher of another shape or without a signal, or a out of range
 */
export function teacherGradientCovariance(
  eigenvalues: Float64Array,
  teacher: Float64Array,
  heteroscedasticity: number,
): TeacherCovariance {
  const modeCount = eigenvalues.length
  if (teacher.length !== modeCount) {
    throw new RangeError(
      `teacherGradientCovariance: teacher must have one value for each of ${modeCount} modes, got ${teacher.length}`,
    )
  }
  if (!(heteroscedasticity >= 0 && heteroscedasticity <= 1)) {
    throw new RangeError(`teacherGradientCovariance: heteroscedasticity must be in [0, 1], got ${heteroscedasticity}`)
  }
  const pull = eigenvalues.map((rho, l) => rho * teacher[l]!) // Hw
  const signal = pull.reduce((sum, value, l) => sum + value * teacher[l]!, 0)
  if (heteroscedasticity > 0 && !(signal > 0)) {
    throw new RangeError('teacherGradientCovariance: teacher must have a signal wᵀHw > 0, got none')
  }
  const excess = heteroscedasticity === 0 ? 0 : (2 * heteroscedasticity) / signal
  const covariance = new Float64Array(modeCount * modeCount)
  let [reference, size, offDiagonal] = [0, 0, 0]
  for (let l = 0; l < modeCount; l++) {
    for (let m = 0; m < modeCount; m++) {
      const value = excess * pull[l]! * pull[m]! + (l === m ? eigenvalues[l]! : 0)
      covariance[l * modeCount + m] = value
      size += value ** 2
      if (l !== m) offDiagonal += value ** 2
    }
    reference += eigenvalues[l]! ** 2
  }
  return {
    covariance,
    relativeDistance: (excess * pull.reduce((sum, value) => sum + value ** 2, 0)) / Math.sqrt(reference),
    modeRatios: eigenvalues.map((rho, l) => covariance[l * (modeCount + 1)]! / rho),
    offDiagonalShare: Math.sqrt(offDiagonal / size),
  }
}

/**
 * The relative distance ‖Σ − σ²H‖/‖σ²H‖ that N examples show where Assumption 3 holds, normal features and normal label noise of one
 * variance: root mean square √(2(r+1)/N) with r = (tr H)²/tr H² modes that count. To leading order in 1/N:
 * Σ_lm − σ̂²Ĥ_lm = (1/N) Σ_i x_il x_im (r_i² − σ̂²), whose variance is 2σ⁴ρ_lρ_m/N off the diagonal and 4σ⁴ρ_l²/N on it.
 *
 * @param eigenvalues ρ_l // [mode]
 * @param exampleCount N ≥ 1
 * @throws RangeError for a count out of range
 */
export function samplingDistance(eigenvalues: Float64Array, exampleCount: number): number {
  if (!(Number.isInteger(exampleCount) && exampleCount >= 1)) {
    throw new RangeError(`samplingDistance: exampleCount must be an integer ≥ 1, got ${exampleCount}`)
  }
  const trace = eigenvalues.reduce((sum, rho) => sum + rho, 0)
  const square = eigenvalues.reduce((sum, rho) => sum + rho ** 2, 0)
  return Math.sqrt((2 * (trace ** 2 / square + 1)) / exampleCount)
}
