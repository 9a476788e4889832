import type { PhaseBlocks, SecondOrderLaw } from '../../oracle/theory.ts'
import { carriedOn, type EpochMemory } from './window.ts'

/** How rows of a stationary law remember each other, counted in rows: what plans reckon with. */
export interface RowCorrelations {
  /** Σ_j r_j² over both signs, at most of as many rows as there are. // [mode] */
  readonly positionRows: Float64Array
  readonly velocityRows: Float64Array
  /** R_xx, R_xv, R_vx, R_vv between a row and `lag` rows later, in units of Var x and Var v. */
  readonly between: (mode: number, lag: number) => readonly [xx: number, xv: number, vx: number, vv: number]
  /** Rows after which nothing is left, at most as many as there are. // [mode] */
  readonly reach: Int32Array
}

/** Correlations below this are nothing. */
const nothingLeft = 1e-4
/** Longest that correlations are followed. */
const longest = 20_000

/** Of rows `spacing` steps apart, as the law has them, and the memory of the noise at places of an epoch that come equally often. */
export function rowCorrelations(
  law: SecondOrderLaw,
  spacing: number,
  rowCount: number,
  memory: EpochMemory | 'none' = 'none',
): RowCorrelations {
  const step = Math.max(1, Math.round(spacing))
  const E = law.propagator(step)
  // beyond an epoch it is carried on like the rest
  const excess = memory === 'none' ? [] : meanExcess(memory, step, Math.min(rowCount, longest))
  const P = law.stationary
  const modeCount = P.length / 4
  const positionRows = new Float64Array(modeCount)
  const velocityRows = new Float64Array(modeCount)
  const reach = new Int32Array(modeCount)
  const tables = Array.from({ length: modeCount }, (_, l) => {
    const b = 4 * l
    const [xUnit, vUnit] = [Math.sqrt(P[b]!), Math.sqrt(P[b + 3]!)]
    // rows of the table: [P (Eʲ)ᵀ]_ab
    let [xx, xv, vx, vv] = [P[b]!, P[b + 1]!, P[b + 2]!, P[b + 3]!]
    const table: number[] = []
    const limit = Math.min(rowCount, longest)
    let [positions, velocities] = [0, 0]
    for (let lag = 0; lag < limit; lag++) {
      const [before, added] = [excess[lag - 1], excess[lag]]
      if (added) {
        // what there is beyond the excess of the row before, carried on
        const [ax, av, bx, bv] = before ? carriedOn(before.subarray(b, b + 4), E.subarray(b, b + 4)) : [0, 0, 0, 0]
        xx += added[b]! - ax!
        xv += added[b + 1]! - av!
        vx += added[b + 2]! - bx!
        vv += added[b + 3]! - bv!
      }
      const entry = [xx / xUnit ** 2, xv / (xUnit * vUnit), vx / (xUnit * vUnit), vv / vUnit ** 2] as const
      table.push(...entry)
      const weight = (lag === 0 ? 1 : 2) * (1 - lag / rowCount)
      positions += weight * entry[0] ** 2
      velocities += weight * entry[3] ** 2
      if (entry.every((r) => Math.abs(r) < nothingLeft)) break
      ;[xx, xv] = [E[b]! * xx + E[b + 1]! * xv, E[b + 2]! * xx + E[b + 3]! * xv]
      ;[vx, vv] = [E[b]! * vx + E[b + 1]! * vv, E[b + 2]! * vx + E[b + 3]! * vv]
    }
    positionRows[l] = Math.max(1, positions)
    velocityRows[l] = Math.max(1, velocities)
    reach[l] = table.length / 4
    return Float64Array.from(table)
  })
  return {
    positionRows,
    velocityRows,
    reach,
    between(mode, lag) {
      const table = tables[mode]!
      const at = 4 * Math.abs(lag)
      if (at >= table.length) return [0, 0, 0, 0]
      const [xx, xv, vx, vv] = [table[at]!, table[at + 1]!, table[at + 2]!, table[at + 3]!]
      return lag >= 0 ? [xx, xv, vx, vv] : [xx, vx, xv, vv]
    },
  }
}

/** Averaged over the places of an epoch, at 0, 1, … rows, up to the first lag beyond it. // [lag][mode, 4] */
function meanExcess({ epochSteps, excess }: EpochMemory, step: number, limit: number): PhaseBlocks[] {
  const lags = Math.min(limit, Math.ceil(epochSteps / step) + 1)
  return Array.from({ length: lags }, (_, lag) => {
    const places = excess(lag * step)
    return places[0]!.map((__, at) => places.reduce((sum, blocks) => sum + blocks[at]! / epochSteps, 0))
  })
}
