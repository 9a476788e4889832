import type { SpecClaim } from '../../foundation/results.ts'
import { rivalsTable } from '../rivals-table.ts'
import { element, type Markup, section } from './markup.ts'
import { numberCell, sortableTable } from './sortable-table.ts'

/** Which theory survives which measurement. */
export function rivalsSection(claims: readonly SpecClaim[], figures: readonly Markup[]): Markup {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  return section(
    'rivals',
    'Which theory survives which measurement',
    element(
      'p',
      {},
      'Required claims that agree with their own theory, held against every other: who rejects it, and who agrees with it though they could have told the two apart. In both lists of one hypothesis: it holds in some settings, or of some quantities.',
    ),
    ...figures,
    sortableTable(
      [
        { heading: 'theory' },
        { heading: 'asked', numeric: true },
        { heading: 'rejected', numeric: true },
        { heading: 'by' },
        { heading: 'agrees', numeric: true },
        { heading: 'with' },
      ],
      rivalsTable(claims).map(({ theory, hypotheses }) => {
        const [asked, missed, agreed] = [
          sum(hypotheses.map(({ claims }) => claims)),
          sum(hypotheses.map(({ missed }) => missed.length)),
          sum(hypotheses.map(({ agreed }) => agreed)),
        ]
        const listed = (count: (standing: (typeof hypotheses)[number]) => number): string =>
          hypotheses
            .filter((standing) => count(standing) > 0)
            .map((standing) => `${standing.hypothesis} ${count(standing)}`)
            .join(', ')
        return [
          theory,
          numberCell(asked, asked),
          numberCell(missed, missed),
          listed(({ missed }) => missed.length),
          numberCell(agreed, agreed),
          listed(({ agreed }) => agreed),
        ]
      }),
    ),
  )
}
