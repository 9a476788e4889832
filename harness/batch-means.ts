import { type Estimate, estimateRatio, type ReplicaValue, type Scale } from './estimate.ts'

/**
 * A time mean along one correlated run, or a ratio of two, from means over batches so long that they are nearly independent.
 */

/** Memories a batch. Neighbouring batches then correlate by about 1 in 100, which moves the tails at 6 deviations by e^0.2. */
export const memoriesPerBatch = 50
/** Fewer batches do not know their own scatter. */
export const fewestBatches = 30
/** More batches would know it hardly better; longer ones are less correlated and less skewed. */
const mostBatches = 256

/** A run of samples: their numerators and, for a ratio of time means, denominators. // [sample] */
export interface Series {
  readonly numerator: ArrayLike<number>
  readonly denominator?: ArrayLike<number>
}

/**
 * Batch means with the batch length chosen from the measured memory: 50 memories, longer where that leaves more than 256
 * batches. A run too short for 30 such batches is not known well enough: `tooShort` says how many samples it would need.
 *
 * @throws RangeError for fewer than 60 samples, lengths that differ, or as estimateRatio
 */
export function estimateLongRun(
  { numerator, denominator }: Series,
  scale: Scale,
): { readonly estimate: Estimate; readonly tooShort?: string } {
  const count = numerator.length
  if (count < 2 * fewestBatches) {
    throw new RangeError(`estimateLongRun: needs at least ${2 * fewestBatches} samples, got ${count}`)
  }
  if (denominator !== undefined && denominator.length !== count) {
    throw new RangeError(`estimateLongRun: denominator must have ${count} samples, got ${denominator.length}`)
  }
  const { correlationTime, memory } = memoryOfSeries(deviations({ numerator, ...(denominator && { denominator }) }))
  const wanted = Math.max(Math.ceil(memoriesPerBatch * memory), Math.ceil(count / mostBatches))
  // Where the run is too short its scatter is still estimated, from 30 batches, but decides nothing.
  const length = Math.min(wanted, Math.floor(count / fewestBatches))
  const values: ReplicaValue[] = []
  for (let from = 0; from + length <= count; from += length) {
    let a = 0
    let b = 0
    for (let at = from; at < from + length; at++) {
      a += numerator[at]!
      b += denominator === undefined ? 1 : denominator[at]!
    }
    values.push([a / length, b / length])
  }
  const estimate: Estimate = { ...estimateRatio(values, scale), batches: { correlationTime, length } }
  if (length >= wanted) return { estimate }
  return {
    estimate,
    tooShort: `the run remembers ${memory.toPrecision(3)} samples: ${fewestBatches} batches of ${wanted} need ${fewestBatches * wanted} samples, got ${count}`,
  }
}

/** What the mean of a_t − r b_t, zero, is made of, r the ratio of the means. */
function deviations({ numerator, denominator }: Series): Float64Array {
  const count = numerator.length
  let a = 0
  let b = 0
  for (let at = 0; at < count; at++) {
    a += numerator[at]!
    b += denominator === undefined ? 1 : denominator[at]!
  }
  const ratio = a / b
  const deviation = new Float64Array(count)
  for (let at = 0; at < count; at++) {
    deviation[at] = numerator[at]! - ratio * (denominator === undefined ? 1 : denominator[at]!)
  }
  return deviation
}

/** Longest lag that is summed before samples are pooled in pairs. */
const longestLag = 100
/** Lags are summed until they reach so many memories: what is left out decays as e^{−5}. */
const memoriesSummed = 5

/**
 * The integrated autocorrelation time 1 + 2Σr_j and the memory 1 + 2Σ|r_j| of a series of mean zero, in samples. The memory is
 * what batches must outlive: of an oscillating series r_j cancel in the first. A long memory is found on pooled pairs.
 */
export function memoryOfSeries(series: Float64Array): { correlationTime: number; memory: number } {
  let pooled = series
  let width = 1
  const single = meanSquare(series)
  if (single === 0) return { correlationTime: 1, memory: 1 }
  for (;;) {
    const variance = meanSquare(pooled)
    const lags = Math.min(longestLag, Math.floor(pooled.length / 4))
    let sum = 1
    let magnitude = 1
    for (let lag = 1; lag <= lags; lag++) {
      const correlation = laggedProduct(pooled, lag) / pooled.length / variance
      sum += 2 * correlation
      magnitude += 2 * Math.abs(correlation)
      if (lag >= memoriesSummed * magnitude || (lag === lags && pooled.length < 8 * longestLag)) {
        return { correlationTime: (sum * width * variance) / single, memory: magnitude * width }
      }
    }
    const half = new Float64Array(Math.floor(pooled.length / 2))
    for (let at = 0; at < half.length; at++) half[at] = (pooled[2 * at]! + pooled[2 * at + 1]!) / 2
    pooled = half
    width *= 2
  }
}

function meanSquare(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum / values.length
}

/** Σ_t y_t y_{t−lag}, in four lanes. */
function laggedProduct(values: Float64Array, lag: number): number {
  const count = values.length - lag
  let [a, b, c, d] = [0, 0, 0, 0]
  let at = 0
  for (; at + 3 < count; at += 4) {
    a += values[at]! * values[at + lag]!
    b += values[at + 1]! * values[at + lag + 1]!
    c += values[at + 2]! * values[at + lag + 2]!
    d += values[at + 3]! * values[at + lag + 3]!
  }
  for (; at < count; at++) a += values[at]! * values[at + lag]!
  return a + b + c + d
}
