import { describe, expect, it } from 'vitest'
import type { PhasePoint } from '../foundation/phase-space.ts'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { discreteLaw, discreteTheory } from '../oracle/discrete.ts'
import { predictedExponent } from '../oracle/exponent.ts'
import { interpolationDecay } from '../oracle/interpolation-decay.ts'
import { miniBatchTransient } from '../oracle/mini-batch-transient.ts'
import type { EnsembleStart } from '../sim/ensemble-start.ts'
import { regressionSource } from '../sim/regression-source.ts'
import { exponentAgainstLength, localExponents, replicaExponents } from './exponent.ts'
import { expectMean, gaussianProblem, meanOf, show, stationaryStart, waves } from './observer.settings.ts'
import { logSpacedSteps, observePath } from './path.ts'

const shape = { modeCount: 3, outputCount: 2 }

describe('observePath', () => {
  it.each([0, 4])('gives the distances that a kept trajectory gives, from step %d', (origin) => {
    const steps = [1, 2, 9, 15]
    const chain = waves(shape, 30)
    const { observer, record } = observePath(shape, { origin, steps })
    expect(show(chain, observer)).toEqual([...new Set([0, origin, ...steps.map((k) => origin + k)])])
    const { squaredDisplacement, squaredDistance } = record()
    steps.forEach((k, index) => {
      const [x, start] = [chain.position[origin + k]!, chain.position[origin]!]
      expect(squaredDisplacement[index]).toBeCloseTo(Math.hypot(...x.map((value, at) => value - start[at]!)) ** 2, 12)
      expect(squaredDistance[index]).toBeCloseTo(Math.hypot(...x) ** 2, 12)
    })
  })

  it('refuses steps out of range, and a record with one missing', () => {
    expect(() => observePath(shape, { origin: 0, steps: [0, 1] })).toThrow(
      new RangeError('observePath: steps[0] must be an integer ≥ 1, got 0'),
    )
    expect(() => observePath(shape, { origin: 0, steps: [3, 3] })).toThrow(RangeError)
    expect(() => observePath(shape, { origin: -1, steps: [3] })).toThrow(RangeError)
    const { observer, record } = observePath(shape, { origin: 1, steps: [2] })
    observer.observe(1, new Float64Array(6), new Float64Array(6))
    expect(record).toThrow(new RangeError('observePath: steps must all be shown, step 3 was not'))
  })
})

describe('logSpacedSteps', () => {
  it('goes from 1 to the largest, each step once, in a constant ratio once they are large', () => {
    expect(logSpacedSteps(8, 4)).toEqual([1, 2, 4, 8])
    const steps = logSpacedSteps(100_000, 40)
    expect(steps[0]).toBe(1)
    expect(steps.at(-1)).toBe(100_000)
    expect(new Set(steps).size).toBe(steps.length)
    expect(steps.at(-1)! / steps.at(-2)!).toBeCloseTo(10 ** (5 / 39), 3)
    expect(() => logSpacedSteps(0, 4)).toThrow(RangeError)
    expect(() => logSpacedSteps(8, 1)).toThrow(RangeError)
  })
})

describe('the exponent of SGD with Gaussian noise, from three starts', () => {
  const hyperparameters = { learningRate: 0.02, momentum: 0.8, weightDecay: 0, batchSize: 8 }
  const eigenvalues = [20, 4, 1, 0.2, 0.04, 0.01]
  const problem = gaussianProblem(eigenvalues, 0.7)
  const spectrum = { eigenvalues: problem.eigenvalues, noiseVariances: new Float64Array(6).fill(0.7) }
  const law = discreteLaw(spectrum, hyperparameters)
  const theory = discreteTheory(spectrum, hyperparameters)
  const steps = logSpacedSteps(1000, 16)
  const spread = Float64Array.from({ length: 6 }, (_, l) => Math.sqrt(law.stationary[4 * l]!))
  const displaced: PhasePoint = { position: spread.map((s) => 5 * s), velocity: new Float64Array(6) }
  const rest: PhasePoint = { position: new Float64Array(6), velocity: new Float64Array(6) }

  it.each<[string, EnsembleStart, 'stationary' | PhasePoint]>([
    ['stationary', stationaryStart(law), 'stationary'],
    ['at rest at the minimum', rest, rest],
    ['displaced by five standard deviations', displaced, displaced],
  ])('is that of the predicted curve: %s', (name, start, predictedStart) => {
    const source = regressionSource(problem, hyperparameters, { sampling: 'gaussian', seed: 108, start })
    const curves = Array.from({ length: 400 }, (_, chain) => {
      const { observer, record } = observePath(source, { origin: 0, steps })
      source.run(chain, 1000, observer)
      return record().squaredDisplacement
    })
    const predicted = theory.predictions.globalDisplacement!(predictedStart, steps)
    steps.forEach((step, k) => {
      expectMean(
        `${name}, step ${step}`,
        curves.map((curve) => curve[k]!),
        predicted[k]!,
        0.08 * predicted[k]!,
      )
    })
    // of the whole record and of its last two thirds, and the slopes on the way
    for (const fraction of [1, 2 / 3]) {
      const from = steps.length - Math.ceil(fraction * steps.length)
      const values = replicaExponents(
        steps.slice(from),
        curves.map((curve) => curve.subarray(from)),
      )
      expectMean(
        `${name}, fraction ${fraction}`,
        [...values],
        predictedExponent(theory, predictedStart, steps, fraction)!,
        0.03,
      )
    }
    const mean = steps.map((_, k) => meanOf(curves.map((curve) => curve[k]!)).mean)
    const expected = localExponents(steps, predicted, 4)
    localExponents(steps, mean, 4).forEach((exponent, at) => {
      const window = curves.map((curve) => curve.subarray(at, at + 4))
      const { standardError } = meanOf([...replicaExponents(steps.slice(at, at + 4), window)])
      // the logarithm of a mean is off by half its relative variance, 2e-3 at most
      expect(Math.abs(exponent - expected[at]!)).toBeLessThan(5 * standardError + 5e-3)
    })
    const byLength = exponentAgainstLength(steps, predicted, [4, 8, 12, 16], 1)
    expect(byLength).toHaveLength(4)
    // from rest and at stationarity it falls with the length of the fit
    if (predictedStart !== displaced) for (let n = 1; n < 4; n++) expect(byLength[n]).toBeLessThan(byLength[n - 1]!)
  })
})

describe('a single mode of interpolating data', () => {
  const problem = regressionProblem(Float64Array.of(1, -2, 0.5, 1.5, -1, 0.1), new Float64Array(6), 6, 0)
  const start = { position: Float64Array.of(1), velocity: Float64Array.of(0) }
  const distances = (learningRate: number, momentum: number, batchSize: number, steps: number[], replicas: number) => {
    const source = regressionSource(
      problem,
      { learningRate, momentum, weightDecay: 0, batchSize },
      { sampling: 'with-replacement', seed: 141, start },
    )
    return Array.from({ length: replicas }, (_, chain) => {
      const { observer, record } = observePath(source, { origin: 0, steps })
      source.run(chain, steps.at(-1)!, observer)
      return record().squaredDistance
    })
  }

  it('comes to rest at the solution almost surely, at the rate E log|1 − ηx²|, within and past the mean-square limit', () => {
    for (const [learningRate, stable] of [
      [0.2, true],
      [0.9, false],
    ] as const) {
      const hyperparameters = { learningRate, momentum: 0, weightDecay: 0, batchSize: 1 }
      const { almostSureRate, meanSquareRate } = interpolationDecay(problem, hyperparameters, { replacement: true })
      expect(meanSquareRate < 0).toBe(stable)
      const rates = distances(learningRate, 0, 1, [200], 256).map((distance) => Math.log(distance[0]!) / 400)
      expectMean(`η = ${learningRate}`, rates, almostSureRate!, 0.1 * Math.abs(almostSureRate!))
      for (const rate of rates) expect(rate).toBeLessThan(0)
    }
  })

  it('has the exact mean square on the way, with momentum, and no spread in the end', () => {
    const hyperparameters = { learningRate: 0.05, momentum: 0.8, weightDecay: 0, batchSize: 2 }
    const steps = [1, 3, 8, 20, 400]
    const { mean, covariance } = miniBatchTransient(problem, hyperparameters, { replacement: true }, start, steps)
    const sample = distances(0.05, 0.8, 2, steps, 2000)
    steps.slice(0, 4).forEach((step, k) => {
      const exact = mean.position[k]! ** 2 + covariance[4 * k]!
      expectMean(
        `step ${step}`,
        sample.map((distance) => distance[k]!),
        exact,
        0.1 * exact,
      )
    })
    for (const distance of sample) expect(distance[4]).toBeLessThan(1e-12)
  })
})
