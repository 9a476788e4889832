import { describe, expect, it } from 'vitest'
import { discreteLaw } from './discrete.ts'
import { langevinLaw } from './langevin.ts'
import { revival, totalVelocityCorrelation } from './recurrence.ts'

const hyperparameters = { learningRate: 0.02, momentum: 0.96, weightDecay: 0.5, batchSize: 8 }

/** Eigenvalues whose modes turn by these angles a step. */
function turning(angles: readonly number[]): Float64Array {
  const { learningRate, momentum, weightDecay } = hyperparameters
  return Float64Array.from(
    angles,
    (angle) => (1 + momentum - 2 * Math.sqrt(momentum) * Math.cos(angle)) / learningRate - weightDecay,
  )
}

describe('totalVelocityCorrelation', () => {
  it('is the mean of the modes’ correlations, weighed by their velocity variances', () => {
    const spectrum = { eigenvalues: Float64Array.of(30, 4, 1), noiseVariances: Float64Array.of(0.5, 1, 2) }
    for (const law of [discreteLaw(spectrum, hyperparameters), langevinLaw(spectrum, hyperparameters)]) {
      const lags = [0, 1, 5, 40]
      const total = totalVelocityCorrelation(law, lags)
      expect(total[0]).toBeCloseTo(1, 15)
      lags.forEach((lag, index) => {
        const [P, E] = [law.stationary, law.propagator(lag)]
        const variance = P[3]! + P[7]! + P[11]!
        const sum = [0, 4, 8].reduce((s, b) => s + P[b + 3]! * (E[b + 3]! + (P[b + 2]! / P[b + 3]!) * E[b + 2]!), 0)
        expect(total[index]).toBeCloseTo(sum / variance, 14)
      })
      expect(Math.abs(totalVelocityCorrelation(law, [5000])[0]!)).toBeLessThan(1e-12)
    }
  })

  it('has nothing to say where nothing moves', () => {
    const law = discreteLaw({ eigenvalues: Float64Array.of(1), noiseVariances: Float64Array.of(0) }, hyperparameters)
    expect(() => totalVelocityCorrelation(law, [1])).toThrow('law must have a mode that moves')
  })
})

describe('revival', () => {
  const lags = Array.from({ length: 60 }, (_, j) => j + 12)
  const revivals = (angles: readonly number[]): Float64Array => {
    const eigenvalues = turning(angles)
    const law = discreteLaw({ eigenvalues, noiseVariances: new Float64Array(angles.length).fill(0.7) }, hyperparameters)
    return revival(totalVelocityCorrelation(law, lags), lags, eigenvalues, hyperparameters)
  }

  it('is complete after each common period, and only then', () => {
    const turn = (2 * Math.PI) / 24
    const values = revivals([turn, 2 * turn, 3 * turn])
    lags.forEach((lag, index) => {
      if (lag % 24 === 0) expect(values[index]).toBeCloseTo(1, 10)
      else expect(values[index]).toBeLessThan(0.9)
    })
  })

  it('is never complete without one, less so the more modes there are', () => {
    const roots = (primes: readonly number[]): number => Math.max(...revivals(primes.map((p) => 0.15 * Math.sqrt(p))))
    const three = roots([7, 11, 13])
    const eight = roots([3, 5, 7, 11, 13, 17, 19, 23])
    expect(three).toBeLessThan(0.99)
    expect(eight).toBeLessThan(0.8)
    expect(eight).toBeLessThan(three)
  })

  it('refuses modes that creep', () => {
    expect(() =>
      revival(new Float64Array(1), [1], Float64Array.of(10, 1e-4), { ...hyperparameters, weightDecay: 0 }),
    ).toThrow('mode 1 must oscillate')
  })
})
