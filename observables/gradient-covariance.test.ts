import { describe, expect, it } from 'vitest'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { noiseAround } from '../oracle/mini-batch-noise.ts'
import { samplingDistance, teacherGradientCovariance } from '../oracle/teacher-gradient-covariance.ts'
import { addLabelNoise } from '../sim/label-noise.ts'
import { teacherDataset } from '../sim/teacher.ts'
import { gradientCovariance } from './gradient-covariance.ts'
import { meanOf } from './observer.settings.ts'

const wave = (count: number, phase: number): Float64Array =>
  Float64Array.from({ length: count }, (_, at) => Math.sin(phase + at * at) + 0.3 * Math.cos(at))

describe('gradientCovariance', () => {
  it('is the covariance of the examples’ gradients, and the noise that theory has for mini-batches', () => {
    const problem = regressionProblem(wave(36, 1), wave(24, 5), 12, 0.2)
    const position = wave(6, 3)
    const { covariance, relativeDistance, modeRatios, offDiagonalShare } = gradientCovariance(problem, position)
    const direct = new Float64Array(9)
    for (const o of [0, 1]) {
      const gradients = Array.from({ length: 12 }, (_, i) => {
        const x = problem.features.subarray(3 * i, 3 * i + 3)
        const error = problem.residuals[2 * i + o]! + x.reduce((sum, value, l) => sum + value * position[3 * o + l]!, 0)
        return [...x.map((value) => value * error)]
      })
      const mean = [0, 1, 2].map((l) => gradients.reduce((sum, g) => sum + g[l]! / 12, 0))
      for (const g of gradients)
        for (let at = 0; at < 9; at++)
          direct[at]! += ((g[Math.floor(at / 3)]! - mean[Math.floor(at / 3)]!) * (g[at % 3]! - mean[at % 3]!)) / 12
    }
    direct.forEach((value, at) => {
      expect(covariance[at]).toBeCloseTo(value, 12)
    })
    const packed = new Float64Array(6)
    noiseAround(problem)(new Float64Array(6), position, packed)
    ;[0, 3, 4, 6, 7, 8].forEach((at, p) => {
      expect(packed[p]).toBeCloseTo(covariance[at]!, 12)
    })
    const target = problem.eigenvalues.map((rho) => rho * problem.noiseVariance)
    const differences = direct.map((value, at) => value - (at % 4 === 0 ? target[at / 4]! : 0))
    expect(relativeDistance).toBeCloseTo(Math.hypot(...differences) / Math.hypot(...target), 12)
    expect(modeRatios[1]).toBeCloseTo(direct[4]! / target[1]!, 12)
    const off = direct.filter((_, at) => at % 4 !== 0)
    expect(offDiagonalShare).toBeCloseTo(Math.hypot(...off) / Math.hypot(...direct), 12)
  })

  it('refuses a position of another shape, and interpolating data', () => {
    const problem = regressionProblem(wave(36, 1), wave(24, 5), 12, 0)
    expect(() => gradientCovariance(problem, new Float64Array(3))).toThrow('position must have 2·3 values')
    const still = regressionProblem(wave(36, 1), new Float64Array(12), 12, 0)
    expect(() => gradientCovariance(still, new Float64Array(3))).toThrow('residuals must not all be 0')
  })
})

describe('Assumption 3 under a teacher', () => {
  const eigenvalues = [4, 2, 1, 0.5]
  const exampleCount = 4000
  const measured = (heteroscedasticity: number, seed: number) => {
    const clean = teacherDataset({ name: 't', seed, exampleCount, eigenvalues, labelNoise: 0 })
    const noisy = addLabelNoise(clean, { seed, standardDeviation: 0.7, heteroscedasticity })
    const problem = regressionProblem(noisy.features, noisy.targets, exampleCount, 0)
    return { problem, ...gradientCovariance(problem, new Float64Array(4)) }
  }
  const seeds = Array.from({ length: 64 }, (_, seed) => seed)

  it('holds with the same noise everywhere, up to the distance of a sample of N', () => {
    const sample = seeds.map((seed) => measured(0, seed))
    const { mean, standardError } = meanOf(sample.map(({ relativeDistance }) => relativeDistance ** 2))
    const expected = samplingDistance(Float64Array.from(eigenvalues), exampleCount) ** 2
    // leading order in 1/N: the d parameters fitted change it by O(d/N) = 1e-3
    expect(Math.abs(mean - expected)).toBeLessThan(5 * standardError)
    expect(standardError / expected).toBeLessThan(0.1)
    for (let l = 0; l < 4; l++) {
      const ratio = meanOf(sample.map(({ modeRatios }) => modeRatios[l]!))
      expect(Math.abs(ratio.mean - 1)).toBeLessThan(5 * ratio.standardError + 2 / exampleCount)
    }
  })

  it('fails with noise that follows the signal, by 2a Hwwᵀ H/(wᵀHw), off the diagonal too', () => {
    const sample = seeds.slice(0, 32).map((seed) => measured(0.5, seed))
    const deviations = sample.map(({ problem, relativeDistance, offDiagonalShare, modeRatios }) => {
      const predicted = teacherGradientCovariance(problem.eigenvalues, problem.minimum, 0.5)
      return [
        relativeDistance / predicted.relativeDistance - 1,
        offDiagonalShare / predicted.offDiagonalShare - 1,
        ...modeRatios.map((ratio, l) => ratio - predicted.modeRatios[l]!),
      ]
    })
    for (let at = 0; at < 6; at++) {
      const { mean, standardError } = meanOf(deviations.map((values) => values[at]!))
      // distances of noisy matrices lie above the distance of their mean by the sampling distance squared, about 1 %
      expect(Math.abs(mean)).toBeLessThan(5 * standardError + 0.02)
      expect(standardError).toBeLessThan(0.03)
    }
    const honest = samplingDistance(Float64Array.from(eigenvalues), exampleCount)
    for (const { relativeDistance } of sample) expect(relativeDistance).toBeGreaterThan(3 * honest)
  })
})
