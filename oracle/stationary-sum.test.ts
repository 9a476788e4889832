import { describe, expect, it } from 'vitest'
import { normalProbability } from '../foundation/statistics/normal-probability.ts'
import { discreteLaw } from './discrete.ts'
import { projectionVariance } from './stationary-distribution.ts'
import { lawOfSum, stableScale, sumWeights } from './stationary-sum.ts'

describe('sumWeights', () => {
  const eigenvalues = Float64Array.of(4, 0.5)
  const hyperparameters = { learningRate: 0.3, momentum: 0.6, weightDecay: 0.2, batchSize: 8 }

  it('has squares that sum to the stationary variance of any direction', () => {
    const noiseVariances = Float64Array.of(0.7, 0.3)
    const { stationary } = discreteLaw({ eigenvalues, noiseVariances }, hyperparameters)
    const scales = eigenvalues.map((rho, l) => Math.sqrt((noiseVariances[l]! * rho) / 8))
    for (const direction of [
      { position: Float64Array.of(1, 0), velocity: Float64Array.of(0, 0) },
      { position: Float64Array.of(0, 0), velocity: Float64Array.of(0, 1) },
      { position: Float64Array.of(1, -2), velocity: Float64Array.of(0.5, 3) },
    ]) {
      const weights = sumWeights(eigenvalues, scales, hyperparameters, direction)
      expect(stableScale(weights, 2) ** 2 / projectionVariance(stationary, direction)).toBeCloseTo(1, 12)
    }
  })

  it('is a geometric series without momentum, whose Cauchy scale is η/(1 − |1−ηh|)', () => {
    const plain = { learningRate: 0.3, momentum: 0, weightDecay: 0, batchSize: 1 }
    for (const rho of [1, 5]) {
      const weights = sumWeights(Float64Array.of(rho), Float64Array.of(1), plain, {
        position: Float64Array.of(1),
        velocity: Float64Array.of(0),
      })
      expect(stableScale(weights, 1)).toBeCloseTo(0.3 / (1 - Math.abs(1 - 0.3 * rho)), 12)
    }
  })

  it('refuses another shape', () => {
    const one = Float64Array.of(1)
    expect(() => sumWeights(eigenvalues, one, hyperparameters, { position: one, velocity: one })).toThrow(
      new RangeError('sumWeights: noiseScales must have one value for each of 2 modes, got 1'),
    )
    expect(() => stableScale(one, 3)).toThrow(new RangeError('stableScale: tailIndex must be in (0, 2], got 3'))
  })
})

/** (1 + |t|)e^{−|t|}: Student's t with three degrees of freedom, scaled to unit variance. */
const studentThree = (t: number): number => (1 + t) * Math.exp(-t)

describe('lawOfSum', () => {
  it('is normal of normal numbers', () => {
    const law = lawOfSum(Float64Array.of(3, -4), (t) => Math.exp((-t * t) / 2))
    for (const x of [-31, -12, -5, 0, 1.3, 7, 20])
      expect(Math.abs(law(x) - normalProbability(x / 5))).toBeLessThan(1e-4)
  })

  it('is the law of the one number of one, far out too', () => {
    const law = lawOfSum(Float64Array.of(2), studentThree)
    // of three degrees, at t = √3 x/2 here
    const exact = (t: number): number =>
      0.5 + (Math.atan(t / Math.sqrt(3)) + t / Math.sqrt(3) / (1 + (t * t) / 3)) / Math.PI
    for (const x of [-90, -3, -0.4, 0.02, 1, 5, 30, 80])
      expect(Math.abs(law(x) - exact((Math.sqrt(3) * x) / 2))).toBeLessThan(1e-4)
    expect([law(-1e6), law(1e6)]).toEqual([0, 1])
  })

  it('is that of two numbers, convolved', () => {
    const law = lawOfSum(Float64Array.of(1, 0.5), studentThree)
    const single = lawOfSum(Float64Array.of(1), studentThree)
    // ∫ F(x − y/2) dF(y) by the midpoints of 2,000 equally likely cells of y
    const quantile = (p: number): number => {
      let [low, high] = [-100, 100]
      for (let n = 0; n < 60; n++) {
        const middle = (low + high) / 2
        if (single(middle) < p) low = middle
        else high = middle
      }
      return low
    }
    const cells = Array.from({ length: 2000 }, (_, n) => quantile((n + 0.5) / 2000))
    for (const x of [0.3, 1, 2.5]) {
      const sum = cells.reduce((total, y) => total + single(x - y / 2), 0) / cells.length
      expect(Math.abs(law(x) - sum)).toBeLessThan(5e-4)
    }
  })

  it('refuses weights of no variance', () => {
    expect(() => lawOfSum(new Float64Array(2), studentThree)).toThrow('lawOfSum: weights must not all be 0')
  })
})
