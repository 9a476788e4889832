import type { PacedObserver } from '../foundation/phase-space.ts'
import { dueObserver } from './due-observer.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireAscendingSteps, requireInteger } from './require-integer.ts'

/** Where along a chain its distance from where it was is recorded. */
export interface PathOptions {
  /** The step that distances are counted from, integer ≥ 0: 0 for the chain's own start, later for a stationary one. */
  readonly origin: number
  /** k, steps after the origin, ≥ 1, strictly ascending; logSpacedSteps gives some. // [step] */
  readonly steps: readonly number[]
}

/** One chain's squared distances at the listed steps, summed over modes and outputs, parameter². // [step] each */
export interface PathRecord {
  /** ‖Δ_k‖² = ‖θ_{origin+k} − θ_origin‖². */
  readonly squaredDisplacement: Float64Array
  /** ‖θ_{origin+k} − μ‖², from the minimum. */
  readonly squaredDistance: Float64Array
}

/**
 * Records one chain's global displacement ‖Δ_k‖² along its path (eq. 1, Figs. 1, 7 and 9): the mean over chains is what theories
 * predict of this start, and the exponent is a fit of that mean.
 *
 * @throws RangeError for a shape or options out of range; `record` throws RangeError if a listed step was not shown
 */
export function observePath(
  shape: PhaseShape,
  options: PathOptions,
): { observer: PacedObserver; record: () => PathRecord } {
  requirePhaseShape('observePath', shape)
  const { origin, steps } = options
  requireInteger('observePath', 'origin', origin, 0)
  requireAscendingSteps('observePath', steps)
  if (steps[0] === 0) throw new RangeError('observePath: steps[0] must be an integer ≥ 1, got 0')
  const start = new Float64Array(shape.modeCount * shape.outputCount)
  const squaredDisplacement = new Float64Array(steps.length)
  const squaredDistance = new Float64Array(steps.length)
  let taken = -1 // the origin
  const due = (): number => (taken === -1 ? origin : origin + (steps[taken] ?? Number.POSITIVE_INFINITY))
  return {
    observer: dueObserver('observePath', due, (_, position) => {
      if (taken === -1) start.set(position)
      else {
        let [moved, away] = [0, 0]
        for (let at = 0; at < start.length; at++) {
          moved += (position[at]! - start[at]!) ** 2
          away += position[at]! ** 2
        }
        squaredDisplacement[taken] = moved
        squaredDistance[taken] = away
      }
      taken++
    }),
    record: () => {
      if (taken < steps.length) throw new RangeError(`observePath: steps must all be shown, step ${due()} was not`)
      return { squaredDisplacement: squaredDisplacement.slice(), squaredDistance: squaredDistance.slice() }
    },
  }
}

/**
 * Steps from 1 to `largest`, evenly spaced in their logarithm and rounded, each once.
 *
 * @param largest integer ≥ 1
 * @param count at least 2; fewer steps come back where rounding makes neighbours alike
 * @throws RangeError for either out of range
 */
export function logSpacedSteps(largest: number, count: number): number[] {
  requireInteger('logSpacedSteps', 'largest', largest, 1)
  requireInteger('logSpacedSteps', 'count', count, 2)
  const steps = Array.from({ length: count }, (_, point) => Math.round(largest ** (point / (count - 1))))
  return [...new Set(steps)]
}
