import type { Theories } from '../names.ts'
import { type Markup, section } from './markup.ts'
import { sortableTable } from './sortable-table.ts'

/** Everybody who was asked. */
export function theoriesSection({ theories }: Theories): Markup {
  return section(
    'theories',
    'Theories asked',
    sortableTable(
      [{ heading: 'theory' }, { heading: 'says' }, { heading: 'source' }],
      theories.map(({ name, title, source }) => [name, title, source]),
    ),
  )
}
