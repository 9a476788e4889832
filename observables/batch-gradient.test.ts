import { describe, expect, it } from 'vitest'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { batchGradientCumulants } from '../oracle/batch-gradient-cumulants.ts'
import { stochasticGradient } from '../sim/stochastic-gradient.ts'
import { teacherDataset } from '../sim/teacher.ts'
import { batchGradientMoments } from './batch-gradient.ts'
import { expectMean, meanOf } from './observer.settings.ts'

describe('batchGradientMoments', () => {
  it('are means of powers about the given mean', () => {
    const drawn = [
      [1, 2],
      [3, -1],
      [0, 4],
    ]
    let next = 0
    const { first, second, third, fourth } = batchGradientMoments(
      (gradient) => gradient.set(drawn[next++]!),
      Float64Array.of(1, 1),
      3,
    )
    expect([...first]).toEqual([1 / 3, 2 / 3])
    expect([...second]).toEqual([5 / 3, 14 / 3])
    expect([...third]).toEqual([7 / 3, 20 / 3])
    expect([...fourth]).toEqual([17 / 3, 98 / 3])
    expect(() => batchGradientMoments(() => {}, new Float64Array(1), 0)).toThrow(
      new RangeError('batchGradientMoments: batches must be an integer ≥ 1, got 0'),
    )
  })
})

describe('how Gaussian batch gradients are (Assumption 1)', () => {
  const data = teacherDataset({ name: 't', seed: 6, exampleCount: 60, eigenvalues: [3, 1], labelNoise: 0.8 })
  const problem = regressionProblem(data.features, data.targets, 60, 0.1)
  const position = Float64Array.of(0.2, -0.4)

  it.each([
    ['with-replacement', 1],
    ['with-replacement', 6],
    ['with-replacement', 48],
    ['without-replacement', 6],
    ['without-replacement', 48],
  ] as const)('is what the cumulants of the examples say: %s, S = %d', (sampling, batchSize) => {
    const exact = batchGradientCumulants(problem, position, batchSize, {
      replacement: sampling === 'with-replacement',
    })
    const sample = Array.from({ length: 64 }, (_, chain) => {
      const state = streamOf(130, chain)
      const gradientAt = stochasticGradient(problem, sampling, batchSize, state)
      return batchGradientMoments((gradient) => gradientAt(position, gradient), exact.mean, 1500)
    })
    for (let l = 0; l < 2; l++) {
      const variance = exact.variance[l]!
      const fourth = exact.fourth[l]! + 3 * variance ** 2
      const values = (order: 'first' | 'second' | 'third' | 'fourth'): number[] => sample.map((m) => m[order][l]!)
      expectMean(`mean ${l}`, values('first'), 0, 0.01 * Math.sqrt(variance))
      expectMean(`variance ${l}`, values('second'), variance, 0.02 * variance)
      expectMean(`third ${l}`, values('third'), exact.third[l]!, 0.1 * variance ** 1.5)
      expectMean(`fourth ${l}`, values('fourth'), fourth, 0.05 * fourth)
    }
  })

  it('shows an excess kurtosis that falls as 1/S', () => {
    const kurtosis = (batchSize: number): { mean: number; standardError: number } => {
      const { mean, variance } = batchGradientCumulants(problem, position, batchSize, { replacement: true })
      const values = Array.from({ length: 64 }, (_, chain) => {
        const state = streamOf(131, chain)
        const gradientAt = stochasticGradient(problem, 'with-replacement', batchSize, state)
        const { fourth } = batchGradientMoments((gradient) => gradientAt(position, gradient), mean, 4000)
        return fourth[0]! / variance[0]! ** 2 - 3
      })
      return meanOf(values)
    }
    const [two, eight] = [kurtosis(2), kurtosis(8)]
    expect(two.mean / two.standardError).toBeGreaterThan(20)
    expect(Math.abs(eight.mean - two.mean / 4)).toBeLessThan(5 * Math.hypot(eight.standardError, two.standardError / 4))
    expect(eight.mean / eight.standardError).toBeGreaterThan(5)
  })
})
