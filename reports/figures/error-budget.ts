import type { ErrorBudget, Report } from '../../foundation/results.ts'
import { groupBy, type Sampling, samplingNames, theoryTitle } from '../names.ts'
import { formatDifference } from '../numbers.ts'
import type { Figure } from './figure.ts'
import { faint, fontSize, ink, linearPosition, type Panel, panelTitle, placeLabels, theoryEncoding } from './style.ts'
import { fitText, labelColumn } from './text-width.ts'

const rowHeight = 26
const labelLimit = 340
/** Labels and plot together. */
const totalWidth = 720
const measuredLabel = 'measured, with its confidence interval'

/** Not by shape, as elsewhere: shapes tell theories apart here. */
const measuredFill = {
  field: 'series',
  type: 'nominal',
  scale: { domain: [measuredLabel], range: [ink] },
  legend: { symbolType: 'circle', symbolSize: 40, symbolStrokeWidth: 0 },
} as const

/** Who disagrees with whom: each theory and the measurement, in percent from the first theory. */
export function errorBudgetFigure(report: Report): Figure | undefined {
  const budgets = report.errorBudget.filter(({ rows }) => rows.length > 0 && rows[0]!.value !== 0)
  if (budgets.length === 0) return undefined
  const title = 'Who disagrees with whom'
  const labelWidth = labelColumn(
    budgets.map(({ quantity }) => quantity),
    fontSize,
    labelLimit,
  )
  return {
    kind: 'error-budget',
    name: 'error-budget',
    title,
    caption:
      'Theories (hollow signs) and measurement (black point), as the difference from the first theory in percent; the number is the measurement’s.',
    spec: {
      title: { text: title, subtitle: 'difference from the first theory, in percent; each panel has its own scale' },
      vconcat: [...groupBy(budgets, ({ sampling }) => sampling)].map(([sampling, list]) =>
        panel(report, sampling, list, budgets, labelWidth),
      ),
    },
  }
}

function panel(
  report: Report,
  sampling: Sampling,
  list: readonly ErrorBudget[],
  all: readonly ErrorBudget[],
  labelWidth: number,
): Panel {
  const plotWidth = totalWidth - labelWidth
  const rows = list.flatMap((budget, place) => {
    const first = budget.rows[0]!.value
    return budget.rows.map(({ name, value, halfWidth }) => {
      const difference = 100 * (value / first - 1)
      const half = 100 * Math.abs((halfWidth ?? 0) / first)
      return { place, theory: theoryTitle(report, name), difference, half, measured: halfWidth !== undefined }
    })
  })
  const theories = rows.filter(({ measured }) => !measured)
  const measurements = rows
    .filter(({ measured }) => measured)
    .map(({ place, difference, half }) => ({
      place,
      difference,
      low: difference - half,
      high: difference + half,
      series: measuredLabel,
      text: formatDifference('log', difference / 100, half / 100),
    }))
  const [least, most] = [
    Math.min(0, ...rows.map(({ difference, half }) => difference - half)),
    Math.max(0, ...rows.map(({ difference, half }) => difference + half)),
  ]
  const margin = 0.06 * (most - least) || 1
  const x = linearPosition(
    'difference',
    `difference from ${firstName(report, list)}  [%]`,
    [least - margin, most + margin],
    {
      tickCount: 6,
    },
  )
  const y = {
    field: 'place',
    type: 'ordinal',
    scale: { domain: list.map((_, place) => place) },
    axis: {
      title: null,
      labelExpr: placeLabels(list.map(({ quantity }) => fitText(quantity, fontSize, labelLimit))),
      minExtent: labelWidth,
      maxExtent: labelWidth,
      ticks: false,
      grid: true,
    },
  } as const
  const { color, shape } = theoryEncoding(
    report,
    all.flatMap((budget) => budget.rows.filter(({ halfWidth }) => halfWidth === undefined).map(({ name }) => name)),
    'point',
  )
  return {
    title: panelTitle(samplingNames[sampling]),
    width: plotWidth,
    height: rowHeight * list.length,
    layer: [
      {
        data: { values: [{ difference: 0 }] },
        mark: { type: 'rule', color: faint, strokeDash: [2, 2] },
        encoding: { x },
      },
      {
        data: { values: theories },
        mark: { type: 'point', filled: false, strokeWidth: 2, size: 90, opacity: 1 },
        encoding: { x, y, color, shape },
      },
      {
        data: { values: measurements },
        mark: { type: 'rule', strokeWidth: 2, color: ink },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
      },
      {
        data: { values: measurements },
        mark: { type: 'point', shape: 'circle', size: 40, strokeWidth: 0, opacity: 1 },
        encoding: { x, y, fill: measuredFill },
      },
      {
        data: { values: measurements },
        mark: { type: 'text', align: 'left', fontSize, color: ink },
        encoding: { x: { value: plotWidth + 10 }, y, text: { field: 'text', type: 'nominal' } },
      },
    ],
  }
}

/** The theory that all of them start from, or 'the first theory' where they differ. */
function firstName(report: Report, list: readonly ErrorBudget[]): string {
  const names = new Set(list.map(({ rows }) => rows[0]!.name))
  return names.size === 1 ? theoryTitle(report, [...names][0]!) : 'the first theory'
}
