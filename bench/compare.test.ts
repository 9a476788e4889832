import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../cli/failure.ts'
import { exampleResults } from '../foundation/benchmark-results.fixture.ts'
import { renderResults } from '../foundation/benchmark-results.ts'
import { compareFiles } from './compare.ts'

let folder: string
const at = (name: string): string => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-compare-'))
  const other = exampleResults([1, 1], [1, 1])
  other.cases[0]!.title = 'something else'
  writeFileSync(at('base.json'), renderResults(exampleResults([1, 1], [1, 1])))
  writeFileSync(at('slower.json'), renderResults(exampleResults([1.5, 1.5], [1, 1])))
  writeFileSync(at('other.json'), renderResults(other))
  writeFileSync(at('old.json'), '{"schemaVersion": 0}')
})
afterAll(() => rmSync(folder, { recursive: true }))

function compared(base: string, head: string): { printed: string; good: boolean } {
  let printed = ''
  const out = new Writable({
    write(chunk, _, done) {
      printed += String(chunk)
      done()
    },
  })
  return { good: compareFiles(at(base), at(head), out), printed }
}

describe('compareFiles', () => {
  it('prints a Markdown table and says whether nothing got worse', () => {
    const { good, printed } = compared('base.json', 'slower.json')
    expect(good).toBe(false)
    expect(printed).toContain('1 of 1 ratios got worse, 0 better.')
    expect(printed).toContain('| a    | gcc -O3 | 1.00 [1.00, 1.00] | 1.50 [1.50, 1.50] |  +50 % | **worse** |')
    expect(compared('base.json', 'base.json').good).toBe(true)
    expect(compared('slower.json', 'base.json')).toMatchObject({ good: true })
  })

  it('says in one line what is wrong with its files', () => {
    expect(() => compared('none.json', 'base.json')).toThrow(new InputError(`${at('none.json')}: no such file`))
    expect(() => compared('base.json', 'old.json')).toThrow(/old\.json: schemaVersion must be 1, got 0/)
    expect(() => compared('base.json', 'other.json')).toThrow(
      new InputError(`${at('base.json')} and ${at('other.json')} have no case and peer in common`),
    )
  })
})
