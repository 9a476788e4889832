import type { RecordedTrajectory } from '../../foundation/formats/recorded-trajectory.ts'
import type { StationaryRecord } from '../../observables/index.ts'

/** The rows of one recorded chain, in the modes of its setting. */
export interface RecordedChain {
  /** Time means over the kept rows; modes that are not recorded are NaN. */
  readonly mean: StationaryRecord
  /** A kept row as if it were a time mean; its arrays are reused. */
  readonly row: (row: number) => StationaryRecord
  /** Sum over outputs of products of states along a mode of the spectrum, at two rows. */
  readonly product: (mode: number, a: Coordinate, rowA: number, b: Coordinate, rowB: number) => number
  /** ‖θ_k − θ_0‖² over all modes at a row. */
  readonly globalDisplacement: (row: number) => number
}

export type Coordinate = 'position' | 'velocity'

export interface ChainShape {
  readonly learningRate: number
  /** Modes of the spectrum. */
  readonly modeCount: number
  /** Where each mode of the spectrum is recorded, −1 where it is not. // [mode] */
  readonly columns: Int32Array
  readonly firstRow: number
}

const none = new Float64Array(0)

/** One chain of a recorded trajectory, squared and summed over outputs. */
export function recordedChain(trajectory: RecordedTrajectory, chain: number, shape: ChainShape): RecordedChain {
  const { rowCount, outputCount, modeCount: width, localDisplacement } = trajectory
  const { columns, firstRow, modeCount, learningRate } = shape
  const states = { position: trajectory.position, velocity: trajectory.velocity }
  const place = (row: number): number => (chain * rowCount + row) * outputCount * width

  const product: RecordedChain['product'] = (mode, a, rowA, b, rowB) => {
    const [left, right] = [states[a], states[b]]
    const column = columns[mode]!
    if (column === -1) return Number.NaN
    let sum = 0
    for (let at = 0; at < outputCount * width; at += width) {
      sum += left[place(rowA) + at + column]! * right[place(rowB) + at + column]!
    }
    return sum
  }
  const squaredSpeed = (row: number): number => {
    if (localDisplacement) return localDisplacement[chain * rowCount + row]! / learningRate ** 2
    let sum = 0
    for (let mode = 0; mode < modeCount; mode++) sum += product(mode, 'velocity', row, 'velocity', row)
    return sum
  }
  const scratch = {
    positionSquare: new Float64Array(modeCount).fill(Number.NaN),
    velocitySquare: new Float64Array(modeCount).fill(Number.NaN),
    positionVelocity: new Float64Array(modeCount).fill(Number.NaN),
  }
  const row: RecordedChain['row'] = (at) => {
    for (let mode = 0; mode < modeCount; mode++) {
      scratch.positionSquare[mode] = product(mode, 'position', at, 'position', at)
      scratch.velocitySquare[mode] = product(mode, 'velocity', at, 'velocity', at)
      scratch.positionVelocity[mode] = product(mode, 'position', at, 'velocity', at)
    }
    return { ...withoutWindows, ...scratch, steps: 1, squaredSpeed: squaredSpeed(at) }
  }
  let mean: StationaryRecord | undefined
  return {
    get mean() {
      mean ??= meanOf(row, firstRow, rowCount)
      return mean
    },
    row,
    product,
    globalDisplacement: (at) => trajectory.globalDisplacement![chain * rowCount + at]!,
  }
}

const withoutWindows = {
  displacement: none,
  windowCounts: new Int32Array(0),
  velocityProduct: none,
  correlationWindowCounts: new Int32Array(0),
}

function meanOf(row: RecordedChain['row'], first: number, end: number): StationaryRecord {
  const count = end - first
  const { positionSquare, velocitySquare, positionVelocity } = row(first)
  const sums = [positionSquare, velocitySquare, positionVelocity].map((values) => new Float64Array(values.length))
  let speed = 0
  for (let at = first; at < end; at++) {
    const { squaredSpeed } = row(at)
    speed += squaredSpeed / count
    for (const [index, values] of [positionSquare, velocitySquare, positionVelocity].entries()) {
      for (let mode = 0; mode < values.length; mode++) sums[index]![mode]! += values[mode]! / count
    }
  }
  return {
    ...withoutWindows,
    steps: count,
    squaredSpeed: speed,
    positionSquare: sums[0]!,
    velocitySquare: sums[1]!,
    positionVelocity: sums[2]!,
  }
}
