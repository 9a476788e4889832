import FFT from 'fft.js'
import type { PacedObserver } from '../foundation/phase-space.ts'
import { dueObserver } from './due-observer.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { type SegmentOptions, segmentSchedule } from './segment-schedule.ts'

/** Means over the segments of one chain, of one of position and velocity. */
export interface SpectrumOf {
  /** Periodogram |X(f)|², summed over outputs. // [mode, bin] */
  readonly power: Float64Array
  /** Σ_f f|X(f)|, summed over outputs: the numerator of the mean frequency, radians per step times the unit of x. // [mode] */
  readonly weightedAmplitude: Float64Array
  /** Σ_f |X(f)|, summed over outputs: its denominator. // [mode] */
  readonly totalAmplitude: Float64Array
  /** Mean over segments and outputs of the quotient, appendix H's estimator of one record each, radians per step. // [mode] */
  readonly meanFrequency: Float64Array
}

/** What a chain's segments show, Fourier transformed: X(f) = Σ_{k<n} x_k e^{−ifk}. */
export interface SpectrumRecord {
  /** f = 2π·bin/n for bins 1 … n/2, radians per step. // [bin] */
  readonly frequencies: Float64Array
  readonly position: SpectrumOf
  readonly velocity: SpectrumOf
  /** Segments behind each mean. */
  readonly segments: number
}

/**
 * Measures oscillation frequencies as appendix H and Fig. 8 do, the amplitude-weighted mean of a segment's Fourier
 * frequencies, Σ f|X(f)| / Σ |X(f)|, no trend taken off and the zero bin dropped; and the periodogram that it comes from.
 *
 * Both sums are kept beside their quotient: E Σf|X| / E Σ|X| is what the oracle predicts exactly (`expectedMeanFrequency`), and
 * the quotient of means over many segments tends to it; the mean of quotients tends to something else (for slow modes).
 *
 * @param options n, a power of two, is the length that the frequencies are of
 * @throws RangeError for a shape or segments out of range, or n no power of two; `record` throws RangeError before the first
 *   segment is complete, and for a mode that did not move, which has no frequency
 */
export function observeSpectrum(
  shape: PhaseShape,
  options: SegmentOptions,
): { observer: PacedObserver; record: () => SpectrumRecord } {
  requirePhaseShape('observeSpectrum', shape)
  const schedule = segmentSchedule('observeSpectrum', options)
  const { pointCount } = options
  if (!Number.isInteger(Math.log2(pointCount))) {
    throw new RangeError(`observeSpectrum: pointCount must be a power of two, got ${pointCount}`)
  }
  const { modeCount, outputCount } = shape
  const size = modeCount * outputCount
  const binCount = pointCount / 2
  const frequencies = Float64Array.from({ length: binCount }, (_, bin) => (2 * Math.PI * (bin + 1)) / pointCount)
  const position = spectrumSums(modeCount, frequencies)
  const velocity = spectrumSums(modeCount, frequencies)
  const positions = new Float64Array(size * pointCount) // [output, mode, place]
  const velocities = new Float64Array(size * pointCount)
  let segments = 0

  return {
    observer: dueObserver('observeSpectrum', schedule.due, (_, x, v) => {
      const place = schedule.take()
      for (let at = 0; at < size; at++) {
        positions[at * pointCount + place] = x[at]!
        velocities[at * pointCount + place] = v[at]!
      }
      if (place < pointCount - 1) return
      position.add(positions)
      velocity.add(velocities)
      segments++
    }),
    record: () => {
      if (segments === 0) {
        throw new RangeError(
          `observeSpectrum: steps must reach ${options.burnIn + pointCount - 1}, the end of the first segment`,
        )
      }
      return {
        frequencies,
        position: position.mean(segments, outputCount),
        velocity: velocity.mean(segments, outputCount),
        segments,
      }
    },
  }
}

/** Sums over segments. `add` takes one segment of all coordinates. // [output, mode, place] */
function spectrumSums(
  modeCount: number,
  frequencies: Float64Array,
): { add: (values: Float64Array) => void; mean: (segments: number, outputCount: number) => SpectrumOf } {
  const binCount = frequencies.length
  const pointCount = 2 * binCount
  const power = new Float64Array(modeCount * binCount)
  const weightedAmplitude = new Float64Array(modeCount)
  const totalAmplitude = new Float64Array(modeCount)
  const quotients = new Float64Array(modeCount)
  const transform = new FFT(pointCount)
  const spectrum = new Float64Array(2 * pointCount) // [bin, real or imaginary]
  return {
    add: (values) => {
      for (let from = 0; from < values.length; from += pointCount) {
        const l = (from / pointCount) % modeCount
        transform.realTransform(spectrum, values.subarray(from, from + pointCount))
        let weighted = 0
        let total = 0
        for (let bin = 0; bin < binCount; bin++) {
          const real = spectrum[2 * bin + 2]!
          const imaginary = spectrum[2 * bin + 3]!
          const square = real * real + imaginary * imaginary
          const amplitude = Math.sqrt(square)
          power[l * binCount + bin]! += square
          weighted += frequencies[bin]! * amplitude
          total += amplitude
        }
        weightedAmplitude[l]! += weighted
        totalAmplitude[l]! += total
        quotients[l]! += weighted / total
      }
    },
    mean: (segments, outputCount) => {
      const still = totalAmplitude.indexOf(0)
      if (still !== -1) {
        throw new RangeError(`observeSpectrum: mode ${still} must move to have a frequency, got none of its amplitude`)
      }
      return {
        power: power.map((sum) => sum / segments),
        weightedAmplitude: weightedAmplitude.map((sum) => sum / segments),
        totalAmplitude: totalAmplitude.map((sum) => sum / segments),
        meanFrequency: quotients.map((sum) => sum / (segments * outputCount)),
      }
    },
  }
}
