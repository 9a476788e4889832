import type { SpecClaim } from '../../foundation/results.ts'

/** What became of a theory wherever a hypothesis was put to the test. */
export interface RivalRow {
  readonly theory: string
  readonly hypothesis: string
  readonly outcome: Outcome
  /** Quantities of required, answerable claims that it misses, with their settings. */
  readonly missed: readonly string[]
}

/**
 * rejected: some measurement that could tell it from the reference disagrees with it. agrees: none does, and some agree.
 * inseparable: nothing measured could tell.
 */
export type Outcome = 'rejected' | 'agrees' | 'inseparable'

/**
 * Which theory survives which measurement: one row for each theory and hypothesis that it was held against, from judged
 * claims that decide something (required and answerable).
 */
export function rivalsTable(claims: readonly SpecClaim[]): RivalRow[] {
  const rows = new Map<string, { theory: string; hypothesis: string; missed: string[]; agreed: boolean }>()
  for (const { hypothesis, setting, quantity, answerable, verdict, comparisons } of claims) {
    if (!answerable || verdict !== 'agrees') continue
    for (const { theory, verdict: of, separable } of comparisons) {
      const key = JSON.stringify([theory, hypothesis])
      const row = rows.get(key) ?? { theory, hypothesis, missed: [], agreed: false }
      rows.set(key, row)
      if (of === 'disagrees') row.missed.push(`${setting}: ${quantity}`)
      else if (of === 'agrees' && separable !== false) row.agreed = true
    }
  }
  return [...rows.values()]
    .map(({ theory, hypothesis, missed, agreed }): RivalRow => {
      const outcome = missed.length > 0 ? 'rejected' : agreed ? 'agrees' : 'inseparable'
      return { theory, hypothesis, outcome, missed }
    })
    .sort((a, b) => compare(a.theory, b.theory) || compare(a.hypothesis, b.hypothesis))
}

/** The table as Markdown, one line a theory. */
export function renderRivalsTable(rows: readonly RivalRow[]): string {
  const hypotheses = [...new Set(rows.map(({ hypothesis }) => hypothesis))].sort()
  const theories = [...new Set(rows.map(({ theory }) => theory))]
  const cell = (theory: string, hypothesis: string): string => {
    const row = rows.find((one) => one.theory === theory && one.hypothesis === hypothesis)
    return row === undefined ? '' : row.outcome === 'rejected' ? `rejected (${row.missed.length})` : row.outcome
  }
  return [
    `| theory | ${hypotheses.join(' | ')} |`,
    `| --- |${' --- |'.repeat(hypotheses.length)}`,
    ...theories.map((theory) => `| ${theory} | ${hypotheses.map((one) => cell(theory, one)).join(' | ')} |`),
    '',
  ].join('\n')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
