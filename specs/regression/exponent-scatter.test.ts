import { describe, expect, it } from 'vitest'
import { logSpacedSteps } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { exponentScatter } from './exponent-scatter.ts'

const hyperparameters = { learningRate: 0.05, momentum: 0.8, weightDecay: 0, batchSize: 4 }
const steps = logSpacedSteps(400, 12)
const lengths = [6, steps.length]

const lawOf = (eigenvalues: number[]) =>
  discreteLaw(
    {
      eigenvalues: Float64Array.from(eigenvalues),
      noiseVariances: new Float64Array(eigenvalues.length).fill(0.3),
    },
    hyperparameters,
  )

/** Standard deviation of the fit's slope to first order, by the covariance of squares: Cov(D_j, D_k) = Σ 2R², R by stationarity. */
function firstOrder(law: ReturnType<typeof lawOf>, length: number): number {
  const fitted = steps.slice(0, length)
  const P = law.stationary
  // E x_0 (x_k − x_0) of a mode
  const increments = new Map<number, Float64Array>()
  const gap = (l: number, k: number): number => {
    const F = increments.get(k) ?? law.increment(k)
    increments.set(k, F)
    return P[4 * l]! * F[4 * l]! + P[4 * l + 1]! * F[4 * l + 1]!
  }
  const logs = fitted.map(Math.log)
  const center = logs.reduce((sum, log) => sum + log, 0) / length
  const squares = logs.reduce((sum, log) => sum + (log - center) ** 2, 0)
  const modes = Array.from({ length: P.length / 4 }, (_, l) => l)
  const mean = fitted.map((k) => modes.reduce((sum, l) => sum - 2 * gap(l, k), 0))
  let variance = 0
  for (const [i, j] of fitted.entries()) {
    for (const [m, k] of fitted.entries()) {
      const covariance = modes.reduce((sum, l) => sum + 2 * (gap(l, Math.abs(k - j)) - gap(l, j) - gap(l, k)) ** 2, 0)
      variance += ((logs[i]! - center) * (logs[m]! - center) * covariance) / (squares ** 2 * mean[i]! * mean[m]!)
    }
  }
  return Math.sqrt(variance)
}

describe('exponentScatter', () => {
  it('of many modes is normal, as wide as the covariance of squares says', () => {
    const law = lawOf(Array.from({ length: 40 }, (_, l) => 4 * 0.2 ** (l / 39)))
    const draws = 800
    const { low, high } = exponentScatter(law, { steps, lengths, outputShares: [1], draws, seed: 3 })
    for (const [place, length] of lengths.entries()) {
      const half = (high[place]! - low[place]!) / 2
      // each quantile of a normal law scatters by √(0.025·0.975/draws)/φ(1.96) = 0.094 deviations, half their distance by 1/√2
      // of it, 3.4 % of 1.96; 5 of these, and 3 % for what first order leaves out: squares of 40 modes are nearly normal
      expect(Math.abs(half / (1.96 * firstOrder(law, length)) - 1)).toBeLessThan(5 * 0.034 + 0.03)
    }
  })

  it('outputs alike are as many more modes', () => {
    const law = lawOf([2, 1])
    const options = { steps, lengths, draws: 500 }
    const alone = exponentScatter(law, { ...options, outputShares: [1], seed: 4 })
    const shared = exponentScatter(law, { ...options, outputShares: new Array(9).fill(1 / 9), seed: 5 })
    for (const place of lengths.keys()) {
      const ratio = (alone.high[place]! - alone.low[place]!) / (shared.high[place]! - shared.low[place]!)
      // √9 to first order, the distance between quantiles known to 4.3 % each; two modes' logarithms are skewed, which widens theirs
      expect(ratio).toBeGreaterThan(2.3)
      expect(ratio).toBeLessThan(4.5)
    }
  })

  it('the same seed draws the same band; a law without a transient is refused', () => {
    const law = lawOf([2, 1])
    const options = { steps, lengths, outputShares: [1], draws: 50, seed: 6 }
    expect(exponentScatter(law, options)).toEqual(exponentScatter(law, options))
    const { accumulated: _, ...stationaryOnly } = law
    expect(() => exponentScatter(stationaryOnly, options)).toThrow(
      'exponentScatter: law must have a covariance after some steps, got a stationary one only',
    )
  })
})
