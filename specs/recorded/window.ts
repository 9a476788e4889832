import type { PhasePoint } from '../../foundation/phase-space.ts'
import { NotPredictedError, type PhaseBlocks, type Theory } from '../../oracle/theory.ts'

/**
 * What a theory expects of recorded rows, given where the chains start: E[z zᵀ] = E(s) Z₀ E(s)ᵀ + V(s) in each mode, s steps
 * after the first row, with Z₀ the mean of z₀z₀ᵀ over the chains. Nothing is taken to be stationary.
 */
export interface Window {
  /** Mean second moments over kept rows before `end`, one of the ends asked for. // [mode, 4] */
  readonly average: (end: number) => PhaseBlocks
  /** E‖x_s − x_0‖² in each mode, s steps after the first row. // [mode] */
  readonly displacement: (steps: number) => Float64Array
  /** E(s) and V(s); absent where the noise of one step depends on that of others. */
  readonly onward?: (steps: number) => Transition
}

export interface Transition {
  /** // [mode, 4] */
  readonly propagator: PhaseBlocks
  /** // [mode, 4] */
  readonly kick: PhaseBlocks
}

/** Rows that are judged. */
export interface KeptRows {
  /** Of every row, the first one's being 0. // [row] */
  readonly steps: Float64Array
  /** Steps from row to row, where they are alike. */
  readonly every?: number
  /** Rows before it are left out; ≥ 1, the first row being the start. */
  readonly first: number
  /** Ends of the ranges of rows that averages are wanted of, each beyond `first`. */
  readonly ends: readonly number[]
}

/** Steps whose transitions are held in memory at once. */
const blockSteps = 512

/**
 * @param start Z₀ // [mode, 4]
 * @param independent whether the noise of one step tells nothing of another's, so that rows follow from the row before
 * @returns undefined where the theory has no word on trajectories from a known start
 */
export function windowOf(theory: Theory, start: PhaseBlocks, rows: KeptRows, independent: boolean): Window | undefined {
  const transitions = transitionsOf(theory, start.length / 4)
  if (transitions === undefined) return undefined
  let averages: Map<number, PhaseBlocks> | undefined
  return {
    average(end) {
      averages ??= averagesOf(start, rows, transitions, independent)
      const average = averages.get(end)
      if (average === undefined)
        throw new RangeError(`windowOf: end must be one of ${rows.ends.join(', ')}, got ${end}`)
      return average
    },
    displacement(steps) {
      const { propagator: E, kick: V } = transitions([steps])[0]!
      return Float64Array.from({ length: start.length / 4 }, (_, l) => {
        const [b, moved, shift] = [4 * l, E[4 * l]! - 1, E[4 * l + 1]!]
        return moved ** 2 * start[b]! + 2 * moved * shift * start[b + 1]! + shift ** 2 * start[b + 3]! + V[b]!
      })
    },
    ...(independent ? { onward: (steps: number) => transitions([steps])[0]! } : {}),
  }
}

type Transitions = (steps: readonly number[]) => Transition[]

/** E and V at any step, from the theory's mean trajectories of two starts and its covariance from a known one. */
function transitionsOf({ predictions }: Theory, modeCount: number): Transitions | undefined {
  const { meanTrajectory, covarianceAtStep } = predictions
  if (meanTrajectory === undefined || covarianceAtStep === undefined) return undefined
  const [zeros, ones] = [new Float64Array(modeCount), new Float64Array(modeCount).fill(1)]
  const transitions: Transitions = (steps) => {
    const fromPosition: PhasePoint = meanTrajectory({ position: ones, velocity: zeros }, steps)
    const fromVelocity: PhasePoint = meanTrajectory({ position: zeros, velocity: ones }, steps)
    const covariance = covarianceAtStep(steps)
    return steps.map((_, k) => {
      const propagator = new Float64Array(4 * modeCount)
      const kick = new Float64Array(4 * modeCount)
      for (let l = 0; l < modeCount; l++) {
        const at = l * steps.length + k
        propagator.set(
          [
            fromPosition.position[at]!,
            fromVelocity.position[at]!,
            fromPosition.velocity[at]!,
            fromVelocity.velocity[at]!,
          ],
          4 * l,
        )
        kick.set(covariance.subarray(4 * at, 4 * at + 4), 4 * l)
      }
      return { propagator, kick }
    })
  }
  try {
    transitions([1])
  } catch (error) {
    if (error instanceof NotPredictedError) return undefined
    throw error
  }
  return transitions
}

function averagesOf(
  start: PhaseBlocks,
  { steps, every, first, ends }: KeptRows,
  transitions: Transitions,
  independent: boolean,
): Map<number, PhaseBlocks> {
  const sum = new Float64Array(start.length)
  const averages = new Map<number, PhaseBlocks>()
  const last = Math.max(...ends)
  const add = (row: number, moments: PhaseBlocks): void => {
    for (let at = 0; at < sum.length; at++) sum[at]! += moments[at]!
    if (ends.includes(row + 1)) {
      averages.set(
        row + 1,
        sum.map((value) => value / (row + 1 - first)),
      )
    }
  }
  if (independent && every !== undefined) {
    let moments = carried(start, transitions([steps[first]!])[0]!)
    add(first, moments)
    const step = transitions([every])[0]!
    for (let row = first + 1; row < last; row++) {
      moments = carried(moments, step)
      add(row, moments)
    }
    return averages
  }
  for (let from = first; from < last; from += blockSteps) {
    const rows = Array.from({ length: Math.min(blockSteps, last - from) }, (_, row) => steps[from + row]!)
    for (const [row, transition] of transitions(rows).entries()) add(from + row, carried(start, transition))
  }
  return averages
}

/** E Z Eᵀ + V in each mode. */
export function carried(moments: PhaseBlocks, { propagator: E, kick: V }: Transition): PhaseBlocks {
  const after = new Float64Array(moments.length)
  for (let b = 0; b < moments.length; b += 4) {
    const [a, c, d, e] = [E[b]!, E[b + 1]!, E[b + 2]!, E[b + 3]!]
    const [xx, xv, vx, vv] = [moments[b]!, moments[b + 1]!, moments[b + 2]!, moments[b + 3]!]
    const [p, q] = [a * xx + c * vx, a * xv + c * vv] // first row of E Z
    const [r, s] = [d * xx + e * vx, d * xv + e * vv]
    after[b] = p * a + q * c + V[b]!
    after[b + 1] = p * d + q * e + V[b + 1]!
    after[b + 2] = r * a + s * c + V[b + 2]!
    after[b + 3] = r * d + s * e + V[b + 3]!
  }
  return after
}
