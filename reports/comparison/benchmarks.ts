import type { BenchResults, Ratio } from '../../foundation/benchmark-results.ts'

/** One ratio ours/peer in two runs. */
export interface RatioChange {
  readonly case: string
  readonly peer: string
  readonly base: Ratio
  readonly head: Ratio
  /** Head's median over base's, minus 1: positive is slower. */
  readonly change: number
  readonly verdict: 'worse' | 'better' | 'same'
}

export interface BenchmarkComparison {
  readonly changes: readonly RatioChange[]
  /** Rows that one side only has, each with the side that lacks it. */
  readonly missing: readonly string[]
  /** What else differs between the runs, which the ratios may feel. */
  readonly notes: readonly string[]
}

/** Changes of the median up to this are never flagged, however small the noise: memory layout alone can make them. */
const tolerated = 0.1

/**
 * Compares the ratios ours/peer of two runs, row by row.
 *
 * A ratio got worse if its median grew by more than 10 % and the intervals of its interleaved rounds do not overlap;
 * better if it is the other way round. Rows are the same if case, title (which holds all sizes) and peer are.
 */
export function compareResults(base: BenchResults, head: BenchResults): BenchmarkComparison {
  const [before, after] = [rowsOf(base), rowsOf(head)]
  const changes: RatioChange[] = []
  for (const [key, row] of before) {
    const other = after.get(key)
    if (other === undefined) continue
    const change = other.ratio.median / row.ratio.median - 1
    changes.push({
      case: row.case,
      peer: row.peer,
      base: row.ratio,
      head: other.ratio,
      change,
      verdict: isWorse(row.ratio, other.ratio) ? 'worse' : isWorse(other.ratio, row.ratio) ? 'better' : 'same',
    })
  }
  const lacking = (rows: Rows, others: Rows, side: string): string[] =>
    [...rows].filter(([key]) => !others.has(key)).map(([, row]) => `${row.case}, ${row.peer}: not in ${side}`)
  return {
    changes,
    missing: [...lacking(before, after, 'head'), ...lacking(after, before, 'base')],
    notes: differences(base, head),
  }
}

function isWorse(base: Ratio, head: Ratio): boolean {
  return head.median > (1 + tolerated) * base.median && head.interval[0] > base.interval[1]
}

type Rows = Map<string, { readonly case: string; readonly peer: string; readonly ratio: Ratio }>

function rowsOf(results: BenchResults): Rows {
  return new Map(
    results.cases.flatMap(({ id, title, ratios }) =>
      ratios.map(({ peer, median, interval }) => [
        JSON.stringify([id, title, peer]),
        { case: id, peer, ratio: { median, interval } },
      ]),
    ),
  )
}

function differences(base: BenchResults, head: BenchResults): string[] {
  const notes: string[] = []
  const note = (what: string, before: unknown, after: unknown): void => {
    if (before !== after) notes.push(`${what}: ${before ?? 'none'} in base, ${after ?? 'none'} in head`)
  }
  note('processor', base.machine.cpu, head.machine.cpu)
  for (const what of new Set([...Object.keys(base.versions), ...Object.keys(head.versions)])) {
    note(what, base.versions[what], head.versions[what])
  }
  note('rounds', base.rounds, head.rounds)
  note('milliseconds a round', base.roundMilliseconds, head.roundMilliseconds)
  return notes
}
