import { beforeAll, describe, expect, it } from 'vitest'
import type { PhasePoint } from '../foundation/phase-space.ts'
import { discreteLaw, discreteTheory } from '../oracle/discrete.ts'
import { twoTimeCovariance } from '../oracle/two-time-covariance.ts'
import { regressionSource } from '../sim/regression-source.ts'
import { expectMean, gaussianProblem, meanOf, show, threeRegimes, waves } from './observer.settings.ts'
import { observeTransient, type TransientRecord } from './transient.ts'

const shape = { modeCount: 3, outputCount: 2 }

describe('observeTransient', () => {
  it('gives the products that a kept trajectory gives', () => {
    const steps = [0, 2, 3, 11]
    const pairs = [
      [0, 3],
      [1, 2],
      [2, 2],
    ] as const
    const chain = waves(shape, 15)
    // m // [output, mode, step]
    const mean = {
      position: Float64Array.from({ length: 24 }, (_, at) => Math.cos(at)),
      velocity: Float64Array.from({ length: 24 }, (_, at) => Math.cos(2 * at)),
    }
    const { observer, record } = observeTransient(shape, { steps, pairs, mean })
    expect(show(chain, observer)).toEqual(steps)
    const { oneTime, twoTime } = record()
    const deviation = (index: number, at: number): [number, number] => [
      chain.position[steps[index]!]![at]! - mean.position[4 * at + index]!,
      chain.velocity[steps[index]!]![at]! - mean.velocity[4 * at + index]!,
    ]
    const expected = (earlier: number, later: number, l: number, entry: number): number =>
      [l, 3 + l].reduce((sum, at) => sum + deviation(earlier, at)[entry >> 1]! * deviation(later, at)[entry & 1]!, 0)
    for (let l = 0; l < 3; l++) {
      for (let entry = 0; entry < 4; entry++) {
        steps.forEach((_, k) => {
          expect(oneTime[4 * (4 * l + k) + entry]).toBeCloseTo(expected(k, k, l, entry), 13)
        })
        pairs.forEach(([earlier, later], k) => {
          expect(twoTime[4 * (3 * l + k) + entry]).toBeCloseTo(expected(earlier, later, l, entry), 13)
        })
      }
    }
  })

  it('refuses steps, pairs and means out of range, and a record with a step missing', () => {
    const point = (count: number): PhasePoint => ({
      position: new Float64Array(count),
      velocity: new Float64Array(count),
    })
    const good = { steps: [0, 4], pairs: [], mean: point(12) }
    expect(() => observeTransient(shape, { ...good, steps: [4, 4] })).toThrow(
      new RangeError('observeTransient: steps[1] must be an integer ≥ 5, got 4'),
    )
    expect(() => observeTransient(shape, { ...good, pairs: [[0, 2]] })).toThrow(
      new RangeError('observeTransient: pairs[0] must be below the 2 steps, got 2'),
    )
    expect(() => observeTransient(shape, { ...good, pairs: [[1, 0]] })).toThrow(
      new RangeError('observeTransient: pairs[0] must have the earlier time first, got 1, 0'),
    )
    expect(() => observeTransient(shape, { ...good, mean: point(6) })).toThrow(
      new RangeError('observeTransient: mean.position must have 2·3·2 values [output, mode, step], got 6'),
    )
    const { observer, record } = observeTransient(shape, good)
    observer.observe(0, new Float64Array(6), new Float64Array(6))
    expect(record).toThrow(new RangeError('observeTransient: steps must all be shown, step 4 was not'))
  })
})

describe('SGD with Gaussian noise from a known start', () => {
  const problem = gaussianProblem([20, 2, 0.05], 0.7)
  const spectrum = { eigenvalues: problem.eigenvalues, noiseVariances: new Float64Array(3).fill(0.7) }
  const law = discreteLaw(spectrum, threeRegimes)
  // tens of standard deviations away
  const start = { position: Float64Array.of(0.5, -1, 3), velocity: Float64Array.of(2, 0, -1) }
  const steps = [1, 2, 8, 25, 100, 400]
  const pairs = [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
  ] as const
  let sample: TransientRecord[] = []
  beforeAll(() => {
    const source = regressionSource(problem, threeRegimes, { sampling: 'gaussian', seed: 52, start })
    const mean = discreteTheory(spectrum, threeRegimes).predictions.meanTrajectory!(start, steps)
    sample = Array.from({ length: 4000 }, (_, chain) => {
      const { observer, record } = observeTransient(source, { steps, pairs, mean })
      source.run(chain, 400, observer)
      return record()
    })
  })

  /** √ of the products of variances at the two times, the scale of each entry of a block. */
  const scales = (earlier: Float64Array, later: Float64Array, l: number): number[] =>
    [0, 1, 2, 3].map((entry) => Math.sqrt(earlier[4 * l + 3 * (entry >> 1)]! * later[4 * l + 3 * (entry & 1)]!))

  it('has covariance V_k at each step (eq. 26), whatever the mean does', () => {
    steps.forEach((step, k) => {
      const V = law.accumulated!(step)
      for (let l = 0; l < 3; l++) {
        scales(V, V, l).forEach((scale, entry) => {
          const values = sample.map(({ oneTime }) => oneTime[4 * (steps.length * l + k) + entry]!)
          // √(2/4000) = 2.2 %
          expectMean(`step ${step}, mode ${l}, entry ${entry}`, values, V[4 * l + entry]!, 0.03 * scale)
        })
      }
    })
  })

  it('has covariance V_t (Mʲ)ᵀ between two times (eq. 10), and no trace of −t', () => {
    let reversed = 0
    pairs.forEach(([earlier, later], k) => {
      const lag = steps[later]! - steps[earlier]!
      const exact = twoTimeCovariance(law, start, steps[earlier]!, lag)
      const [V, W] = [law.accumulated!(steps[earlier]!), law.accumulated!(steps[later]!)]
      for (let l = 0; l < 3; l++) {
        scales(V, W, l).forEach((scale, entry) => {
          const values = sample.map(({ twoTime }) => twoTime[4 * (pairs.length * l + k) + entry]!)
          expectMean(`pair ${k}, mode ${l}, entry ${entry}`, values, exact[4 * l + entry]!, 0.03 * scale)
          const { mean, standardError } = meanOf(values)
          // the transposed block, which a wrong order of times would give
          const transposed = exact[4 * l + [0, 2, 1, 3][entry]!]!
          if (Math.abs(mean - transposed) > 10 * standardError) reversed++
        })
      }
    })
    expect(reversed).toBeGreaterThan(10)
  })
})
