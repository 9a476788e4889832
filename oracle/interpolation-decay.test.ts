import { describe, expect, it } from 'vitest'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { interpolationDecay } from './interpolation-decay.ts'
import { meanSquareLimit } from './mean-square-limit.ts'
import { miniBatchTransient } from './mini-batch-transient.ts'

const problem = regressionProblem(Float64Array.of(1, -2, 0.5, 1.5, -1, 0.1), new Float64Array(6), 6, 0)

describe('interpolationDecay', () => {
  it.each([
    [0.1, 0, 1, true],
    [0.05, 0.8, 2, true],
    [0.05, 0.8, 2, false],
    [0.3, 0.3, 6, false],
  ])(
    'is the rate of the exact second moments, η = %d, β = %d, S = %d, with replacement: %s',
    (eta, beta, size, replacement) => {
      const hyperparameters = { learningRate: eta, momentum: beta, weightDecay: 0, batchSize: size }
      const start = { position: Float64Array.of(1), velocity: Float64Array.of(0) }
      const late = Array.from({ length: 101 }, (_, k) => (size === 6 ? 300 : 1200) + k)
      const { mean, covariance } = miniBatchTransient(problem, hyperparameters, { replacement }, start, late)
      const square = (k: number): number => covariance[4 * k]! + mean.position[k]! ** 2
      const { meanSquareRate } = interpolationDecay(problem, hyperparameters, { replacement })
      // an oscillating mean makes the square oscillate about its rate: over 100 steps by less than one factor of 10
      const tolerance = size === 6 ? 0.025 : 1e-9
      expect(Math.abs(Math.log(square(100) / square(0)) / 100 - meanSquareRate)).toBeLessThan(tolerance)
    },
  )

  it('vanishes at the mean-square limit', () => {
    const hyperparameters = { learningRate: 0.1, momentum: 0.6, weightDecay: 0, batchSize: 2 }
    const limit = meanSquareLimit(problem, hyperparameters, { replacement: true })
    const rateAt = (learningRate: number): number =>
      interpolationDecay(problem, { ...hyperparameters, learningRate }, { replacement: true }).meanSquareRate
    expect(Math.abs(rateAt(limit))).toBeLessThan(1e-9)
    expect(rateAt(0.9 * limit)).toBeLessThan(0)
    expect(rateAt(1.1 * limit)).toBeGreaterThan(0)
  })

  it('is at most twice the almost sure rate, which stays negative past the mean-square limit', () => {
    for (const learningRate of [0.05, 0.2, 0.5, 0.9]) {
      const { meanSquareRate, almostSureRate } = interpolationDecay(
        problem,
        { learningRate, momentum: 0, weightDecay: 0, batchSize: 1 },
        { replacement: true },
      )
      expect(almostSureRate).toBeLessThan(meanSquareRate / 2)
      if (learningRate === 0.9) {
        expect(meanSquareRate).toBeGreaterThan(0)
        expect(almostSureRate).toBeLessThan(0)
      }
    }
  })

  it('refuses what does not interpolate, or has more than one mode', () => {
    const hyperparameters = { learningRate: 0.1, momentum: 0, weightDecay: 0, batchSize: 1 }
    const sampling = { replacement: true }
    const noisy = regressionProblem(Float64Array.of(1, 2), Float64Array.of(1, 0), 2, 0)
    expect(() => interpolationDecay(noisy, hyperparameters, sampling)).toThrow('problem must have residuals of 0')
    const two = regressionProblem(Float64Array.of(1, 0, 0, 1), new Float64Array(2), 2, 0)
    expect(() => interpolationDecay(two, hyperparameters, sampling)).toThrow('one mode and one output, got 2 and 1')
    expect(() => interpolationDecay(problem, { ...hyperparameters, weightDecay: 1 }, sampling)).toThrow(
      'weightDecay must be 0',
    )
  })
})
