import type { ErrorBudget } from '../../foundation/results.ts'
import { groupBy, samplingNames } from '../names.ts'
import { formatNumber, formatPercent } from '../numbers.ts'
import { type Child, element, type Markup, section, together } from './markup.ts'
import { type Cell, numberCell, sortableTable } from './sortable-table.ts'

/**
 * Each step's part of the way from the first theory to the measurement, as fractions of Σ|log step|: steps that undo each
 * other both count. All are 0 where nothing moves.
 */
export function sharesOfSteps(rows: ErrorBudget['rows']): number[] {
  const sizes = rows.map(({ value }, i) => {
    const size = i === 0 ? 0 : Math.abs(Math.log(value / rows[i - 1]!.value))
    return Number.isFinite(size) ? size : 0
  })
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  return sizes.map((size) => (whole === 0 ? 0 : size / whole))
}

/** From the paper's theory to the measurement, one table a sampling scheme. */
export function errorBudgetSection(budgets: readonly ErrorBudget[], figures: readonly Markup[]): Markup {
  return section(
    'error-budget',
    'Error budget',
    element(
      'p',
      {},
      'From the most idealised theory to the measurement, each step repairing one assumption: percent of the first, and below it what the step is worth and its share of the way, steps that undo each other both counted.',
    ),
    ...figures,
    ...[...groupBy(budgets, ({ sampling }) => sampling)].map(([sampling, list]) =>
      together(element('h3', {}, samplingNames[sampling]), budgetTable(list)),
    ),
  )
}

function budgetTable(budgets: readonly ErrorBudget[]): Markup {
  const names = [...new Set(budgets.flatMap(({ rows }) => rows.map(({ name }) => name)))]
  const last = names.filter((name) => budgets.some(({ rows }) => rows.at(-1)?.name === name))
  const columns = [...names.filter((name) => !last.includes(name)), ...last]
  return sortableTable(
    [{ heading: 'quantity' }, ...columns.map((heading) => ({ heading, numeric: true }))],
    budgets.map(({ quantity, rows }) => {
      const shares = sharesOfSteps(rows)
      return [
        quantity,
        ...columns.map((name): Cell | Child => {
          const place = rows.findIndex((row) => row.name === name)
          return place < 0 ? '' : budgetCell(rows[place]!, place, shares[place]!)
        }),
      ]
    }),
  )
}

function budgetCell(row: ErrorBudget['rows'][number], place: number, share: number): Cell {
  if (place === 0) return numberCell(`${formatNumber(row.value)} = 100 %`, row.percentOfFirst)
  const half = row.halfWidth === undefined ? undefined : Math.abs(row.halfWidth / row.value) * row.percentOfFirst
  const percent = Math.round(100 * share)
  return numberCell(
    together(
      formatPercent(row.percentOfFirst, half),
      element('br', {}),
      element('span', { class: 'faint' }, `${signed(row.stepPercent)} %, ${percent} %`),
      element('span', { class: 'bar', style: `width:${percent}%` }),
    ),
    row.percentOfFirst,
  )
}

/** Hundredths of a percent: a step below that is rounding or nothing. */
function signed(percent: number): string {
  const size = Math.abs(percent).toFixed(2)
  return size === '0.00' ? size : `${percent < 0 ? '−' : '+'}${size}`
}
