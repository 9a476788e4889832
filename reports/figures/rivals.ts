import type { RivalRow } from '../rivals-table.ts'
import type { Figure } from './figure.ts'
import { fontSize, ink, linearPosition, placeLabels, verdictMarks } from './style.ts'
import { fitText, labelColumn } from './text-width.ts'

const rowHeight = 20
const labelLimit = 300
const plotWidth = 420
/** More rows than this tell nothing at a glance. */
const shownTheories = 30

/** Theories by the part of the claims that reject them: who is wrong most often on top. */
export function rivalsFigure(rows: readonly RivalRow[]): Figure | undefined {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  const ranked = rows
    .map(({ theory, hypotheses }) => ({
      theory,
      claims: sum(hypotheses.map(({ claims }) => claims)),
      rejected: sum(hypotheses.map(({ missed }) => missed.length)),
      agreed: sum(hypotheses.map(({ agreed }) => agreed)),
    }))
    .filter(({ claims }) => claims > 0)
    .sort((a, b) => b.claims - a.claims || (a.theory < b.theory ? -1 : 1))
    .slice(0, shownTheories)
    .sort((a, b) => b.rejected / b.claims - a.rejected / a.claims || b.claims - a.claims)
  if (ranked.length === 0) return undefined
  const title = 'Which theory survives which measurement'
  const outcomes = [
    { name: 'rejected', color: verdictMarks[2]!.color, of: ({ rejected }: (typeof ranked)[number]) => rejected },
    {
      name: 'cannot be told apart',
      color: '#C9C9C4',
      of: ({ claims, rejected, agreed }: (typeof ranked)[number]) => claims - rejected - agreed,
    },
    { name: 'agrees', color: verdictMarks[0]!.color, of: ({ agreed }: (typeof ranked)[number]) => agreed },
  ]
  const bars = ranked.flatMap((row, place) => {
    let from = 0
    return outcomes.map(({ name, of }) => {
      const bar = { place, outcome: name, from, to: from + (100 * of(row)) / row.claims }
      from = bar.to
      return bar
    })
  })
  const labelWidth = labelColumn(
    ranked.map(({ theory }) => theory),
    fontSize,
    labelLimit,
  )
  const y = {
    field: 'place',
    type: 'ordinal',
    scale: { domain: ranked.map((_, place) => place) },
    axis: {
      title: null,
      labelExpr: placeLabels(ranked.map(({ theory }) => fitText(theory, fontSize, labelLimit))),
      minExtent: labelWidth,
      ticks: false,
    },
  } as const
  const x = linearPosition('from', 'claims  [%]', [0, 100], { tickCount: 5 })
  return {
    kind: 'rivals',
    name: 'rivals',
    title,
    caption: `Every theory that was held against claims which agree with their own: the part of them that rejects it, that cannot tell it from the reference, and that agrees with it. On the right: how many claims.${rows.length > ranked.length ? ` Of ${rows.length} theories the ${ranked.length} that were asked most often.` : ''}`,
    spec: {
      title: { text: title, subtitle: 'by the part of the claims that reject it; on the right, how many claims asked' },
      width: plotWidth,
      height: rowHeight * ranked.length,
      layer: [
        {
          data: { values: bars },
          mark: { type: 'bar', height: rowHeight - 6 },
          encoding: {
            x,
            x2: { field: 'to' },
            y,
            color: {
              field: 'outcome',
              type: 'nominal',
              scale: { domain: outcomes.map(({ name }) => name), range: outcomes.map(({ color }) => color) },
              legend: { symbolType: 'square', symbolSize: 100, columns: 3 },
            },
          },
        },
        {
          data: { values: ranked.map(({ claims }, place) => ({ place, text: String(claims) })) },
          mark: { type: 'text', align: 'left', fontSize, color: ink },
          encoding: { x: { value: plotWidth + 10 }, y, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  }
}
