import { requireInteger } from './require-integer.ts'

/** Means over drawn batches of powers of g − ḡ, each coordinate on its own. // [coordinate] each */
export interface BatchGradientRecord {
  readonly first: Float64Array
  readonly second: Float64Array
  readonly third: Float64Array
  readonly fourth: Float64Array
}

/**
 * Measures how Gaussian batch gradients are (Assumption 1): central moments over drawn batches at one fixed point.
 *
 * They are about the known mean ḡ, the full gradient, not the sample's: so each batch's powers stand alone, E(g−ḡ)⁴/(3 κ₂²) − 1
 * estimates a third of the excess kurtosis without bias, and a sampler that leans shows in the first one.
 *
 * @param draw writes the next batch's gradient // [coordinate]
 * @param mean ḡ // [coordinate]
 * @param batches to draw, integer ≥ 1
 * @throws RangeError for no batch
 */
export function batchGradientMoments(
  draw: (gradient: Float64Array) => void,
  mean: Float64Array,
  batches: number,
): BatchGradientRecord {
  requireInteger('batchGradientMoments', 'batches', batches, 1)
  const size = mean.length
  const sums = [1, 2, 3, 4].map(() => new Float64Array(size))
  const [first, second, third, fourth] = sums as [Float64Array, Float64Array, Float64Array, Float64Array]
  const gradient = new Float64Array(size)
  for (let batch = 0; batch < batches; batch++) {
    draw(gradient)
    for (let at = 0; at < size; at++) {
      const deviation = gradient[at]! - mean[at]!
      const square = deviation * deviation
      first[at]! += deviation
      second[at]! += square
      third[at]! += square * deviation
      fourth[at]! += square * square
    }
  }
  for (const sum of sums) for (let at = 0; at < size; at++) sum[at]! /= batches
  return { first, second, third, fourth }
}
