import type { RecordedTrajectory } from '../../foundation/formats/recorded-trajectory.ts'
import type { StationaryRecord } from '../../observables/index.ts'

/** The rows of one recorded chain, in the modes of its setting. */
export interface RecordedChain {
  /** Time means over the kept rows; modes that are not recorded are NaN. */
  readonly mean: StationaryRecord
  /** A row as if it were a time mean; the record and its arrays are reused. */
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
  readonly squares: SquaresOfLast
}

/** Products of the states of one row, summed over outputs: xx, vv and xv. // [row, mode] each */
interface Squares {
  readonly position: Float64Array
  readonly velocity: Float64Array
  readonly across: Float64Array
}

/** Keeps the squares of the chain last asked for: claims ask in turn for the same chain's. */
export type SquaresOfLast = (chain: number, compute: () => Squares) => Squares

export function squaresOfLast(): SquaresOfLast {
  let last: { readonly chain: number; readonly squares: Squares } | undefined
  return (chain, compute) => {
    if (last?.chain !== chain) {
      last = undefined // not both in memory
      last = { chain, squares: compute() }
    }
    return last.squares
  }
}

const none = new Float64Array(0)

/** One chain of a recorded trajectory, squared and summed over outputs. */
export function recordedChain(trajectory: RecordedTrajectory, chain: number, shape: ChainShape): RecordedChain {
  const { rowCount, outputCount, modeCount: width, localDisplacement } = trajectory
  const { columns, firstRow, modeCount, learningRate } = shape
  const states = { position: trajectory.position, velocity: trajectory.velocity }
  const place = (row: number): number => (chain * rowCount + row) * outputCount * width

  const stride = outputCount * width
  const computeSquares = (): Squares => {
    const { position, velocity } = trajectory
    const squares = emptySquares(rowCount * modeCount)
    for (let mode = 0; mode < modeCount; mode++) {
      const column = columns[mode]!
      if (column === -1) continue
      for (let row = 0; row < rowCount; row++) {
        const from = place(row) + column
        let [xx, vv, xv] = [0, 0, 0]
        for (let at = from; at < from + stride; at += width) {
          const [x, v] = [position[at]!, velocity[at]!]
          xx += x * x
          vv += v * v
          xv += x * v
        }
        const at = row * modeCount + mode
        squares.position[at] = xx
        squares.velocity[at] = vv
        squares.across[at] = xv
      }
    }
    return squares
  }
  const squares = (): Squares => shape.squares(chain, computeSquares)
  const product: RecordedChain['product'] = (mode, a, rowA, b, rowB) => {
    if (rowA === rowB && a === b) return squares()[a][rowA * modeCount + mode]!
    const column = columns[mode]!
    if (column === -1) return Number.NaN
    const left = states[a]
    const right = states[b]
    const apart = place(rowB) - place(rowA)
    const from = place(rowA) + column
    let sum = 0
    for (let at = from; at < from + stride; at += width) sum += left[at]! * right[at + apart]!
    return sum
  }
  const squaredSpeed = (row: number): number => {
    if (localDisplacement) return localDisplacement[chain * rowCount + row]! / learningRate ** 2
    const { velocity } = squares()
    let sum = 0
    for (let mode = 0; mode < modeCount; mode++) sum += velocity[row * modeCount + mode]!
    return sum
  }
  let current = 0
  const view = (which: keyof Squares): (() => Float64Array) => {
    const scratch = new Float64Array(modeCount)
    return () => {
      const values = squares()[which]
      for (let mode = 0; mode < modeCount; mode++) scratch[mode] = values[current * modeCount + mode]!
      return scratch
    }
  }
  const [positionSquare, velocitySquare, positionVelocity] = [view('position'), view('velocity'), view('across')]
  // filled as far as it is read
  const rowRecord: StationaryRecord = {
    ...withoutWindows,
    steps: 1,
    get squaredSpeed() {
      return squaredSpeed(current)
    },
    get positionSquare() {
      return positionSquare()
    },
    get velocitySquare() {
      return velocitySquare()
    },
    get positionVelocity() {
      return positionVelocity()
    },
  }
  let mean: StationaryRecord | undefined
  return {
    get mean() {
      mean ??= meanOf(squares(), squaredSpeed, { first: firstRow, end: rowCount, modeCount })
      return mean
    },
    row(at) {
      current = at
      return rowRecord
    },
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

function meanOf(
  squares: Squares,
  squaredSpeed: (row: number) => number,
  { first, end, modeCount }: { readonly first: number; readonly end: number; readonly modeCount: number },
): StationaryRecord {
  const steps = end - first
  const average = (values: Float64Array): Float64Array => {
    const mean = new Float64Array(modeCount)
    for (let row = first; row < end; row++) {
      for (let mode = 0; mode < modeCount; mode++) mean[mode]! += values[row * modeCount + mode]! / steps
    }
    return mean
  }
  let speed = 0
  for (let row = first; row < end; row++) speed += squaredSpeed(row) / steps
  return {
    ...withoutWindows,
    steps,
    squaredSpeed: speed,
    positionSquare: average(squares.position),
    velocitySquare: average(squares.velocity),
    positionVelocity: average(squares.across),
  }
}

/** Modes that are not recorded stay NaN. */
function emptySquares(length: number): Squares {
  const empty = (): Float64Array => new Float64Array(length).fill(Number.NaN)
  return { position: empty(), velocity: empty(), across: empty() }
}
