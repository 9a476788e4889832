import { fitPowerLaw, windowStart } from '../foundation/power-law.ts'
import { requireInteger, requireIntegers } from './require-integer.ts'

/**
 * The anomalous diffusion exponent c of ‖Δ_k‖² ∝ kᶜ: the slope of the least-squares line of log‖Δ_k‖² on log k (sec. 8, Fig. 1).
 *
 * The oracle's prediction of it is the same fit on the predicted curve.
 *
 * @param steps k > 0, not all the same // [point]
 * @param displacement ‖Δ_k‖² > 0, in any unit // [point]
 * @throws RangeError for fewer than two points, lengths that differ, or a value that has no logarithm
 */
export function fitExponent(steps: ArrayLike<number>, displacement: ArrayLike<number>): number {
  return fitPowerLaw(steps, displacement).exponent
}

/**
 * The exponent here and there along a curve: fits of each `width` successive points, first to last.
 *
 * @param width points a fit, integer ≥ 2
 * @returns // [point − width + 1], none where there are fewer points than a fit needs
 * @throws as fitExponent
 */
export function localExponents(steps: ArrayLike<number>, displacement: ArrayLike<number>, width: number): Float64Array {
  requireInteger('localExponents', 'width', width, 2)
  const [k, curve] = [Float64Array.from(steps), Float64Array.from(displacement)]
  return Float64Array.from({ length: Math.max(0, k.length - width + 1) }, (_, from) =>
    fitExponent(k.subarray(from, from + width), curve.subarray(from, from + width)),
  )
}

/**
 * The exponent against the length of the record that it is fitted on (Fig. 9): fits of the first n points, or of the last
 * `fraction` of these, for each length n.
 *
 * @param lengths n, points, integers in [2, all points]; enough that two are left of the fraction // [length]
 * @param fraction in (0, 1]: 1 as in Fig. 7, 2/3 as in Fig. 1
 * @returns // [length]
 * @throws RangeError for a length beyond the points, and as fitExponent
 */
export function exponentAgainstLength(
  steps: ArrayLike<number>,
  displacement: ArrayLike<number>,
  lengths: readonly number[],
  fraction: number,
): Float64Array {
  requireIntegers('exponentAgainstLength', 'lengths', lengths, 2)
  const [k, curve] = [Float64Array.from(steps), Float64Array.from(displacement)]
  return Float64Array.from(lengths, (length, index) => {
    if (length > k.length) {
      throw new RangeError(
        `exponentAgainstLength: lengths[${index}] must be at most the ${k.length} points, got ${length}`,
      )
    }
    const from = windowStart(length, fraction)
    return fitExponent(k.subarray(from, length), curve.subarray(from, length))
  })
}

/**
 * What each replica contributes to the exponent of the mean curve, c + Σ_k w_k (D_rk/D̄_k − 1) with D̄ the mean over replicas and
 * w_k the weights with which the fit takes log D_k: their mean is the fit of D̄, and their scatter its standard error to first order.
 *
 * Replicas' own exponents would be of E log D, which lies below log E D where few modes carry the distance.
 *
 * @param steps k > 0 // [point]
 * @param curves D_r > 0, one for each replica // [replica][point]
 * @returns // [replica]
 * @throws RangeError without a replica, for curves of another length, and as fitExponent
 */
export function replicaExponents(steps: ArrayLike<number>, curves: readonly ArrayLike<number>[]): Float64Array {
  if (curves.length === 0) throw new RangeError('replicaExponents: curves must hold at least one replica, got none')
  const mean = new Float64Array(steps.length)
  for (const [replica, curve] of curves.entries()) {
    if (curve.length !== steps.length) {
      throw new RangeError(
        `replicaExponents: curves[${replica}] must have one value for each of ${steps.length} steps, got ${curve.length}`,
      )
    }
    for (let k = 0; k < steps.length; k++) mean[k]! += curve[k]! / curves.length
  }
  const exponent = fitExponent(steps, mean)
  const logs = Float64Array.from(steps, Math.log)
  const center = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const spread = logs.reduce((sum, log) => sum + (log - center) ** 2, 0)
  return Float64Array.from(curves, (curve) => {
    let deviation = 0
    for (let k = 0; k < steps.length; k++) deviation += ((logs[k]! - center) / spread) * (curve[k]! / mean[k]! - 1)
    return exponent + deviation
  })
}
