import { beforeAll, describe, expect, it } from 'vitest'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { batchGradientCumulants } from '../oracle/batch-gradient-cumulants.ts'
import { discreteLaw } from '../oracle/discrete.ts'
import { rotationOf } from '../oracle/rotation.ts'
import { timeAsymmetry } from '../oracle/time-asymmetry.ts'
import { regressionSource } from '../sim/regression-source.ts'
import { expectMean, gaussianProblem, meanOf, show, stationaryStart, waves } from './observer.settings.ts'
import { observeTimeAsymmetry, type TimeAsymmetryRecord } from './time-asymmetry.ts'

const shape = { modeCount: 3, outputCount: 2 }

describe('observeTimeAsymmetry', () => {
  it.each([
    [{ burnIn: 0, lags: [1, 3], stride: 1 }, 40],
    [{ burnIn: 7, lags: [2, 9], stride: 4 }, 60],
  ])('gives the means that a kept trajectory gives: %j, %d steps', (options, steps) => {
    const chain = waves(shape, steps)
    const { observer, record } = observeTimeAsymmetry(shape, options)
    show(chain, observer)
    const result = record()
    options.lags.forEach((lag, index) => {
      const starts: number[] = []
      const cycle = options.stride * Math.ceil(lag / options.stride)
      for (let start = options.burnIn; start + lag <= steps; start += cycle) starts.push(start)
      expect(result.windowCounts[index]).toBe(starts.length)
      for (let l = 0; l < 3; l++) {
        const mean = (value: (x: number, v: number, laterX: number, laterV: number) => number): number => {
          let sum = 0
          for (const start of starts) {
            for (const at of [l, 3 + l]) {
              const [now, then] = [start, start + lag]
              sum += value(
                chain.position[now]![at]!,
                chain.velocity[now]![at]!,
                chain.position[then]![at]!,
                chain.velocity[then]![at]!,
              )
            }
          }
          return sum / starts.length
        }
        const at = l * options.lags.length + index
        expect(result.position.third[at]).toBeCloseTo(
          mean((x, _, y) => x ** 2 * y - x * y ** 2),
          12,
        )
        expect(result.position.fourth[at]).toBeCloseTo(
          mean((x, _, y) => x ** 3 * y - x * y ** 3),
          12,
        )
        expect(result.velocity.third[at]).toBeCloseTo(
          mean((_, x, __, y) => x ** 2 * y - x * y ** 2),
          12,
        )
        expect(result.velocity.fourth[at]).toBeCloseTo(
          mean((_, x, __, y) => x ** 3 * y - x * y ** 3),
          12,
        )
        expect(result.pair[at]).toBeCloseTo(
          mean((x, v, y, w) => x * w - y * v),
          12,
        )
      }
    })
  })

  it('refuses options out of range and a lag without a window', () => {
    expect(() => observeTimeAsymmetry(shape, { burnIn: 0, lags: [0], stride: 1 })).toThrow(
      new RangeError('observeTimeAsymmetry: lags[0] must be an integer ≥ 1, got 0'),
    )
    expect(observeTimeAsymmetry(shape, { burnIn: 4, lags: [3], stride: 1 }).record).toThrow(
      'steps must reach 7 for one window of lag 3',
    )
  })
})

describe('the direction of time in SGD', () => {
  const hyperparameters = { learningRate: 0.05, momentum: 0.5, weightDecay: 0, batchSize: 1 }
  const lags = [1, 3, 8]

  it('shows in no marginal with Gaussian noise, and in the pair', () => {
    const problem = gaussianProblem([12, 1], 0.7)
    const law = discreteLaw(
      { eigenvalues: problem.eigenvalues, noiseVariances: new Float64Array(2).fill(0.7) },
      hyperparameters,
    )
    const source = regressionSource(problem, hyperparameters, {
      sampling: 'gaussian',
      seed: 97,
      start: stationaryStart(law),
    })
    const sample = Array.from({ length: 96 }, (_, chain): TimeAsymmetryRecord => {
      const { observer, record } = observeTimeAsymmetry(source, { burnIn: 0, lags, stride: 9 })
      source.run(chain, 9000, observer)
      return record()
    })
    lags.forEach((lag, index) => {
      for (let l = 0; l < 2; l++) {
        const at = 3 * l + index
        const [xx, vv] = [law.stationary[4 * l]!, law.stationary[4 * l + 3]!]
        for (const [what, variance] of [
          ['position', xx],
          ['velocity', vv],
        ] as const) {
          const [third, fourth] = [sample.map((r) => r[what].third[at]!), sample.map((r) => r[what].fourth[at]!)]
          expectMean(`${what} ${l}, lag ${lag}, third`, third, 0, 0.03 * variance ** 1.5)
          expectMean(`${what} ${l}, lag ${lag}, fourth`, fourth, 0, 0.05 * variance ** 2)
        }
        const pair = sample.map((r) => r.pair[at]!)
        const exact = rotationOf(law, lag)[l]!
        expectMean(`pair ${l}, lag ${lag}`, pair, exact, 0.01 * Math.sqrt(xx * vv))
        if (lag === 1) expect(meanOf(pair).mean / meanOf(pair).standardError).toBeLessThan(-5)
      }
    })
  })

  describe('with the noise of single examples, skewed and heavy-tailed', () => {
    const features = Float64Array.from({ length: 40 }, (_, at) => Math.sin(1 + at * at))
    const targets = Float64Array.from({ length: 20 }, (_, i) => (i === 7 ? 4 : i === 3 ? -2 : 0))
    const problem = regressionProblem(features, targets, 20, 0)
    const cumulants = batchGradientCumulants(problem, new Float64Array(2), 1, { replacement: true })
    const noiseVariances = cumulants.variance.map((value, l) => value / problem.eigenvalues[l]!)
    const law = discreteLaw({ eigenvalues: problem.eigenvalues, noiseVariances }, hyperparameters)
    let sample: TimeAsymmetryRecord[] = []
    beforeAll(() => {
      const source = regressionSource(problem, hyperparameters, {
        sampling: 'with-replacement',
        noise: 'frozen',
        seed: 98,
        start: stationaryStart(law),
      })
      sample = Array.from({ length: 96 }, (_, chain) => {
        // 400 steps forget the Gaussian start
        const { observer, record } = observeTimeAsymmetry(source, { burnIn: 400, lags, stride: 9 })
        source.run(chain, 9000, observer)
        return record()
      })
    })

    it('shows in each marginal, by what the cumulants of the noise say', () => {
      const exact = timeAsymmetry(problem.eigenvalues, cumulants, hyperparameters, lags)
      let seen = 0
      for (const what of ['position', 'velocity'] as const) {
        for (const order of ['third', 'fourth'] as const) {
          exact[what][order].forEach((value, at) => {
            const values = sample.map((record) => record[what][order][at]!)
            const scale = law.stationary[4 * Math.floor(at / 3) + (what === 'position' ? 0 : 3)]!
            expectMean(
              `${what}, ${order}, ${at}`,
              values,
              value,
              order === 'third' ? 0.05 * scale ** 1.5 : 0.2 * scale ** 2,
            )
            const { mean, standardError } = meanOf(values)
            if (Math.abs(mean) > 5 * standardError) seen++
          })
        }
      }
      // of 24 statistics
      expect(seen).toBeGreaterThan(8)
    })
  })
})
