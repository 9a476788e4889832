import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { describe, expect, it } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { type RegressionProblem, regressionProblem } from '../foundation/regression-problem.ts'
import { discreteLaw } from '../oracle/discrete.ts'
import { projectionVariance, radiusProbability, whitenedDirection } from '../oracle/stationary-distribution.ts'
import type { SecondOrderLaw } from '../oracle/theory.ts'
import { type RegressionSourceOptions, regressionSource } from '../sim/regression-source.ts'
import { type DistributionRecord, observeDistribution } from './distribution.ts'
import { gaussianProblem, show, stationaryStart, waves } from './observer.settings.ts'

const shape = { modeCount: 3, outputCount: 2 }

describe('observeDistribution', () => {
  it('samples projections and whitened radii of a kept trajectory', () => {
    const chain = waves(shape, 30)
    const direction = {
      position: Float64Array.of(1, 0, -2, 0.5, 0, 0),
      velocity: Float64Array.of(0, 3, 0, 0, 0, 1),
    }
    const unit = { position: Float64Array.of(0, 1, 0, 0, 0, 0), velocity: new Float64Array(6) }
    // [[2, 1], [1, 3]] of each output and mode, inverse [[3, −1], [−1, 2]]/5
    const covariance = Float64Array.from({ length: 24 }, (_, at) => [2, 1, 1, 3][at % 4]!)
    const { observer, record } = observeDistribution(shape, {
      burnIn: 4,
      every: 7,
      projections: [direction, unit],
      covariance,
    })
    expect(show(chain, observer)).toEqual([0, 4, 11, 18, 25])
    const { projections, squaredRadius } = record()
    ;[4, 11, 18, 25].forEach((step, sample) => {
      const [x, v] = [chain.position[step]!, chain.velocity[step]!]
      expect(projections[0]![sample]).toBeCloseTo(x[0]! - 2 * x[2]! + 0.5 * x[3]! + 3 * v[1]! + v[5]!, 13)
      expect(projections[1]![sample]).toBe(x[1])
      const radius = x.reduce((sum, value, at) => sum + (3 * value ** 2 - 2 * value * v[at]! + 2 * v[at]! ** 2) / 5, 0)
      expect(squaredRadius[sample]).toBeCloseTo(radius, 12)
    })
    expect(squaredRadius).toHaveLength(4)
  })

  it('refuses directions and covariances of another shape, and records without a sample', () => {
    const options = { burnIn: 2, every: 1, projections: [] }
    expect(() => observeDistribution(shape, { ...options, every: 0 })).toThrow(
      new RangeError('observeDistribution: every must be an integer ≥ 1, got 0'),
    )
    const short = { position: new Float64Array(3), velocity: new Float64Array(6) }
    expect(() => observeDistribution(shape, { ...options, projections: [short] })).toThrow(
      'projections[0] must have 6 positions and velocities [output, mode], got 3 and 6',
    )
    expect(() => observeDistribution(shape, { ...options, covariance: new Float64Array(4) })).toThrow(
      'covariance must have 6·4 values',
    )
    expect(() => observeDistribution(shape, { ...options, covariance: new Float64Array(24).fill(1) })).toThrow(
      new RangeError('observeDistribution: covariance[0] must be positive definite, got 1, 1, 1'),
    )
    expect(observeDistribution(shape, options).record).toThrow('steps must reach 2, the first sample')
  })
})

/** √n times the largest distance of the empirical distribution from F at 1,000 of F's quantiles. */
function distance(values: ArrayLike<number>, quantile: (p: number) => number): number {
  const sorted = Float64Array.from(values).sort()
  let below = 0
  let largest = 0
  for (let i = 1; i < 1000; i++) {
    while (below < sorted.length && sorted[below]! <= quantile(i / 1000)) below++
    largest = Math.max(largest, Math.abs(below / sorted.length - i / 1000))
  }
  return Math.sqrt(sorted.length) * largest
}

/** Massart's bound: √n·D exceeds it with probability at most 2e^{−2·2.7²} = 9e-7. */
const band = 2.7

function sampleOf(
  problem: RegressionProblem,
  law: SecondOrderLaw,
  sampling: Pick<RegressionSourceOptions, 'sampling' | 'noise'>,
): { record: DistributionRecord; variances: number[] } {
  const { modeCount } = problem
  const state = streamOf(9, 3)
  const random = (): Float64Array => Float64Array.from({ length: modeCount }, () => standardNormal(state))
  const unit = (at: number): Float64Array => Float64Array.from({ length: modeCount }, (_, l) => (l === at ? 1 : 0))
  const projections = [
    { position: unit(0), velocity: unit(-1) },
    { position: unit(-1), velocity: unit(0) },
    { position: unit(modeCount - 1), velocity: unit(-1) },
    whitenedDirection(law.stationary, { position: random(), velocity: random() }),
  ]
  const source = regressionSource(problem, hyperparameters, { ...sampling, seed: 74, start: stationaryStart(law) })
  // the slowest mode forgets in 20 steps: e⁻¹⁰ is left from one sample to the next
  const { observer, record } = observeDistribution(source, {
    burnIn: 400,
    every: 200,
    projections,
    covariance: law.stationary,
  })
  source.run(0, 400_000, observer)
  return { record: record(), variances: projections.map((a) => projectionVariance(law.stationary, a)) }
}

const hyperparameters = { learningRate: 0.05, momentum: 0.5, weightDecay: 0, batchSize: 1 }

describe('the stationary law of SGD', () => {
  it('is Gaussian with Gaussian noise: modes, a random direction, the whitened radius within bands of 2,000 samples', () => {
    const problem = gaussianProblem([12, 0.5], 0.7)
    const spectrum = { eigenvalues: problem.eigenvalues, noiseVariances: new Float64Array(2).fill(0.7) }
    const law = discreteLaw(spectrum, hyperparameters)
    const { record, variances } = sampleOf(problem, law, { sampling: 'gaussian' })
    expect(variances[3]).toBeCloseTo(1, 12)
    record.projections.forEach((values, index) => {
      expect(values).toHaveLength(1999)
      const spread = Math.sqrt(variances[index]!)
      expect(
        distance(values, (p) => normalQuantile(p, 0, spread)),
        `projection ${index}`,
      ).toBeLessThan(band)
      // half as much spread again is seen: 0.097 √1999 = 4.3
      expect(distance(values, (p) => normalQuantile(p, 0, 1.5 * spread))).toBeGreaterThan(band)
    })
    const probabilities = record.squaredRadius.map((square) => radiusProbability(2, square))
    expect(distance(probabilities, (p) => p)).toBeLessThan(band)
    const one = record.squaredRadius.map((square) => radiusProbability(1, square))
    expect(distance(one, (p) => p)).toBeGreaterThan(band)
  })

  it('is seen not to be where one example in twenty makes the noise', () => {
    const features = Float64Array.from({ length: 40 }, (_, at) => Math.sin(1 + at * at))
    const targets = Float64Array.from({ length: 20 }, (_, i) => (i === 7 ? 4 : 0))
    const problem = regressionProblem(features, targets, 20, 0)
    const noise = Float64Array.from({ length: 2 }, (_, l) => {
      let sum = 0
      for (let i = 0; i < 20; i++) sum += (problem.features[2 * i + l]! * problem.residuals[i]!) ** 2 / 20
      return sum / problem.eigenvalues[l]!
    })
    const law = discreteLaw({ eigenvalues: problem.eigenvalues, noiseVariances: noise }, hyperparameters)
    const { record, variances } = sampleOf(problem, law, { sampling: 'with-replacement', noise: 'frozen' })
    // velocities of the stiff mode remember least; positions, sums of more kicks, are closer to normal
    expect(distance(record.projections[1]!, (p) => normalQuantile(p, 0, Math.sqrt(variances[1]!)))).toBeGreaterThan(
      3 * band,
    )
  })
})
