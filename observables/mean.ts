import type { PacedObserver } from '../foundation/phase-space.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireAscendingSteps } from './require-integer.ts'

/** Where along a chain its state is recorded. */
export interface MeanOptions {
  /** Steps ≥ 0, strictly ascending. // [step] */
  readonly steps: readonly number[]
  /** Modes in [0, modeCount). // [mode] */
  readonly modes: readonly number[]
}

/** One chain's states at the listed steps; the mean over chains is what eq. 9 predicts. */
export interface MeanRecord {
  /** Σ_o x_ol, parameter units. // [mode, step] */
  readonly position: Float64Array
  /** Σ_o v_ol, parameter units per time. // [mode, step] */
  readonly velocity: Float64Array
}

/**
 * Records one chain's state, summed over outputs, at listed steps and modes.
 *
 * @throws RangeError for a shape, steps or modes out of range; `record` throws RangeError if a listed step was not shown
 */
export function observeMean(
  shape: PhaseShape,
  options: MeanOptions,
): { observer: PacedObserver; record: () => MeanRecord } {
  requirePhaseShape('observeMean', shape)
  requireOptions(shape, options)
  const { steps, modes } = options
  const position = new Float64Array(modes.length * steps.length) // [mode, step]
  const velocity = new Float64Array(modes.length * steps.length)
  let taken = 0
  let due = steps[0] ?? Number.POSITIVE_INFINITY
  return {
    observer: {
      next: () => due,
      observe: (step, positionNow, velocityNow) => {
        if (step !== due) return // step 0 is shown unasked
        modes.forEach((mode, row) => {
          position[row * steps.length + taken] = sumOverOutputs(positionNow, mode, shape.modeCount)
          velocity[row * steps.length + taken] = sumOverOutputs(velocityNow, mode, shape.modeCount)
        })
        taken++
        due = steps[taken] ?? Number.POSITIVE_INFINITY
      },
    },
    record: () => {
      if (taken < steps.length) throw new RangeError(`observeMean: steps must all be shown, step ${due} was not`)
      return { position: position.slice(), velocity: velocity.slice() }
    },
  }
}

function sumOverOutputs(values: Float64Array, mode: number, modeCount: number): number {
  let sum = 0
  for (let at = mode; at < values.length; at += modeCount) sum += values[at]!
  return sum
}

function requireOptions(shape: PhaseShape, { steps, modes }: MeanOptions): void {
  requireAscendingSteps('observeMean', steps)
  for (const [index, mode] of modes.entries()) {
    if (!(Number.isInteger(mode) && mode >= 0 && mode < shape.modeCount)) {
      throw new RangeError(`observeMean: modes[${index}] must be an integer in [0, ${shape.modeCount}), got ${mode}`)
    }
  }
}
