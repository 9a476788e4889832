import type { ErrorBudget, Report } from '../../foundation/results.ts'
import { groupBy, samplingNames } from '../names.ts'
import type { Figure } from './figure.ts'
import { faint, fontSize, ink, linearPosition, type Panel, panelTitle, placeLabels } from './style.ts'
import { fitText, labelColumn } from './text-width.ts'

const rowHeight = 24
const labelLimit = 260
const totalWidth = 640
const up = '#0072B2'
const down = '#D55E00'

/** Waterfall from the paper's theory to the measurement, one panel a sampling scheme. */
export function errorBudgetStepsFigure(report: Report): Figure | undefined {
  const told = report.errorBudget.filter(({ rows }) => rows.length > 1)
  const budgets = [...groupBy(told, ({ sampling }) => sampling).values()].map(mostTelling)
  if (budgets.length === 0) return undefined
  const title = 'From theory to measurement, one repaired assumption at a time'
  const labels = budgets.flatMap(({ rows }) => rows.map(({ name }) => name))
  const labelWidth = labelColumn(labels, fontSize, labelLimit)
  return {
    kind: 'error-budget',
    name: 'error-budget-steps',
    title,
    caption:
      'Each bar is what one step changes, from where the row above ended: blue upwards, orange downwards. The last row is the measurement with its confidence interval: what its bar spans is what the theory above it leaves unexplained, or chance where the interval reaches back over it.',
    spec: {
      title: { text: title, subtitle: 'percent of the first theory; each panel has its own scale' },
      vconcat: budgets.map((budget) => panel(budget, labelWidth)),
    },
  }
}

/** The speed, which the paper is about; where it could not be answered, what ends furthest from its first theory. */
function mostTelling(budgets: readonly ErrorBudget[]): ErrorBudget {
  const speed = budgets.find(({ quantity }) => quantity.startsWith('constant-speed'))
  const way = ({ rows }: ErrorBudget): number => Math.abs(rows.at(-1)!.percentOfFirst - 100)
  return speed ?? budgets.reduce((most, budget) => (way(budget) > way(most) ? budget : most))
}

function panel({ sampling, quantity, rows }: ErrorBudget, labelWidth: number): Panel {
  const width = totalWidth - labelWidth
  const steps = rows.map(({ percentOfFirst, stepPercent, value, halfWidth }, place) => {
    const from = place === 0 ? 100 : rows[place - 1]!.percentOfFirst
    const half = halfWidth === undefined ? 0 : Math.abs(halfWidth / value) * percentOfFirst
    return {
      place,
      from,
      to: percentOfFirst,
      low: percentOfFirst - half,
      high: percentOfFirst + half,
      color: percentOfFirst < from ? down : up,
      text: place === 0 ? '100 %' : signed(stepPercent),
    }
  })
  const ends = steps.flatMap(({ low, high }) => [low, high])
  const [least, most] = [Math.min(100, ...ends), Math.max(100, ...ends)]
  const margin = 0.08 * (most - least) || 1
  const x = linearPosition('to', 'percent of the first theory  [%]', [least - margin, most + margin], { tickCount: 6 })
  const y = {
    field: 'place',
    type: 'ordinal',
    scale: { domain: steps.map(({ place }) => place) },
    axis: {
      title: null,
      labelExpr: placeLabels(rows.map(({ name }) => fitText(name, fontSize, labelLimit))),
      minExtent: labelWidth,
      maxExtent: labelWidth,
      ticks: false,
      grid: true,
    },
  } as const
  const measured = steps.filter((_, place) => rows[place]!.halfWidth !== undefined)
  return {
    title: panelTitle(`${samplingNames[sampling]}: ${quantity}`),
    width,
    height: rowHeight * rows.length,
    layer: [
      {
        data: { values: [{ to: 100 }] },
        mark: { type: 'rule', color: faint, strokeDash: [2, 2] },
        encoding: { x },
      },
      {
        data: { values: steps },
        mark: { type: 'bar', height: rowHeight - 10 },
        encoding: {
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          y,
          color: { field: 'color', type: 'nominal', scale: null },
        },
      },
      {
        data: { values: steps },
        mark: { type: 'tick', thickness: 2, size: rowHeight - 6, color: ink },
        encoding: { x, y },
      },
      {
        data: { values: measured },
        mark: { type: 'rule', color: ink, strokeWidth: 2 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
      },
      {
        data: { values: measured },
        mark: { type: 'point', filled: true, color: ink, size: 40, opacity: 1 },
        encoding: { x, y },
      },
      {
        data: { values: steps },
        mark: { type: 'text', align: 'left', fontSize, color: ink },
        encoding: { x: { value: width + 10 }, y, text: { field: 'text', type: 'nominal' } },
      },
    ],
  }
}

function signed(percent: number): string {
  const size = Math.abs(percent).toFixed(2)
  return `${size === '0.00' ? '' : percent < 0 ? '−' : '+'}${size} %`
}
