import { describe, expect, it } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { ratioClaim } from './ratio-claim.ts'

const about = { quantity: 'speed', source: 'eq. 18', theory: 'eq. 18' }

function scattered(mean: number, deviation: number, count: number): number[] {
  const state = streamOf(3, 0)
  return Array.from({ length: count }, () => mean + deviation * standardNormal(state))
}

describe('ratioClaim', () => {
  it('judges replicas by Student’s t, in units of the prediction', () => {
    // 10 % are 28 standard errors at 3.4 for 1e-3
    const right = ratioClaim('a', { ...about, prediction: 2, values: scattered(2, 0.03, 16) })!
    expect(right.verdict).toBe('agrees')
    // 16 replicas of deviation 0.03, which scatters by 1/√30: 4 times that
    expect(right.standardError! * 4).toBeGreaterThan(0.03 * (1 - 4 / Math.sqrt(30)))
    expect(right.standardError! * 4).toBeLessThan(0.03 * (1 + 4 / Math.sqrt(30)))
    expect(right).toMatchObject({ replicas: 16, alpha: 1e-3, phi: 1e-3, margin: 0.1 })
    // φ one-sided, α two-sided: narrower at one rate
    expect(right.ratioEquivalence![0]).toBeGreaterThan(right.ratioInterval![0])
    expect(right.ratioEquivalence![1]).toBeLessThan(right.ratioInterval![1])
    expect(right.ratioInterval![0]).toBeLessThan(right.measured / 2)
    expect(right.ratioInterval![1]).toBeGreaterThan(right.measured / 2)
    expect(ratioClaim('a', { ...about, prediction: 2, values: scattered(3, 0.03, 16) })!.verdict).toBe('disagrees')
    expect(ratioClaim('a', { ...about, prediction: 2, values: scattered(2, 1, 16) })!.verdict).toBe('inconclusive')
  })

  it('holds negative numbers by size, as rotation is', () => {
    const claim = ratioClaim('a', { ...about, prediction: -2, values: scattered(-2, 0.03, 16) })!
    expect(claim.verdict).toBe('agrees')
    expect(claim.ratioInterval![0]).toBeLessThan(claim.ratioInterval![1])
  })

  it('takes a single run by batch means of its second half, against that half’s own prediction', () => {
    const numerator = scattered(5, 1, 4000)
    const series = { samples: { numerator }, prediction: 5 }
    const claim = ratioClaim('a', { ...about, prediction: 7, values: [6], series })!
    expect([claim.prediction, claim.verdict]).toEqual([5, 'agrees'])
    const short = ratioClaim('a', {
      ...about,
      prediction: 7,
      values: [6],
      series: { ...series, samples: { numerator: numerator.slice(0, 600) } },
    })!
    expect(short.verdict).toBe('inconclusive')
    expect(short.note).toMatch(/30 batches/)
    expect(short.standardError).toBeUndefined()
  })

  it('takes the theory’s scatter where that is all there is, and says so by naming no replicas', () => {
    const claim = ratioClaim('a', { ...about, prediction: 2, values: [2.1, 1.9], spread: 0.02 })!
    expect(claim.verdict).toBe('agrees')
    expect(claim.standardError).toBeCloseTo(0.02 / Math.SQRT2, 12)
    expect(claim.replicas).toBeUndefined()
  })

  it('has no verdict where nothing gives an interval, and no claim where nothing is predicted', () => {
    const claim = ratioClaim('a', { ...about, prediction: 2, values: [2.1] })!
    expect(claim.verdict).toBeUndefined()
    expect(claim.ratioInterval).toBeUndefined()
    expect(ratioClaim('a', { ...about, prediction: Number.POSITIVE_INFINITY, values: [2.1] })).toBeUndefined()
  })
})
