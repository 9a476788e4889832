import { expect, test } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { estimateRatio, type ReplicaValue } from './estimate.ts'
import { estimateFunction } from './jackknife.ts'

test('of a mean the jackknife gives the textbook standard error', () => {
  const numbers = [2, 4, 4, 4, 5, 5, 7, 9]
  const { value, standardError } = estimateFunction(
    numbers.map((number) => [number]),
    ([mean]) => mean!,
    'linear',
  )
  expect(value).toBe(5)
  expect(standardError).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12)
})

test('of a ratio it gives what linearisation gives, but for a part in R', () => {
  const state = streamOf(1, 0)
  const pairs: ReplicaValue[] = Array.from({ length: 400 }, () => {
    const common = standardNormal(state)
    return [5 + common + 0.3 * standardNormal(state), 4 + common]
  })
  for (const scale of ['log', 'linear'] as const) {
    const expected = estimateRatio(pairs, scale)
    const found = estimateFunction(pairs as [number, number][], ([a, b]) => a! / b!, scale)
    expect(found.value).toBeCloseTo(expected.value, 12)
    expect(Math.abs(found.standardError / expected.standardError - 1)).toBeLessThan(0.01)
  }
})

test('what cannot be estimated is refused', () => {
  const first = ([value]: Float64Array): number => value!
  expect(() => estimateFunction([[1]], first, 'linear')).toThrow('estimateFunction: needs at least 2 replicas, got 1')
  expect(() => estimateFunction([[1], [1, 2]], first, 'linear')).toThrow(
    'estimateFunction: each replica must have 1 components as the first, got 2',
  )
  expect(() => estimateFunction([[1], [-3]], first, 'log')).toThrow('the log scale needs positive values')
})
