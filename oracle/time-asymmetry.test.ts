import { describe, expect, it } from 'vitest'
import { timeAsymmetry } from './time-asymmetry.ts'

const noise = { third: Float64Array.of(0.7, -2), fourth: Float64Array.of(1.5, -0.3) }

describe('timeAsymmetry', () => {
  it('is a geometric sum without momentum, a_i = η(1−ηh)ⁱ', () => {
    const eta = 0.1
    const lags = [0, 1, 4]
    const { position } = timeAsymmetry(
      Float64Array.of(4, 12),
      noise,
      { learningRate: eta, momentum: 0, weightDecay: 0.5, batchSize: 1 },
      lags,
    )
    ;[4.5, 12.5].forEach((h, l) => {
      const r = 1 - eta * h
      lags.forEach((lag, index) => {
        const third = (-noise.third[l]! * eta ** 3 * r ** lag * (1 - r ** lag)) / (1 - r ** 3)
        const fourth = (noise.fourth[l]! * eta ** 4 * r ** lag * (1 - r ** (2 * lag))) / (1 - r ** 4)
        expect(position.third[3 * l + index]).toBeCloseTo(third, 17)
        expect(position.fourth[3 * l + index]).toBeCloseTo(fourth, 17)
      })
    })
  })

  it('is 0 at lag 0 and with Gaussian noise, for positions and velocities', () => {
    const hyperparameters = { learningRate: 0.1, momentum: 0.7, weightDecay: 0, batchSize: 1 }
    const gaussian = { third: new Float64Array(2), fourth: new Float64Array(2) }
    const still = timeAsymmetry(Float64Array.of(4, 1), gaussian, hyperparameters, [1, 3])
    const moving = timeAsymmetry(Float64Array.of(4, 1), noise, hyperparameters, [0, 3])
    for (const what of ['position', 'velocity'] as const) {
      for (const value of [...still[what].third, ...still[what].fourth]) expect(Math.abs(value)).toBe(0)
      for (const l of [0, 1]) {
        expect(Math.abs(moving[what].third[2 * l]!)).toBe(0)
        expect(Math.abs(moving[what].third[2 * l + 1]!)).toBeGreaterThan(0)
        expect(Math.abs(moving[what].fourth[2 * l + 1]!)).toBeGreaterThan(0)
      }
    }
  })

  it('refuses cumulants of another shape', () => {
    expect(() =>
      timeAsymmetry(Float64Array.of(1), noise, { learningRate: 0.1, momentum: 0, weightDecay: 0, batchSize: 1 }, [1]),
    ).toThrow(new RangeError('timeAsymmetry: noise.third must have one value for each of 1 modes, got 2'))
  })
})
