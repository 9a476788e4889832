import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { expect, test } from 'vitest'
import { edgeworth } from './edgeworth.ts'

test('without skewness and excess kurtosis it is the normal law', () => {
  const normal = edgeworth(0, 0)
  for (const p of [1e-6, 0.01, 0.3, 0.5, 0.7, 0.99]) expect(normal(normalQuantile(p, 0, 1)) / p).toBeCloseTo(1, 9)
  expect([normal(-9), normal(9)]).toEqual([0, 1])
})

test('is the law of a sum of exponentials but for S^{−3/2}', () => {
  const error = (S: number): number => {
    const law = edgeworth(2 / Math.sqrt(S), 6 / S)
    let largest = 0
    for (let x = -2; x <= 3; x += 0.25) {
      // Erlang: P(sum ≤ t) = 1 − e^{−t} Σ_{n<S} tⁿ/n!
      const t = S + x * Math.sqrt(S)
      let [term, sum] = [Math.exp(-t), 0]
      for (let n = 0; n < S; n++) {
        sum += term
        term *= t / (n + 1)
      }
      largest = Math.max(largest, Math.abs(1 - sum - law(x)))
    }
    return largest
  }
  expect(error(16)).toBeLessThan(3e-3)
  // 4^{3/2} = 8 in the limit; one of lower order would fall by 4
  expect(error(16) / error(64)).toBeGreaterThan(6)
})
