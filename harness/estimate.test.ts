import { expect, test } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { estimateRatio, type ReplicaValue } from './estimate.ts'
import { normalUpperQuantile } from './ledger.ts'
import { logSpread, tailDistortion } from './spread.ts'
import { studentInterval } from './verdict.ts'

test('a mean over replicas has the textbook standard error', () => {
  const values: ReplicaValue[] = [2, 4, 4, 4, 5, 5, 7, 9].map((value) => [value, 1])
  const linear = estimateRatio(values, 'linear')
  expect(linear.value).toBe(5)
  expect(linear.standardError).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12)
  expect(estimateRatio(values, 'log').standardError).toBeCloseTo(linear.standardError / 5, 12)
})

test('a ratio that is the same in every replica has no scatter', () => {
  const values: ReplicaValue[] = [1, 2, 3].map((value) => [3 * value, value])
  expect(estimateRatio(values, 'log')).toMatchObject({ value: 3, standardError: 0 })
})

test('a plain number is a ratio to one', () => {
  const numbers = [2, 3, 7]
  const pairs: ReplicaValue[] = numbers.map((value) => [value, 1])
  for (const scale of ['log', 'linear'] as const)
    expect(estimateRatio(numbers, scale)).toEqual(estimateRatio(pairs, scale))
})

test('means that the logarithm does not take are refused', () => {
  expect(() =>
    estimateRatio(
      [
        [0, 1],
        [0, 1],
      ],
      'log',
    ),
  ).toThrow('estimateRatio: the log scale needs positive means')
  expect(() => estimateRatio([[1, 1]], 'log')).toThrow('estimateRatio: needs at least 2 replicas, got 1')
})

/** A replica's average of n squares of normals: gamma distributed, skewness √(8/n). */
function averageOfSquares(state: ReturnType<typeof streamOf>, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += standardNormal(state) ** 2
  return sum / n
}

test('the predicted tail distortion brackets what skewed replicas show (20,000 seeds)', () => {
  // Few, short replicas, so that the distortion is large enough to be seen: R = 64 averages of 8 squares.
  const [runs, replicas, n] = [20_000, 64, 8]
  const z = normalUpperQuantile(0.01)
  let high = 0
  let low = 0
  const state = streamOf(99, 0)
  for (let run = 0; run < runs; run++) {
    const values: ReplicaValue[] = Array.from({ length: replicas }, () => [averageOfSquares(state, n), 1])
    const estimate = estimateRatio(values, 'log')
    const [from, to] = studentInterval(estimate, 0.01)
    if (from > 1) high++
    if (to < 1) low++
  }
  // One square has variance 2 and third cumulant 8.
  const predicted = tailDistortion(logSpread(2, 8), replicas * n, z)
  const worst = Math.max(Math.abs(high / runs / 0.01 - 1), Math.abs(low / runs / 0.01 - 1))
  expect(worst).toBeLessThan(2 * predicted + 4 / Math.sqrt(0.01 * runs))
})

test('the distortion is z³|K/3 − V²/2|/(V^{3/2}√n), by hand', () => {
  // V = 4, K = 24: |8 − 8| = 0; K = 36: |12 − 8| = 4, over 8 · √100, times 2³
  expect(tailDistortion(logSpread(4, 24), 100, 2)).toBe(0)
  expect(tailDistortion(logSpread(4, 36), 100, 2)).toBeCloseTo(0.4, 12)
})
