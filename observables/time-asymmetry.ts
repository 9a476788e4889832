import type { PacedObserver } from '../foundation/phase-space.ts'
import { dueObserver } from './due-observer.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireInteger, requireIntegers } from './require-integer.ts'
import type { TwoTimeOptions } from './two-time.ts'
import { windowSchedule } from './window-schedule.ts'

/** Means of what changes sign when a scalar series is read backwards. // [mode, lag] each */
export interface SeriesAsymmetry {
  /** y_k² y_{k+j} − y_k y_{k+j}². */
  readonly third: Float64Array
  /** y_k³ y_{k+j} − y_k y_{k+j}³: seen even where the law is symmetric in sign. */
  readonly fourth: Float64Array
}

/** Means over the windows of one chain, summed over outputs. */
export interface TimeAsymmetryRecord {
  readonly position: SeriesAsymmetry
  readonly velocity: SeriesAsymmetry
  /** x_k v_{k+j} − x_{k+j} v_k, the rotation of the pair. // [mode, lag] */
  readonly pair: Float64Array
  /** Windows behind each mean. // [lag] */
  readonly windowCounts: Int32Array
}

/**
 * Measures whether one stationary chain shows the direction of time (sec. 7): positions alone and velocities alone must not, the pair
 * must. A reversible series has 0 for both of its statistics; a Gaussian one has too, whatever its correlations.
 *
 * @param options as of observeTwoTime: windows of a lag do not overlap
 * @throws RangeError for a shape or options out of range; `record` throws RangeError if some lag has no window
 */
export function observeTimeAsymmetry(
  shape: PhaseShape,
  options: TwoTimeOptions,
): { observer: PacedObserver; record: () => TimeAsymmetryRecord } {
  requirePhaseShape('observeTimeAsymmetry', shape)
  const { burnIn, lags, stride } = options
  requireInteger('observeTimeAsymmetry', 'burnIn', burnIn, 0)
  requireIntegers('observeTimeAsymmetry', 'lags', lags, 1)
  requireInteger('observeTimeAsymmetry', 'stride', stride, 1)
  const { modeCount, outputCount } = shape
  const size = modeCount * outputCount
  const windows = windowSchedule({ modeCount, outputCount: 2 * outputCount }, lags, burnIn, stride)
  const state = new Float64Array(2 * size) // positions, then velocities
  const empty = (): Float64Array => new Float64Array(modeCount * lags.length)
  const position = { third: empty(), fourth: empty() }
  const velocity = { third: empty(), fourth: empty() }
  const pair = empty()

  const close = (lag: number, before: Float64Array, now: Float64Array): void => {
    for (let from = 0; from < size; from += modeCount) {
      for (let l = 0; l < modeCount; l++) {
        const at = l * lags.length + lag
        const x = before[from + l]!
        const laterX = now[from + l]!
        const v = before[size + from + l]!
        const laterV = now[size + from + l]!
        position.third[at]! += x * laterX * (x - laterX)
        position.fourth[at]! += x * laterX * (x * x - laterX * laterX)
        velocity.third[at]! += v * laterV * (v - laterV)
        velocity.fourth[at]! += v * laterV * (v * v - laterV * laterV)
        pair[at]! += x * laterV - laterX * v
      }
    }
  }

  return {
    observer: dueObserver('observeTimeAsymmetry', windows.due, (step, x, v) => {
      state.set(x)
      state.set(v, size)
      windows.visit(step, state, close)
    }),
    record: () => {
      const missing = windows.counts.indexOf(0)
      if (missing !== -1) {
        throw new RangeError(
          `observeTimeAsymmetry: steps must reach ${burnIn + lags[missing]!} for one window of lag ${lags[missing]}`,
        )
      }
      const mean = (sums: Float64Array): Float64Array => sums.map((sum, at) => sum / windows.counts[at % lags.length]!)
      return {
        position: { third: mean(position.third), fourth: mean(position.fourth) },
        velocity: { third: mean(velocity.third), fourth: mean(velocity.fourth) },
        pair: mean(pair),
        windowCounts: windows.counts.slice(),
      }
    },
  }
}
