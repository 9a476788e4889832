import { type Child, element, type Markup } from './markup.ts'

/** A cell; `order` is what its column sorts by where that is not its text. */
export interface Cell {
  readonly shown: Child
  readonly order?: number | undefined
}

export interface Column {
  readonly heading: string
  /** Numbers stand right, and the first click sorts them downwards. */
  readonly numeric?: boolean
}

/** A cell that shows a number in words of its own and sorts by the number. */
export function numberCell(shown: Child, order: number | undefined): Cell {
  return { shown, order }
}

/** A table that the page's script sorts by the column clicked. */
export function sortableTable(columns: readonly Column[], rows: readonly (readonly (Cell | Child)[])[]): Markup {
  const isCell = (value: Cell | Child): value is Cell => typeof value === 'object' && 'shown' in value
  const aligned = (numeric: boolean | undefined): { class?: string } => (numeric ? { class: 'number' } : {})
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      { class: 'sortable' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...columns.map(({ heading, numeric }) =>
            element('th', { scope: 'col', ...aligned(numeric) }, element('button', { type: 'button' }, heading)),
          ),
        ),
      ),
      element(
        'tbody',
        {},
        ...rows.map((row) =>
          element(
            'tr',
            {},
            ...row.map((value, i) => {
              const { shown, order } = isCell(value) ? value : { shown: value, order: undefined }
              const sorted = order !== undefined && Number.isFinite(order) ? order : undefined
              return element('td', { ...aligned(columns[i]?.numeric), 'data-order': sorted }, shown)
            }),
          ),
        ),
      ),
    ),
  )
}
