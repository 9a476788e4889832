import { type PacedObserver, phaseSums } from '../foundation/phase-space.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireInteger, requireIntegers } from './require-integer.ts'
import { windowSchedule } from './window-schedule.ts'

/** What a stationary chain is measured for, and when. */
export interface StationaryOptions {
  /** Steps left out at the start, integer ≥ 0; windows start here, so a multiple of the epoch's length if epochs matter. */
  readonly burnIn: number
  /** Lengths of the displacement windows, steps ≥ 1. // [lag] */
  readonly lags: readonly number[]
  /** Lags of the velocity correlations, steps ≥ 1. // [correlation lag] */
  readonly correlationLags: readonly number[]
  /** Windows start at multiples of it after burn-in, steps ≥ 1: 1, or the epoch's length. */
  readonly stride: number
}

/** Time means over one chain after burn-in, all summed over outputs. */
export interface StationaryRecord {
  /** Steps counted: burnIn + 1 to the last one. */
  readonly steps: number
  /** Mean of x_l², squared parameter units. // [mode] */
  readonly positionSquare: Float64Array
  /** Mean of v_l², squared parameter units per squared time. // [mode] */
  readonly velocitySquare: Float64Array
  /** Mean of x_l v_l. // [mode] */
  readonly positionVelocity: Float64Array
  /** Mean of ‖v‖²; E‖δ‖² is η² times it. */
  readonly squaredSpeed: number
  /** Mean over windows of ‖x_{k+t} − x_k‖². // [lag] */
  readonly displacement: Float64Array
  /** Windows behind each displacement. // [lag] */
  readonly windowCounts: Int32Array
  /** Mean over windows of v_l(k) v_l(k+t). // [mode, correlation lag] */
  readonly velocityProduct: Float64Array
  /** Windows behind each velocity product. // [correlation lag] */
  readonly correlationWindowCounts: Int32Array
}

/**
 * Measures one stationary chain as it streams by.
 *
 * The windows of a lag t do not overlap: they start at burnIn + m·cycle, m = 0, 1, …, with cycle = stride·⌈t/stride⌉. Between
 * the ends of windows it need not see the state: the source sums its squares.
 *
 * Sums are plain: n terms in doubles are off by at most n·2⁻⁵³ of the sum of their magnitudes, 1e-10 for 10⁶ steps, where
 * the statistical error of as many steps is above 1e-3.
 *
 * @throws RangeError for options out of range; its observer throws RangeError if it is shown another step than it asked for
 * (an observer serves one chain); `record` throws RangeError if some mean has no sample
 */
export function observeStationary(
  shape: PhaseShape,
  options: StationaryOptions,
): { observer: PacedObserver; record: () => StationaryRecord } {
  requirePhaseShape('observeStationary', shape)
  requireOptions(options)
  const { modeCount } = shape
  const { burnIn, lags, correlationLags, stride } = options

  const sums = phaseSums(modeCount, burnIn)
  const displacementSums = new Float64Array(lags.length)
  const velocityProductSums = new Float64Array(modeCount * correlationLags.length) // [mode, correlation lag]
  const displacementWindows = windowSchedule(shape, lags, burnIn, stride)
  const correlationWindows = windowSchedule(shape, correlationLags, burnIn, stride)
  const nextDue = (): number => Math.min(displacementWindows.due(), correlationWindows.due())
  let due = 0
  let last = 0

  const addDisplacement = (lag: number, before: Float64Array, now: Float64Array): void => {
    let sum = 0
    for (let at = 0; at < now.length; at++) {
      const moved = now[at]! - before[at]!
      sum += moved * moved
    }
    displacementSums[lag]! += sum
  }
  const addVelocityProduct = (lag: number, before: Float64Array, now: Float64Array): void => {
    for (let from = 0; from < now.length; from += modeCount) {
      for (let l = 0; l < modeCount; l++) {
        velocityProductSums[l * correlationLags.length + lag]! += before[from + l]! * now[from + l]!
      }
    }
  }

  return {
    observer: {
      sums,
      next: () => due,
      observe: (step, position, velocity) => {
        if (step !== due)
          throw new RangeError(`observeStationary: step must be ${due}, the next one asked for, got ${step}`)
        last = step
        if (step >= displacementWindows.due()) displacementWindows.visit(step, position, addDisplacement)
        if (step >= correlationWindows.due()) correlationWindows.visit(step, velocity, addVelocityProduct)
        due = nextDue()
      },
    },
    record: () => {
      const { steps } = sums
      if (steps === 0) throw new RangeError(`observeStationary: steps must go beyond burnIn ${burnIn}, got ${last}`)
      requireWindows(lags, displacementWindows.counts, burnIn, Math.max(last, burnIn + steps))
      requireWindows(correlationLags, correlationWindows.counts, burnIn, Math.max(last, burnIn + steps))
      const velocitySquare = sums.velocitySquare.map((sum) => sum / steps)
      return {
        steps,
        positionSquare: sums.positionSquare.map((sum) => sum / steps),
        velocitySquare,
        positionVelocity: sums.positionVelocity.map((sum) => sum / steps),
        squaredSpeed: velocitySquare.reduce((sum, square) => sum + square, 0),
        displacement: displacementSums.map((sum, lag) => sum / displacementWindows.counts[lag]!),
        windowCounts: displacementWindows.counts.slice(),
        velocityProduct: velocityProductSums.map(
          (sum, at) => sum / correlationWindows.counts[at % correlationLags.length]!,
        ),
        correlationWindowCounts: correlationWindows.counts.slice(),
      }
    },
  }
}

function requireWindows(lags: readonly number[], counts: Int32Array, burnIn: number, last: number): void {
  const missing = counts.indexOf(0)
  if (missing !== -1) {
    throw new RangeError(
      `observeStationary: steps must reach ${burnIn + lags[missing]!} for one window of lag ${lags[missing]}, got ${last}`,
    )
  }
}

function requireOptions({ burnIn, lags, correlationLags, stride }: StationaryOptions): void {
  requireInteger('observeStationary', 'burnIn', burnIn, 0)
  requireInteger('observeStationary', 'stride', stride, 1)
  requireIntegers('observeStationary', 'lags', lags, 1)
  requireIntegers('observeStationary', 'correlationLags', correlationLags, 1)
}
