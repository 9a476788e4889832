import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { describe, expect, it } from 'vitest'
import { regularizedIncompleteBeta } from './incomplete-beta.ts'
import { binomialTail, studentTail } from './tail-probability.ts'

const relative = (value: number, reference: number): number => Math.abs(value / reference - 1)

describe('studentTail', () => {
  it('undoes the quantile of another library, far tails included', () => {
    for (const nu of [1, 2.5, 7, 63, 126.4, 511, 1e4]) {
      for (const tail of [0.4, 0.05, 1e-3, 1e-7, 1e-12]) {
        // the quantile is found to about 1e-10, which in the tail is magnified by t² + 1
        expect(relative(studentTail(-tQuantile(tail, nu), nu), tail)).toBeLessThan(1e-7)
      }
    }
  })

  it('is the closed form with one and two degrees of freedom', () => {
    for (const t of [-3, -0.1, 0, 0.5, 2, 40, 1e5]) {
      const cauchy = t > 1 ? Math.atan(1 / t) / Math.PI : 0.5 - Math.atan(t) / Math.PI
      expect(relative(studentTail(t, 1), cauchy)).toBeLessThan(1e-12)
      const root = Math.sqrt(2 + t * t)
      expect(relative(studentTail(t, 2), t > 0 ? 1 / (root * (root + t)) : 0.5 - t / (2 * root))).toBeLessThan(1e-12)
    }
    expect(studentTail(Number.POSITIVE_INFINITY, 5)).toBe(0)
  })
})

describe('binomialTail', () => {
  it('is one minus the distribution function of another library', () => {
    for (const [k, n, p] of [
      [3, 10, 0.5],
      [1, 5, 0.2],
      [60, 100, 0.5],
      [40, 2000, 0.01],
    ] as const) {
      expect(Math.abs(binomialTail(k, n, p) - (1 - binomialCdf(k - 1, n, p)))).toBeLessThan(1e-12)
    }
    expect(relative(binomialTail(20, 20, 0.1), 1e-20)).toBeLessThan(1e-12)
    expect(binomialTail(0, 20, 0.1)).toBe(1)
  })
})

describe('regularizedIncompleteBeta', () => {
  it('undoes the quantile of another library', () => {
    for (const [a, b] of [
      [0.5, 0.5],
      [2, 30],
      [1000, 0.5],
      [300, 400],
    ] as const) {
      for (const p of [1e-3, 0.3, 0.9]) {
        expect(relative(regularizedIncompleteBeta(betaQuantile(p, a, b), a, b), p)).toBeLessThan(1e-9)
      }
    }
  })

  it('refuses what is out of range', () => {
    expect(() => regularizedIncompleteBeta(1.5, 1, 1)).toThrow('x must be in [0, 1], got 1.5')
    expect(() => regularizedIncompleteBeta(0.5, 0, 1)).toThrow('a must be a number > 0, got 0')
  })
})
