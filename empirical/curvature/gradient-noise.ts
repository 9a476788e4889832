import { innerProductInDoubles } from '../tensorflow/inner-product.ts'
import { type Estimate, meanEstimate } from './estimate.ts'

export interface NoiseSettings {
  /** Examples of the whole dataset, N. */
  readonly exampleCount: number
  /** Examples of each batch, b. */
  readonly batchSize: number
  /** Orthonormal vectors that the noise is asked along. // [mode][parameter] */
  readonly modes: readonly Float32Array[]
  /** A vector near the mean gradient, which all sums are taken about: the full gradient. // [parameter] */
  readonly centre: Float32Array
}

/** Covariance Σ = (1/N) Σ_i (g_i − ḡ)(g_i − ḡ)ᵀ of the gradients of single examples. */
export interface GradientNoise {
  /** tr Σ */
  readonly trace: Estimate
  /** qᵀΣq of each mode. */
  readonly modes: readonly Estimate[]
  /** Batches that it was estimated from. */
  readonly batches: number
}

/**
 * The noise of single examples' gradients, from those of disjoint random batches.
 *
 * The mean of b examples drawn without replacement has covariance Σ/b·(N−b)/(N−1), and two disjoint ones covariance
 * −Σ/(N−1), so that the sample variance over batches, times b(N−1)/N, is unbiased; for b = 1 and all N of them it is exact.
 * Standard errors are from the spread of the batches' squares; for b > 1, where the draw of disjoint batches leaves less,
 * they are upper bounds.
 *
 * Where a batch's gradient is not the mean of its examples' (batch normalisation with the batch's own statistics), it is b
 * times the covariance of gradients of batches of b, to be used for that batch size.
 *
 * @param gradients of each batch's mean loss, two or more // [batch][parameter]
 * @throws RangeError for fewer than 2 batches, more examples than there are, or gradients that are not finite
 */
export async function gradientNoise(
  gradients: AsyncIterable<Float32Array> | Iterable<Float32Array>,
  { exampleCount, batchSize, modes, centre }: NoiseSettings,
): Promise<GradientNoise> {
  const size = centre.length
  const difference = new Float32Array(size)
  const sum = new Float64Array(size)
  const squares: number[] = []
  const projections: number[][] = modes.map(() => [])
  for await (const gradient of gradients) {
    for (let i = 0; i < size; i++) {
      difference[i] = gradient[i]! - centre[i]!
      sum[i]! += difference[i]!
    }
    const square = innerProductInDoubles([difference], [difference])
    if (!Number.isFinite(square)) throw new RangeError(`gradientNoise: gradients must be finite, got ${square}`)
    squares.push(square)
    modes.forEach((mode, l) => {
      projections[l]!.push(innerProductInDoubles([mode], [difference]))
    })
  }
  const batches = squares.length
  if (batches < 2) throw new RangeError(`gradientNoise: gradients must be of at least 2 batches, got ${batches}`)
  if (batches * batchSize > exampleCount) {
    throw new RangeError(
      `gradientNoise: batches must be disjoint, at most ${exampleCount} examples in all, got ${batches} of ${batchSize}`,
    )
  }
  const scale = ((batchSize * (exampleCount - 1)) / exampleCount) * (batches / (batches - 1))
  // of all N single examples nothing is left to chance
  const drawn = batchSize === 1 ? 1 - batches / exampleCount : 1
  const scaled = (squared: readonly number[], meanSquare: number): Estimate => {
    const { value, standardError } = meanEstimate(squared)
    return {
      value: scale * (value - meanSquare),
      standardError: scale * standardError * Math.sqrt(drawn),
    }
  }
  let meanSquare = 0
  for (let i = 0; i < size; i++) meanSquare += (sum[i]! / batches) ** 2
  return {
    trace: scaled(squares, meanSquare),
    modes: projections.map((values) => {
      const mean = values.reduce((total, value) => total + value, 0) / batches
      return scaled(
        values.map((value) => (value - mean) ** 2),
        0,
      )
    }),
    batches,
  }
}
