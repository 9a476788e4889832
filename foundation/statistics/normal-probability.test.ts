import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { expect, it } from 'vitest'
import { normalProbability } from './normal-probability.ts'

it('undoes the quantile, and ends at 0 and 1', () => {
  for (const p of [1e-6, 0.01, 0.3, 0.5, 0.8, 0.9999]) {
    expect(normalProbability(normalQuantile(p, 0, 1))).toBeCloseTo(p, 13)
  }
  expect(normalProbability(0)).toBe(0.5)
  expect([normalProbability(-40), normalProbability(40)]).toEqual([0, 1])
})
