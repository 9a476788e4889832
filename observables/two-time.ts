import type { PacedObserver } from '../foundation/phase-space.ts'
import { dueObserver } from './due-observer.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireInteger, requireIntegers } from './require-integer.ts'
import { windowSchedule } from './window-schedule.ts'

/** When a stationary chain is looked at for its covariances at a lag. */
export interface TwoTimeOptions {
  /** Steps left out at the start, integer ≥ 0. */
  readonly burnIn: number
  /** Lags j, steps ≥ 1. // [lag] */
  readonly lags: readonly number[]
  /**
   * Windows start at multiples of it after burn-in, steps ≥ 1: 1 sees every step, more lets the source run between. With
   * shuffled epochs of K steps: a multiple of K looks at epochs' starts only; coprime to K, at all positions equally often.
   */
  readonly stride: number
}

/** Means over the windows of one chain, summed over outputs; in each block xx, xv, vx, vv. */
export interface TwoTimeRecord {
  /** Mean of z_l(k) z_l(k+j)ᵀ, the earlier time first. // [mode, lag, 4] */
  readonly twoTime: Float64Array
  /** Mean of z_l(k) z_l(k)ᵀ at the same windows' starts, for correlations as ratios. // [mode, lag, 4] */
  readonly oneTime: Float64Array
  /** Windows behind each. // [lag] */
  readonly windowCounts: Int32Array
}

/**
 * Measures the covariances of one stationary chain at listed lags, E[z_k z_{k+j}ᵀ] = P (Mʲ)ᵀ (eqs. 10 and 34 in discrete time):
 * position autocovariance, velocity correlation and the two cross-covariances whose difference is the rotation.
 *
 * The windows of a lag do not overlap: they start at burnIn + m·cycle, m = 0, 1, …, with cycle = stride·⌈j/stride⌉. Positions
 * are relative to the minimum, whose mean is 0, so products need no centring.
 *
 * @throws RangeError for a shape or options out of range; `record` throws RangeError if some lag has no window
 */
export function observeTwoTime(
  shape: PhaseShape,
  options: TwoTimeOptions,
): { observer: PacedObserver; record: () => TwoTimeRecord } {
  requirePhaseShape('observeTwoTime', shape)
  const { burnIn, lags, stride } = options
  requireInteger('observeTwoTime', 'burnIn', burnIn, 0)
  requireIntegers('observeTwoTime', 'lags', lags, 1)
  requireInteger('observeTwoTime', 'stride', stride, 1)
  const { modeCount, outputCount } = shape
  const size = modeCount * outputCount
  const windows = windowSchedule({ modeCount, outputCount: 2 * outputCount }, lags, burnIn, stride)
  const state = new Float64Array(2 * size) // positions, then velocities
  const twoTime = new Float64Array(4 * modeCount * lags.length)
  const oneTime = new Float64Array(4 * modeCount * lags.length)

  const close = (lag: number, before: Float64Array, now: Float64Array): void => {
    for (let from = 0; from < size; from += modeCount) {
      for (let l = 0; l < modeCount; l++) {
        const block = 4 * (l * lags.length + lag)
        const x = before[from + l]!
        const v = before[size + from + l]!
        const laterX = now[from + l]!
        const laterV = now[size + from + l]!
        twoTime[block]! += x * laterX
        twoTime[block + 1]! += x * laterV
        twoTime[block + 2]! += v * laterX
        twoTime[block + 3]! += v * laterV
        oneTime[block]! += x * x
        oneTime[block + 1]! += x * v
        oneTime[block + 2]! += v * x
        oneTime[block + 3]! += v * v
      }
    }
  }

  return {
    observer: dueObserver('observeTwoTime', windows.due, (step, position, velocity) => {
      state.set(position)
      state.set(velocity, size)
      windows.visit(step, state, close)
    }),
    record: () => {
      const missing = windows.counts.indexOf(0)
      if (missing !== -1) {
        throw new RangeError(
          `observeTwoTime: steps must reach ${burnIn + lags[missing]!} for one window of lag ${lags[missing]}`,
        )
      }
      const mean = (sum: number, at: number): number => sum / windows.counts[(at >> 2) % lags.length]!
      return { twoTime: twoTime.map(mean), oneTime: oneTime.map(mean), windowCounts: windows.counts.slice() }
    },
  }
}
