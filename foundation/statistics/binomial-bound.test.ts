import binomialDistribution from '@stdlib/stats-base-dists-binomial-cdf'
import { expect, test } from 'vitest'
import { binomialLowerBound, binomialUpperBound } from './binomial-bound.ts'

test.each([
  [5, 2000, 0.01],
  [0, 10, 0.05],
  [53, 2000, 1e-3],
  [1999, 2000, 0.05],
])('%i of %i: at its bounds what was seen is just that unlikely (%g)', (successes, trials, fails) => {
  const upper = binomialUpperBound(successes, trials, fails)
  expect(binomialDistribution(successes, trials, upper) / fails).toBeCloseTo(1, 6)
  const lower = binomialLowerBound(successes, trials, fails)
  if (successes === 0) expect(lower).toBe(0)
  else expect((1 - binomialDistribution(successes - 1, trials, lower)) / fails).toBeCloseTo(1, 6)
})

test('none of n: the upper bound is 1 − fails^{1/n}; all of n: the lower one fails^{1/n}', () => {
  expect(binomialUpperBound(0, 2000, 0.05)).toBeCloseTo(-Math.expm1(Math.log(0.05) / 2000), 12)
  expect(binomialUpperBound(20, 20, 0.05)).toBe(1)
  expect(binomialLowerBound(20, 20, 0.05)).toBeCloseTo(0.05 ** (1 / 20), 12)
})

test('counts that cannot be are refused', () => {
  expect(() => binomialUpperBound(3, 2, 0.05)).toThrow(
    'binomialUpperBound: successes must be an integer in [0, 2], got 3',
  )
  expect(() => binomialLowerBound(0, 0, 0.05)).toThrow('binomialLowerBound: trials must be an integer ≥ 1, got 0')
  expect(() => binomialLowerBound(0, 1, 0)).toThrow('binomialLowerBound: fails must be in (0, 1), got 0')
})
