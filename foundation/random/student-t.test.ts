import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { describe, expect, it } from 'vitest'
import { studentT } from './student-t.ts'
import { streamOf } from './xoshiro128.ts'

const count = 400_000

describe('studentT', () => {
  it.each([0.5, 1, 2.5, 5, 100])('has Student’s distribution by Kolmogorov and Smirnov: ν = %d', (degreesOfFreedom) => {
    const state = streamOf(17, 0)
    const sorted = Float64Array.from({ length: count }, () => studentT(state, degreesOfFreedom)).sort()
    let largest = 0
    let below = 0
    for (let i = 1; i < 1000; i++) {
      const quantile = tQuantile(i / 1000, degreesOfFreedom)
      while (below < count && sorted[below]! <= quantile) below++
      largest = Math.max(largest, Math.abs(below / count - i / 1000))
    }
    // √n·D exceeds 1.95 with probability 1e-3 (2e^{−2·1.95²})
    expect(Math.sqrt(count) * largest).toBeLessThan(1.95)
  })

  it('reaches as far out as its tails say: of Cauchy’s numbers, one in 10⁵ beyond 63,662', () => {
    const state = streamOf(18, 0)
    const draws = 4_000_000
    let beyond = 0
    for (let i = 0; i < draws; i++) if (Math.abs(studentT(state, 1)) > Math.tan((Math.PI / 2) * (1 - 1e-5))) beyond++
    // binomial, mean 40, four standard deviations of 6.3
    expect(Math.abs(beyond - 40)).toBeLessThan(26)
  })
})
