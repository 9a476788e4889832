import { expect, it } from 'vitest'
import { exampleResults } from '../foundation/benchmark-results.fixture.ts'
import { formatRatio, renderTable } from './table.ts'

it('a row holds both times, the ratio with its interval and the goal', () => {
  const results = exampleResults([600, 590, 610], [500, 500, 500])
  Object.assign(results.cases[0]!.ratios[0]!, { goal: 1, met: false })
  results.skipped.push('NumPy: no python3 on this machine can import numpy')
  const lines = renderTable(results).split('\n')
  expect(lines[0]).toBe('| case | unit | ours [ns] | peer    | peer [ns] | ours / peer       | goal |         |')
  expect(lines[2]).toBe('| a    | step |     600.0 | gcc -O3 |     500.0 | 1.20 [1.18, 1.22] | ≤ 1  | not met |')
  expect(lines).toContain('a: mini-batch SGD: N = 2000, d = 32')
  expect(lines).toContain('Skipped: NumPy: no python3 on this machine can import numpy')
  expect(lines).toContain('Machine: a processor, 2 cores, linux x64, load 0.1 at the start; node 20.20.2, gcc 12.2.0.')
})

it('tells a goal that the median meets from one that the interval reaches', () => {
  const wordFor = (goal: number, met: boolean): string => {
    const results = exampleResults([90, 100, 110], [100, 100, 100])
    Object.assign(results.cases[0]!.ratios[0]!, { goal, met })
    return renderTable(results).split('\n')[2]!.split('|').at(-2)!.trim()
  }
  expect(wordFor(1, true)).toBe('met')
  expect(wordFor(0.95, true)).toBe('met within noise')
  expect(wordFor(0.85, false)).toBe('not met')
})

it('says how much of a step is drawing', () => {
  const results = exampleResults([500], [500])
  expect(renderTable(results)).not.toContain('Drawing')
  const index = exampleResults([5], [5]).cases[0]!
  results.cases.push({ ...index, id: 'index, with-replacement', unit: 'index', unitsPerStep: 16 })
  expect(renderTable(results)).toContain('Drawing the batch takes 16 % of our step in case a.')
})

it('a case that nobody else runs has a row of its own', () => {
  const results = exampleResults([500], [500])
  results.cases[0]!.contenders.pop()
  results.cases[0]!.ratios.pop()
  expect(renderTable(results).split('\n')[2]).toMatch(/^\| a +\| step \| +500.0 \| nobody/)
})

it('ratios have three digits or two decimals', () => {
  expect(formatRatio({ median: 0.0123, interval: [0.0994, 0.1] })).toBe('0.012 [0.099, 0.10]')
  expect(formatRatio({ median: 9.994, interval: [9.996, 123.44] })).toBe('9.99 [10.0, 123.4]')
})
