import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { docsRow } from './new-spec/templates.ts'
import { outlines } from './outlines.ts'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')

test('docs/hypotheses.md lists every hypothesis as it reads now, and no other', () => {
  const rows = read('../docs/hypotheses.md')
    .split('\n')
    .filter((line) => line.startsWith('| ['))
  expect(rows.toSorted()).toEqual(outlines.map(({ id, claim, source }) => docsRow(id, claim, source)).toSorted())
})

test('every spec that describes a hypothesis has its outline, and every outline its spec', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  // the first asks hypotheses again that have their own specs, of data that need not be there
  const others = ['real-data.spec.ts', 'outlines.spec.ts']
  const described = readdirSync(folder).filter(
    (file) => file.endsWith('.spec.ts') && !others.includes(file) && read(`./${file}`).includes('describeHypothesis('),
  )
  expect(described.toSorted()).toEqual(outlines.map(({ id }) => `${id}.spec.ts`).toSorted())
})
