import { describe, expect, it } from 'vitest'
import { exampleResults } from './benchmark-results.fixture.ts'
import { parseResults, ResultsError, renderResults } from './benchmark-results.ts'

const example = exampleResults([400, 410.123456789, 390], [500, 505, 495])

describe('parseResults', () => {
  it('reads what renderResults wrote, to six digits', () => {
    const read = parseResults(renderResults(example), 'results.json')
    expect(read.cases[0]!.contenders[0]!.samples).toEqual([400, 410.123, 390])
    expect(renderResults(read)).toBe(renderResults(example))
  })

  const complaint = (change: (value: Record<string, unknown>) => void): string => {
    const value = structuredClone(example) as unknown as Record<string, unknown>
    change(value)
    try {
      parseResults(JSON.stringify(value), 'base.json')
    } catch (error) {
      expect(error).toBeInstanceOf(ResultsError)
      return (error as Error).message
    }
    return 'nothing'
  }

  it('refuses in one line what it cannot read', () => {
    expect(complaint(() => {})).toBe('nothing')
    expect(() => parseResults('{', 'base.json')).toThrow(new ResultsError('base.json: not JSON'))
    for (const text of ['[]', '3', 'null', '{"report": 1}']) {
      expect(() => parseResults(text, 'base.json')).toThrow('base.json: no results of npm run bench')
    }
    const otherVersion = complaint((value) => {
      value['schemaVersion'] = 2
    })
    expect(otherVersion).toBe('base.json: schemaVersion must be 1, got 2; run the benchmarks again')
    const strange = complaint((value) => {
      value['colour'] = 'red'
    })
    expect(strange).toMatch(/^base\.json: .*colour/)
    const negative = complaint((value) => {
      ;(value['cases'] as { contenders: { median: number }[] }[])[0]!.contenders[1]!.median = -1
    })
    expect(negative).toMatch(/^base\.json: cases\.0\.contenders\.1\.median: /)
  })
})

it('renderResults refuses what is not of the schema', () => {
  expect(() => renderResults({ ...example, rounds: 0 })).toThrow()
})
