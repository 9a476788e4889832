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
  /** Mean of E[z zᵀ] over kept rows and the row a lag asked for later, the earlier first. // [mode, 4] */
  readonly between: (lag: number) => PhaseBlocks
  /** Mean of E‖x − x‖² over the same pairs of rows. // [mode] */
  readonly displacementBetween: (lag: number) => Float64Array
}

export interface Transition {
  /** // [mode, 4] */
  readonly propagator: PhaseBlocks
  /** // [mode, 4] */
  readonly kick: PhaseBlocks
}

/** Noise whose steps know of each other within an epoch; the first row begins one. */
export interface EpochMemory {
  readonly epochSteps: number
  /** E z_t z_{t+s}ᵀ − E z_t z_tᵀ E(s)ᵀ, at each place of t in its epoch. // [place][mode, 4] */
  readonly excess: (steps: number) => readonly PhaseBlocks[]
}

/** Rows that are judged. */
export interface KeptRows {
  /** Of every row, the first one's being 0. // [row] */
  readonly steps: Float64Array
  /** Steps from row to row, where they are alike. */
  readonly every?: number
  /** Rows before it are left out; ≥ 1, the first row being the start. */
  readonly first: number
  /** How many there are, dropped ones too. */
  readonly end: number
  /** Distances of rows that pairs are wanted at; there must be pairs, and `every`. */
  readonly lags: readonly number[]
}

/** Steps whose transitions are held in memory at once. */
const blockSteps = 512

/**
 * @param start Z₀ // [mode, 4]
 * @param memory of the noise; none: the noise of one step tells nothing of another's, so that rows follow from the row before
 * @returns undefined where the theory has no word on trajectories from a known start
 */
export function windowOf(
  theory: Theory,
  start: PhaseBlocks,
  rows: KeptRows,
  memory: EpochMemory | 'none',
): Window | undefined {
  const modeCount = start.length / 4
  const transitions = transitionsOf(theory, modeCount)
  if (transitions === undefined) return undefined
  const { first, end, every, lags } = rows
  let averages: Map<number, PhaseBlocks> | undefined
  const average = (until: number): PhaseBlocks => {
    averages ??= averagesOf(start, rows, transitions, memory === 'none')
    const found = averages.get(until)
    if (found === undefined) throw new RangeError(`windowOf: no average is kept of rows before ${until}`)
    return found
  }
  const stepsOf = (lag: number): number => {
    if (every === undefined || !lags.includes(lag))
      throw new RangeError(`windowOf: lag must be one asked for, got ${lag}`)
    return lag * every
  }
  const known = new Map<number, PhaseBlocks>()
  const between = (lag: number): PhaseBlocks => {
    const before = known.get(lag)
    if (before !== undefined) return before
    const steps = stepsOf(lag)
    const pairs = carriedOn(average(end - lag), transitions([steps])[0]!.propagator)
    known.set(lag, pairs)
    if (memory === 'none') return pairs
    const excess = memory.excess(steps)
    const share = 1 / (end - lag - first)
    for (let row = first; row < end - lag; row++) {
      const added = excess[rows.steps[row]! % memory.epochSteps]!
      for (let at = 0; at < pairs.length; at++) pairs[at]! += share * added[at]!
    }
    return pairs
  }
  return {
    average,
    between,
    displacement(steps) {
      return moved(start, transitions([steps])[0]!)
    },
    displacementBetween(lag) {
      const steps = stepsOf(lag)
      if (memory === 'none') return moved(average(end - lag), transitions([steps])[0]!)
      // later rows are all but the first few
      const [all, few, earlier, pairs] = [average(end), average(first + lag), average(end - lag), between(lag)]
      const count = end - first
      return Float64Array.from({ length: modeCount }, (_, l) => {
        const later = (count * all[4 * l]! - lag * few[4 * l]!) / (count - lag)
        return earlier[4 * l]! + later - 2 * pairs[4 * l]!
      })
    },
  }
}

/** (E−I)Z(E−I)ᵀ + V of positions. // [mode] */
function moved(moments: PhaseBlocks, { propagator: E, kick: V }: Transition): Float64Array {
  return Float64Array.from({ length: moments.length / 4 }, (_, l) => {
    const [b, gone, shift] = [4 * l, E[4 * l]! - 1, E[4 * l + 1]!]
    return gone ** 2 * moments[b]! + 2 * gone * shift * moments[b + 1]! + shift ** 2 * moments[b + 3]! + V[b]!
  })
}

/** Z Eᵀ in each mode. */
export function carriedOn(moments: PhaseBlocks, E: PhaseBlocks): PhaseBlocks {
  const after = new Float64Array(moments.length)
  for (let b = 0; b < moments.length; b += 4) {
    const [a, c, d, e] = [E[b]!, E[b + 1]!, E[b + 2]!, E[b + 3]!]
    const [xx, xv, vx, vv] = [moments[b]!, moments[b + 1]!, moments[b + 2]!, moments[b + 3]!]
    after.set([xx * a + xv * c, xx * d + xv * e, vx * a + vv * c, vx * d + vv * e], b)
  }
  return after
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
  { steps, every, first, end, lags }: KeptRows,
  transitions: Transitions,
  independent: boolean,
): Map<number, PhaseBlocks> {
  const sum = new Float64Array(start.length)
  const averages = new Map<number, PhaseBlocks>()
  const ends = new Set([end, ...lags.flatMap((lag) => [end - lag, first + lag])])
  const add = (row: number, moments: PhaseBlocks): void => {
    for (let at = 0; at < sum.length; at++) sum[at]! += moments[at]!
    if (ends.has(row + 1)) {
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
    for (let row = first + 1; row < end; row++) {
      moments = carried(moments, step)
      add(row, moments)
    }
    return averages
  }
  for (let from = first; from < end; from += blockSteps) {
    const rows = Array.from({ length: Math.min(blockSteps, end - from) }, (_, row) => steps[from + row]!)
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
