import type { SpecClaim } from '../foundation/results.ts'
import { escaped, table } from './markdown-text.ts'

/** What became of a theory wherever it was held against a measurement. */
export interface RivalRow {
  readonly theory: string
  /** Hypotheses, by name, with the claims that decide about it there. */
  readonly hypotheses: readonly RivalStanding[]
}

export interface RivalStanding {
  readonly hypothesis: string
  /** Claims that it was held against, whether or not they could tell it from the reference. */
  readonly claims: number
  /** Quantities that it misses, with their settings. */
  readonly missed: readonly string[]
  /** Claims that agree with it though they could have told. */
  readonly agreed: number
}

/**
 * Which theory survives which measurement: one row for each theory, from judged claims that decide something, required and answered with
 * yes. Where the reference itself fails nothing is learnt of others.
 */
export function rivalsTable(claims: readonly SpecClaim[]): RivalRow[] {
  const rows = new Map<string, Map<string, { claims: number; missed: string[]; agreed: number }>>()
  for (const { hypothesis, setting, quantity, answerable, verdict, comparisons } of claims) {
    if (!answerable || verdict !== 'agrees') continue
    for (const { theory, verdict: of, separable } of comparisons) {
      const row = rows.get(theory) ?? new Map<string, { claims: number; missed: string[]; agreed: number }>()
      rows.set(theory, row)
      const standing = row.get(hypothesis) ?? { claims: 0, missed: [], agreed: 0 }
      row.set(hypothesis, standing)
      standing.claims++
      if (of === 'disagrees') standing.missed.push(`${setting}: ${quantity}`)
      else if (of === 'agrees' && separable !== false) standing.agreed++
    }
  }
  return [...rows].sort(byName).map(([theory, row]) => ({
    theory,
    hypotheses: [...row].sort(byName).map(([hypothesis, standing]) => ({ hypothesis, ...standing })),
  }))
}

/** The table as Markdown: one line a theory, and behind each hypothesis how many of its claims say so. */
export function renderRivalsTable(rows: readonly RivalRow[]): string {
  const listed = (standings: readonly RivalStanding[], count: (standing: RivalStanding) => number): string =>
    standings.map((standing) => `${escaped(standing.hypothesis)} (${count(standing)} of ${standing.claims})`).join(', ')
  return table(
    ['theory', 'rejected by', 'agrees with', 'cannot be told apart by'],
    rows.map(({ theory, hypotheses }) => [
      escaped(theory),
      listed(
        hypotheses.filter(({ missed }) => missed.length > 0),
        ({ missed }) => missed.length,
      ),
      listed(
        hypotheses.filter(({ agreed }) => agreed > 0),
        ({ agreed }) => agreed,
      ),
      hypotheses
        .filter(({ missed, agreed }) => missed.length === 0 && agreed === 0)
        .map(({ hypothesis }) => escaped(hypothesis))
        .join(', '),
    ]),
  )
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
