import type { PacedObserver } from '../foundation/phase-space.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'

/** Which steps and modes of a chain are recorded. */
export interface TrajectoryOptions {
  /** Row r is step r·every; integer ≥ 1. */
  readonly every: number
  /** Rows of the whole chain, integer ≥ 1: the last one is step (rowCount − 1)·every. */
  readonly rowCount: number
  /** Modes in [0, modeCount), in the order in which a row holds them. // [mode] */
  readonly modes: readonly number[]
  /** η, time per step. */
  readonly learningRate: number
  /** Most rows that are handed over at once, integer ≥ 1: what the record keeps in memory. */
  readonly blockRows: number
}

/** Consecutive rows of one chain's record. The arrays are reused, copy what you keep. */
export interface TrajectoryRows {
  readonly firstRow: number
  readonly rowCount: number
  /** x_ol, parameter units. // [row, output, mode] */
  readonly position: Float64Array
  /** v_ol, parameter units per time. // [row, output, mode] */
  readonly velocity: Float64Array
  /** ‖δ_k‖² = η²‖v_k‖² over all modes and outputs, squared parameter units (eq. 1). // [row] */
  readonly localDisplacement: Float64Array
  /** ‖Δ_k‖² = ‖θ_k − θ_0‖² over all modes and outputs, squared parameter units (eq. 1). // [row] */
  readonly globalDisplacement: Float64Array
}

/**
 * Records one chain as it streams by, and hands its rows over in blocks, so that memory does not grow with the steps.
 *
 * @param take called with each full block, and with the rest at the last row
 * @throws RangeError for a shape or options out of range; the observer throws RangeError if it is shown another step than it
 * asked for (an observer serves one chain)
 */
export function observeTrajectory(
  shape: PhaseShape,
  options: TrajectoryOptions,
  take: (rows: TrajectoryRows) => void,
): PacedObserver {
  requirePhaseShape('observeTrajectory', shape)
  requireOptions(shape, options)
  const { every, rowCount, modes, learningRate, blockRows } = options
  const { modeCount, outputCount } = shape
  const width = outputCount * modes.length
  const start = new Float64Array(outputCount * modeCount)
  const position = new Float64Array(blockRows * width) // [row, output, mode]
  const velocity = new Float64Array(blockRows * width)
  const localDisplacement = new Float64Array(blockRows)
  const globalDisplacement = new Float64Array(blockRows)
  let firstRow = 0
  let taken = 0
  let due = 0

  return {
    next: () => due,
    observe: (step, positionNow, velocityNow) => {
      if (step !== due) {
        throw new RangeError(`observeTrajectory: step must be ${due}, the next one asked for, got ${step}`)
      }
      if (step === 0) start.set(positionNow)
      let at = taken * width
      for (let from = 0; from < start.length; from += modeCount) {
        for (const mode of modes) {
          position[at] = positionNow[from + mode]!
          velocity[at++] = velocityNow[from + mode]!
        }
      }
      let squaredSpeed = 0
      let squaredDistance = 0
      for (let index = 0; index < start.length; index++) {
        const moved = positionNow[index]! - start[index]!
        squaredSpeed += velocityNow[index]! * velocityNow[index]!
        squaredDistance += moved * moved
      }
      localDisplacement[taken] = learningRate * learningRate * squaredSpeed
      globalDisplacement[taken] = squaredDistance
      taken++

      const isLast = firstRow + taken === rowCount
      due = isLast ? Number.POSITIVE_INFINITY : step + every
      if (taken < blockRows && !isLast) return
      take({
        firstRow,
        rowCount: taken,
        position: position.subarray(0, taken * width),
        velocity: velocity.subarray(0, taken * width),
        localDisplacement: localDisplacement.subarray(0, taken),
        globalDisplacement: globalDisplacement.subarray(0, taken),
      })
      firstRow += taken
      taken = 0
    },
  }
}

function requireOptions(
  shape: PhaseShape,
  { every, rowCount, modes, learningRate, blockRows }: TrajectoryOptions,
): void {
  for (const [name, value] of Object.entries({ every, rowCount, blockRows })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new RangeError(`observeTrajectory: ${name} must be an integer ≥ 1, got ${value}`)
    }
  }
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new RangeError(`observeTrajectory: learningRate must be finite and > 0, got ${learningRate}`)
  }
  for (const [index, mode] of modes.entries()) {
    if (!(Number.isInteger(mode) && mode >= 0 && mode < shape.modeCount)) {
      throw new RangeError(
        `observeTrajectory: modes[${index}] must be an integer in [0, ${shape.modeCount}), got ${mode}`,
      )
    }
  }
}
