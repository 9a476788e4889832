import type { ErratumRow } from '../../foundation/results.ts'
import { formatDigits } from '../numbers.ts'
import { element, type Markup, section, together } from './markup.ts'
import { numberCell, sortableTable } from './sortable-table.ts'

/** What the paper prints beside what holds. */
export function errataSection(rows: readonly ErratumRow[]): Markup {
  const digits = (value: number): string => formatDigits(value, 6)
  return section(
    'errata',
    'Where the paper needs correction',
    element(
      'p',
      {},
      'Each row has one number three times: by the printed formula, by the corrected one, and by a computation that uses neither.',
    ),
    sortableTable(
      [
        { heading: 'no.', numeric: true },
        { heading: 'where' },
        { heading: 'kind' },
        { heading: 'printed' },
        { heading: 'corrected' },
        { heading: 'decided by' },
        { heading: 'as printed', numeric: true },
        { heading: 'corrected', numeric: true },
        { heading: 'truth', numeric: true },
      ],
      rows.map(({ id, where, title, kind, printed, corrected, counterexample }) => [
        numberCell(id, id),
        `${where}. ${title}`,
        kind,
        printed,
        corrected,
        together(`${counterexample.quantity}. ${counterexample.setting}; truth by ${counterexample.truthBy}`),
        numberCell(digits(counterexample.printed), counterexample.printed),
        numberCell(digits(counterexample.corrected), counterexample.corrected),
        numberCell(digits(counterexample.truth), counterexample.truth),
      ]),
    ),
  )
}
