import { describe, expect, it } from 'vitest'
import { discreteLaw } from '../oracle/discrete.ts'
import { revival, totalVelocityCorrelation } from '../oracle/recurrence.ts'
import { regressionSource } from '../sim/regression-source.ts'
import { gaussianProblem, meanOf, show, stationaryStart, waves } from './observer.settings.ts'
import { totalVelocityProducts } from './recurrence.ts'
import { observeTwoTime } from './two-time.ts'

describe('totalVelocityProducts', () => {
  it('sums a kept trajectory’s velocities over modes and outputs', () => {
    const shape = { modeCount: 3, outputCount: 2 }
    const chain = waves(shape, 20)
    const { observer, record } = observeTwoTime(shape, { burnIn: 2, lags: [3, 5], stride: 6 })
    show(chain, observer)
    const { product, square } = totalVelocityProducts(record())
    for (const [index, lag] of [3, 5].entries()) {
      const starts = [2, 8, 14].filter((start) => start + lag <= 20)
      const dot = (a: number, b: number): number =>
        chain.velocity[a]!.reduce((sum, v, at) => sum + v * chain.velocity[b]![at]!, 0)
      expect(product[index]).toBeCloseTo(starts.reduce((sum, k) => sum + dot(k, k + lag), 0) / starts.length, 12)
      expect(square[index]).toBeCloseTo(starts.reduce((sum, k) => sum + dot(k, k), 0) / starts.length, 12)
    }
  })
})

describe('recurrence of SGD with Gaussian noise', () => {
  const hyperparameters = { learningRate: 0.02, momentum: 0.96, weightDecay: 0, batchSize: 8 }
  const lags = Array.from({ length: 13 }, (_, j) => 12 + 2 * j)

  /** Measured revivals with their standard errors, and the predicted ones, for modes that turn by these angles a step. */
  function revivals(angles: readonly number[]): { mean: number; standardError: number; predicted: number }[] {
    const eigenvalues = angles.map((angle) => (1.96 - 2 * Math.sqrt(0.96) * Math.cos(angle)) / 0.02)
    const problem = gaussianProblem(eigenvalues, 0.7)
    const noiseVariances = new Float64Array(angles.length).fill(0.7)
    const law = discreteLaw({ eigenvalues: problem.eigenvalues, noiseVariances }, hyperparameters)
    const source = regressionSource(problem, hyperparameters, {
      sampling: 'gaussian',
      seed: 119,
      start: stationaryStart(law),
    })
    const records = Array.from({ length: 96 }, (_, chain) => {
      const { observer, record } = observeTwoTime(source, { burnIn: 0, lags, stride: 20 })
      source.run(chain, 10_000, observer)
      return totalVelocityProducts(record())
    })
    const predicted = revival(totalVelocityCorrelation(law, lags), lags, problem.eigenvalues, hyperparameters)
    return lags.map((lag, index) => {
      const square = meanOf(records.map((record) => record.square[index]!)).mean
      const quotient = meanOf(records.map((record) => record.product[index]!)).mean / square
      const deviations = records.map(({ product, square: s }) => (product[index]! - quotient * s[index]!) / square)
      const growth = 0.96 ** (-lag / 2)
      return {
        mean: growth * quotient,
        standardError: growth * meanOf(deviations).standardError,
        predicted: predicted[index]!,
      }
    })
  }

  it('is complete after the common period of commensurate modes', () => {
    const turn = (2 * Math.PI) / 24
    const values = revivals([turn, 2 * turn, 3 * turn])
    for (const { mean, standardError, predicted } of values) {
      expect(Math.abs(mean - predicted)).toBeLessThan(5 * standardError)
      expect(standardError).toBeLessThan(0.03)
    }
    expect(values[lags.indexOf(24)]!.predicted).toBeCloseTo(1, 10)
    expect(values[lags.indexOf(24)]!.mean).toBeGreaterThan(0.9)
  })

  it('is never complete of incommensurate ones: no limit cycle', () => {
    const values = revivals([7, 11, 13, 17, 19].map((p) => 0.15 * Math.sqrt(p)))
    for (const { mean, standardError, predicted } of values) {
      expect(Math.abs(mean - predicted)).toBeLessThan(5 * standardError)
      expect(mean + 5 * standardError).toBeLessThan(0.9)
    }
  })
})
