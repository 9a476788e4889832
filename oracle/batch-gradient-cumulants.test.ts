import { describe, expect, it } from 'vitest'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { batchGradientCumulants } from './batch-gradient-cumulants.ts'
import { noiseAtMinimum, noiseFactor } from './mini-batch-noise.ts'

const wave = (count: number, phase: number): Float64Array =>
  Float64Array.from({ length: count }, (_, at) => Math.sin(phase + at * at) + 0.3 * Math.cos(at))
const problem = regressionProblem(wave(12, 1), wave(12, 5), 6, 0.2)
const position = wave(4, 9)

/** The gradient of one example, weight decay included. // [output, mode] */
function gradientOf(i: number): number[] {
  return [0, 1, 2, 3].map((at) => {
    const [o, l] = [at >> 1, at & 1]
    const x = problem.features.subarray(2 * i, 2 * i + 2)
    const error = x[0]! * position[2 * o]! + x[1]! * position[2 * o + 1]! + problem.residuals[2 * i + o]!
    return x[l]! * error + 0.2 * (position[at]! + problem.minimum[l * 2 + o]!)
  })
}

/** All batches, each as likely as another. */
function batches(size: number, replacement: boolean): number[][] {
  if (size === 0) return [[]]
  return batches(size - 1, replacement).flatMap((batch) =>
    [0, 1, 2, 3, 4, 5].filter((i) => replacement || !batch.includes(i)).map((i) => [...batch, i]),
  )
}

describe('batchGradientCumulants', () => {
  it.each([
    [1, true],
    [2, true],
    [5, true],
    [1, false],
    [2, false],
    [3, false],
    [5, false],
    [6, false],
  ])('sums over every batch of %d of 6 examples, with replacement: %s', (size, replacement) => {
    const all = batches(size, replacement)
    const means = all.map((batch) =>
      batch.map(gradientOf).reduce((sum, g) => sum.map((value, at) => value + g[at]! / size), [0, 0, 0, 0]),
    )
    const exact = batchGradientCumulants(problem, position, size, { replacement })
    for (let at = 0; at < 4; at++) {
      const average = (power: number, center: number): number =>
        means.reduce((sum, g) => sum + (g[at]! - center) ** power / means.length, 0)
      const mean = average(1, 0)
      const variance = average(2, mean)
      expect(exact.mean[at]).toBeCloseTo(mean, 12)
      expect(exact.variance[at]).toBeCloseTo(variance, 12)
      expect(exact.third[at]).toBeCloseTo(average(3, mean), 12)
      expect(exact.fourth[at]).toBeCloseTo(average(4, mean) - 3 * variance ** 2, 12)
      if (size < 6) expect(Math.abs(exact.third[at]!)).toBeGreaterThan(replacement || size !== 3 ? 1e-5 : -1)
    }
  })

  it('has excess kurtosis ∝ 1/S and skewness ∝ 1/√S with replacement', () => {
    const [one, many] = [1, 50].map((size) => batchGradientCumulants(problem, position, size, { replacement: true }))
    for (let at = 0; at < 4; at++) {
      const kurtosis = (c: typeof one): number => c!.fourth[at]! / c!.variance[at]! ** 2
      const skewness = (c: typeof one): number => c!.third[at]! / c!.variance[at]! ** 1.5
      expect(kurtosis(many) / kurtosis(one)).toBeCloseTo(1 / 50, 10)
      expect(skewness(many) / skewness(one)).toBeCloseTo(1 / Math.sqrt(50), 10)
    }
  })

  it.each([true, false])('has the variance that the noise of mini-batches has, with replacement: %s', (replacement) => {
    const { variance } = batchGradientCumulants(problem, new Float64Array(4), 3, { replacement })
    const factor = noiseFactor('test', problem, 3, { replacement })
    const noise = noiseAtMinimum(problem)
    expect(variance[0]! + variance[2]!).toBeCloseTo(factor * noise[0]!, 13)
    expect(variance[1]! + variance[3]!).toBeCloseTo(factor * noise[2]!, 13)
  })

  it('refuses positions of another shape and batches that cannot be drawn', () => {
    expect(() => batchGradientCumulants(problem, new Float64Array(2), 1, { replacement: true })).toThrow(
      'position must have 2·2 values [output, mode], got 2',
    )
    expect(() => batchGradientCumulants(problem, position, 7, { replacement: false })).toThrow(
      new RangeError('batchGradientCumulants: batchSize must be an integer in [1, 6] without replacement, got 7'),
    )
    expect(() => batchGradientCumulants(problem, position, 0, { replacement: true })).toThrow(RangeError)
  })
})
