import type { TwoTimeRecord } from './two-time.ts'

/**
 * How far the velocity of all modes together comes back at each lag, as a quotient of means over chains: product/square tends to
 * Σ_l E v_l(k)v_l(k+j) / Σ_l E v_l², which a limit cycle brings back to 1 after each period (sec. 7).
 *
 * Both are over the same windows, so that their errors cancel in part.
 *
 * @returns Σ_l of v_l(k)v_l(k+j) and of v_l(k)² // [lag] each
 */
export function totalVelocityProducts({ twoTime, oneTime, windowCounts }: TwoTimeRecord): {
  readonly product: Float64Array
  readonly square: Float64Array
} {
  const lagCount = windowCounts.length
  const product = new Float64Array(lagCount)
  const square = new Float64Array(lagCount)
  for (let at = 0; at < twoTime.length / 4; at++) {
    product[at % lagCount]! += twoTime[4 * at + 3]!
    square[at % lagCount]! += oneTime[4 * at + 3]!
  }
  return { product, square }
}
