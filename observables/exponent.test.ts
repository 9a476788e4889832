import { describe, expect, it } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { exponentAgainstLength, fitExponent, localExponents, replicaExponents } from './exponent.ts'
import { meanOf } from './observer.settings.ts'

describe('fitExponent', () => {
  it.each([0.5, 1, 1.4, 2])('finds the exponent %d of a pure power', (exponent) => {
    const steps = [1, 2, 5, 10, 100, 1000]
    expect(
      fitExponent(
        steps,
        steps.map((step) => 3e-7 * step ** exponent),
      ),
    ).toBeCloseTo(exponent, 12)
  })

  it('fits the least-squares line in logarithms', () => {
    // log k = 0, 1, 2, 3 and log ‖Δ‖² = 0, 2, 1, 4: slope Σ(x − 1.5)y / Σ(x − 1.5)² = 5.5/5
    expect(fitExponent([1, Math.E, Math.E ** 2, Math.E ** 3], [1, Math.E ** 2, Math.E, Math.E ** 4])).toBeCloseTo(
      1.1,
      12,
    )
  })

  it('takes typed arrays', () => {
    expect(fitExponent(Int32Array.of(1, 10), Float64Array.of(2, 20))).toBeCloseTo(1, 12)
  })

  it('refuses what has no line', () => {
    expect(() => fitExponent([1], [1])).toThrow(
      new RangeError('fitPowerLaw: steps must hold at least two points, got 1'),
    )
    expect(() => fitExponent([1, 2], [1])).toThrow(
      new RangeError('fitPowerLaw: values must have one entry for each of 2 steps, got 1'),
    )
    expect(() => fitExponent([1, 2], [1, 0])).toThrow(
      new RangeError('fitPowerLaw: values[1] must be finite and > 0, got 0'),
    )
    expect(() => fitExponent([0, 2], [1, 1])).toThrow(
      new RangeError('fitPowerLaw: steps[0] must be finite and > 0, got 0'),
    )
    expect(() => fitExponent([3, 3], [1, 2])).toThrow(
      new RangeError('fitPowerLaw: steps must hold at least two different ones, got only 3'),
    )
  })
})

describe('localExponents', () => {
  it('finds both powers of a curve with a corner', () => {
    const steps = [1, 2, 4, 8, 16, 32]
    const curve = steps.map((k) => (k < 8 ? k ** 2 : 64 * (k / 8) ** 0.5))
    const exponents = localExponents(steps, curve, 2)
    ;[2, 2, 2, 0.5, 0.5].forEach((exponent, at) => {
      expect(exponents[at]).toBeCloseTo(exponent, 12)
    })
    const wide = localExponents(steps, curve, 4)
    expect(wide).toHaveLength(3)
    expect(wide[0]).toBeCloseTo(fitExponent(steps.slice(0, 4), curve.slice(0, 4)), 14)
    expect(localExponents(steps, curve, 7)).toHaveLength(0)
    expect(() => localExponents(steps, curve, 1)).toThrow(
      new RangeError('localExponents: width must be an integer ≥ 2, got 1'),
    )
  })
})

describe('exponentAgainstLength', () => {
  it('fits the first points of a record, or the last part of these', () => {
    const steps = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    const curve = steps.map((k) => k + k ** 2)
    const all = exponentAgainstLength(steps, curve, [2, 9], 1)
    expect(all[0]).toBeCloseTo(Math.log2(3), 14)
    expect(all[1]).toBeCloseTo(fitExponent(steps, curve), 14)
    const late = exponentAgainstLength(steps, curve, [9, 6], 2 / 3)
    expect(late[0]).toBeCloseTo(fitExponent(steps.slice(3), curve.slice(3)), 14)
    expect(late[1]).toBeCloseTo(fitExponent(steps.slice(2, 6), curve.slice(2, 6)), 14)
    // the square wins in the end: the exponent grows with the length
    expect(all[1]).toBeGreaterThan(all[0]!)
    expect(() => exponentAgainstLength(steps, curve, [10], 1)).toThrow(
      new RangeError('exponentAgainstLength: lengths[0] must be at most the 9 points, got 10'),
    )
  })
})

describe('replicaExponents', () => {
  const steps = [1, 3, 10, 40]
  const curves = (replicas: number, stream: number): Float64Array[] => {
    const state = streamOf(7, stream)
    return Array.from({ length: replicas }, () =>
      Float64Array.from(steps, (k) => k ** 1.3 * standardNormal(state) ** 2),
    )
  }

  it('have the fit of the mean curve as their mean, not the mean of fits', () => {
    const sample = curves(50, 0)
    const mean = steps.map((_, k) => sample.reduce((sum, curve) => sum + curve[k]! / 50, 0))
    const values = replicaExponents(steps, sample)
    expect(meanOf([...values]).mean).toBeCloseTo(fitExponent(steps, mean), 12)
    expect(replicaExponents(steps, [curves(1, 3)[0]!])[0]).toBeCloseTo(fitExponent(steps, curves(1, 3)[0]!), 12)
  })

  it('scatter as that fit does over repeated samples', () => {
    const fits = Array.from({ length: 400 }, (_, repetition) => {
      const sample = curves(200, repetition)
      const { mean, standardError } = meanOf([...replicaExponents(steps, sample)])
      return { mean, standardError }
    })
    const spread = Math.sqrt(400) * meanOf(fits.map(({ mean }) => mean)).standardError
    const claimed = meanOf(fits.map(({ standardError }) => standardError)).mean
    // a standard deviation of 400 values is known to 3.5 %, and linearisation errs by O(1/200)
    expect(Math.abs(claimed / spread - 1)).toBeLessThan(0.15)
    expect(Math.abs(meanOf(fits.map(({ mean }) => mean)).mean - 1.3)).toBeLessThan((5 * spread) / 20 + 0.01)
  })

  it('refuses curves of another length', () => {
    expect(() => replicaExponents(steps, [[1, 2]])).toThrow(
      new RangeError('replicaExponents: curves[0] must have one value for each of 4 steps, got 2'),
    )
    expect(() => replicaExponents(steps, [])).toThrow(RangeError)
  })
})
