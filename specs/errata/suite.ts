import type { ErratumRow } from '../../foundation/results.ts'
import type { Setting, Suite } from '../../harness/hypothesis.ts'
import { erratumRows } from '../../oracle/errata/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** All errata, each with its deciding number; who speaks are the corrected paper and what is printed, place by place. */
export interface ErrataSetting extends Setting {
  /** What a voice says of a row; the printed ones of their own row only. */
  readonly theories: readonly Voice<(row: ErratumRow) => number | undefined>[]
  readonly rows: readonly ErratumRow[]
}

/** Place and number of a row, one name a row. */
export function nameOf({ id, where }: ErratumRow): string {
  return `${id}, ${where}`
}

export function printedName(row: ErratumRow): string {
  return `as printed: ${nameOf(row)}`
}

const rows = erratumRows()

export const errataSuite: Suite<ErrataSetting> = {
  settings: [
    {
      name: 'errata',
      rows,
      theories: [
        {
          name: 'corrected',
          title: 'the paper with its errata',
          source: 'docs/errata.md',
          says: ({ counterexample }) => counterexample.corrected,
        },
        ...rows.map((row) => ({
          name: printedName(row),
          title: row.printed,
          source: row.where,
          says: ({ title, counterexample }: ErratumRow) => (title === row.title ? counterexample.printed : undefined),
        })),
      ],
      reference: 'corrected',
      required: true,
    },
  ],
  ledger: specLedger,
  mutants: [],
}
