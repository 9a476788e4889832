import { beforeAll, describe, expect, it } from 'vitest'
import { regressionProblem, spectrumAtMinimum } from '../foundation/regression-problem.ts'
import { discreteLaw } from '../oracle/discrete.ts'
import { discreteRotation, discreteRotationReversal, rotationOf } from '../oracle/rotation.ts'
import { shuffledEpochsTheory } from '../oracle/shuffled-epochs.ts'
import { shuffledTwoTimeStationary } from '../oracle/shuffled-epochs-two-time.ts'
import { discreteZeroCrossing } from '../oracle/zero-crossing.ts'
import { regressionSource } from '../sim/regression-source.ts'
import { teacherDataset } from '../sim/teacher.ts'
import { expectMean, gaussianProblem, meanOf, show, stationaryStart, threeRegimes, waves } from './observer.settings.ts'
import { rotation } from './rotation.ts'
import { firstSignChange } from './sign-change.ts'
import { observeTwoTime, type TwoTimeOptions, type TwoTimeRecord } from './two-time.ts'

const shape = { modeCount: 3, outputCount: 2 }

describe('observeTwoTime', () => {
  it.each<[TwoTimeOptions, number]>([
    [{ burnIn: 0, lags: [1, 2, 7, 30], stride: 1 }, 60],
    [{ burnIn: 13, lags: [5, 1, 10], stride: 5 }, 101],
    [{ burnIn: 4, lags: [1, 3, 8], stride: 40 }, 100],
  ])('gives the means that a kept trajectory gives: %j, %d steps', (options, steps) => {
    const chain = waves(shape, steps)
    const { observer, record } = observeTwoTime(shape, options)
    const shown = show(chain, observer)
    const { twoTime, oneTime, windowCounts } = record()
    const needed = new Set([0])
    options.lags.forEach((lag, index) => {
      const starts: number[] = []
      const cycle = options.stride * Math.ceil(lag / options.stride)
      for (let start = options.burnIn; start + lag <= steps; start += cycle) starts.push(start)
      for (let start = options.burnIn; start <= steps; start += cycle)
        needed.add(start).add(Math.min(start + lag, steps))
      expect(windowCounts[index]).toBe(starts.length)
      for (let l = 0; l < 3; l++) {
        for (let entry = 0; entry < 4; entry++) {
          const earlier = entry < 2 ? chain.position : chain.velocity
          const later = entry % 2 === 0 ? chain.position : chain.velocity
          let [now, then] = [0, 0]
          for (const start of starts) {
            for (const at of [l, 3 + l]) {
              now += (earlier[start]![at]! * later[start]![at]!) / starts.length
              then += (earlier[start]![at]! * later[start + lag]![at]!) / starts.length
            }
          }
          const block = 4 * (l * options.lags.length + index) + entry
          expect(oneTime[block]).toBeCloseTo(now, 12)
          expect(twoTime[block]).toBeCloseTo(then, 12)
        }
      }
    })
    // no step is asked for but a window's ends
    for (const step of shown) expect(needed.has(step), `step ${step}`).toBe(true)
  })

  it('refuses options out of range, records without a window, steps not asked for', () => {
    const options = { burnIn: 0, lags: [2], stride: 1 }
    expect(() => observeTwoTime(shape, { ...options, burnIn: -1 })).toThrow(
      new RangeError('observeTwoTime: burnIn must be an integer ≥ 0, got -1'),
    )
    expect(() => observeTwoTime(shape, { ...options, lags: [3, 0] })).toThrow(
      new RangeError('observeTwoTime: lags[1] must be an integer ≥ 1, got 0'),
    )
    expect(() => observeTwoTime(shape, { ...options, stride: 0.5 })).toThrow(RangeError)
    const { observer, record } = observeTwoTime(shape, options)
    const state = new Float64Array(6)
    observer.observe(0, state, state)
    expect(record).toThrow(new RangeError('observeTwoTime: steps must reach 2 for one window of lag 2'))
    expect(() => observer.observe(1, state, state)).toThrow(
      new RangeError('observeTwoTime: step must be 2, the next one asked for, got 1'),
    )
  })
})

describe('two times of SGD with Gaussian noise', () => {
  const eigenvalues = [20, 2, 0.05]
  const problem = gaussianProblem(eigenvalues, 0.7)
  const spectrum = { eigenvalues: problem.eigenvalues, noiseVariances: new Float64Array(3).fill(0.7) }
  const law = discreteLaw(spectrum, threeRegimes)
  const lags = [1, 4, 5, 9, 15, 20, 30, 60]
  const records = (stride: number, steps: number, replicas: number): TwoTimeRecord[] => {
    const source = regressionSource(problem, threeRegimes, {
      sampling: 'gaussian',
      seed: 41,
      start: stationaryStart(law),
    })
    return Array.from({ length: replicas }, (_, chain) => {
      const { observer, record } = observeTwoTime(source, { burnIn: 0, lags, stride })
      source.run(chain, steps, observer)
      return record()
    })
  }
  let sample: TwoTimeRecord[] = []
  beforeAll(() => {
    sample = records(15, 12_000, 96)
  })

  it('are P (Mʲ)ᵀ, in all four entries of three modes at eight lags', () => {
    lags.forEach((lag, index) => {
      const E = law.propagator(lag)
      for (let l = 0; l < 3; l++) {
        const P = law.stationary.subarray(4 * l, 4 * l + 4)
        const M = E.subarray(4 * l, 4 * l + 4)
        const scales = [P[0]!, Math.sqrt(P[0]! * P[3]!), Math.sqrt(P[0]! * P[3]!), P[3]!]
        for (let entry = 0; entry < 4; entry++) {
          const row = entry < 2 ? 0 : 2
          const column = entry % 2 === 0 ? 0 : 2
          const exact = P[row]! * M[column]! + P[row + 1]! * M[column + 1]!
          const block = 4 * (l * lags.length + index) + entry
          // the creeping mode forgets in 200 steps: 60 independent values a replica
          const precision = (l === 2 && entry < 3 ? 0.08 : 0.02) * scales[entry]!
          expectMean(
            `mode ${l}, lag ${lag}, entry ${entry}`,
            sample.map((r) => r.twoTime[block]!),
            exact,
            precision,
          )
          expectMean(
            `at once, ${l}, ${entry}`,
            sample.map((r) => r.oneTime[block]!),
            P[entry]!,
            precision,
          )
        }
      }
    })
  })

  it('turn by −ησ²ρ/(S(1−β)) a step, and turn back at π/ϑ where a mode oscillates, never where it creeps', () => {
    const turned = sample.map((record) => rotation(record))
    const exact = discreteRotation(spectrum, threeRegimes)
    for (let l = 0; l < 3; l++) {
      lags.forEach((lag, index) => {
        const scale = Math.sqrt(law.stationary[4 * l]! * law.stationary[4 * l + 3]!)
        const values = turned.map((r) => r[l * lags.length + index]!)
        expectMean(`rotation of mode ${l}, lag ${lag}`, values, rotationOf(law, lag)[l]!, 0.03 * scale)
        if (lag === 1) expectMean(`rotation of mode ${l}`, values, exact[l]!, 0.05 * Math.abs(exact[l]!))
      })
    }
    const reversal = discreteRotationReversal(problem.eigenvalues, threeRegimes)
    const average = (l: number): number[] =>
      lags.map((_, index) => meanOf(turned.map((r) => r[l * lags.length + index]!)).mean)
    // between 4 and 5 steps for the stiff mode, 15 and 20 for the second, read off the measured signs
    for (const [l, before, beyond] of [
      [0, 4, 5],
      [1, 15, 20],
    ] as const) {
      expect(reversal[l]).toBeGreaterThan(before)
      expect(reversal[l]).toBeLessThan(beyond)
      const measured = firstSignChange(lags, average(l))
      expect(measured).toBeGreaterThan(before)
      expect(measured).toBeLessThan(beyond)
    }
    expect(reversal[2]).toBeUndefined()
    // what the creeping mode has turned by lag 9 is beyond doubt
    const { mean, standardError } = meanOf(turned.map((r) => r[2 * lags.length + lags.indexOf(9)]!))
    expect(mean / standardError).toBeLessThan(-5)
  })

  it('have velocities anticorrelated beyond the zero crossing, overdamped too', () => {
    const crossing = discreteZeroCrossing(problem.eigenvalues, threeRegimes)[2]!
    expect(crossing.firstNegativeLag).toBeGreaterThan(9)
    expect(crossing.firstNegativeLag).toBeLessThan(30)
    const correlation = (index: number): { mean: number; standardError: number } =>
      meanOf(sample.map((r) => r.twoTime[4 * (2 * lags.length + index) + 3]!))
    const before = correlation(lags.indexOf(5))
    expect(before.mean / before.standardError).toBeGreaterThan(5)
    const after = correlation(lags.indexOf(30))
    const exact = law.stationary[11]! * law.propagator(30)[11]! + law.stationary[10]! * law.propagator(30)[10]!
    expect(exact).toBeLessThan(0)
    expect(Math.abs(after.mean - exact)).toBeLessThan(5 * after.standardError)
  })
})

describe('two times of SGD in shuffled epochs', () => {
  const data = teacherDataset({ name: 't', seed: 8, exampleCount: 44, eigenvalues: [10, 1, 0.2], labelNoise: 0.8 })
  const problem = regressionProblem(data.features, data.targets, 44, 0)
  const hyperparameters = { learningRate: 0.02, momentum: 0.8, weightDecay: 0, batchSize: 8 }
  const noise = spectrumAtMinimum(problem)
  const shuffling = { exampleCount: 44 } // five batches of 8, one of 4
  const theory = shuffledEpochsTheory(noise, hyperparameters, shuffling)
  const lags = [1, 4, 6, 15]

  it.each([
    ['at all places of an epoch alike', 'anywhere' as const, 25],
    ['at epochs’ starts', 0, 18],
  ])('are what an order without replacement makes of them, %s, and not P (Mʲ)ᵀ', (_, place, stride) => {
    const start = stationaryStart({ ...discreteLaw(noise, hyperparameters), stationary: theory.epochEnd })
    const source = regressionSource(problem, hyperparameters, {
      sampling: 'shuffled-epochs',
      noise: 'frozen',
      seed: 44,
      start,
    })
    const sample = Array.from({ length: 96 }, (__, chain) => {
      const { observer, record } = observeTwoTime(source, { burnIn: 0, lags, stride })
      source.run(chain, 9000, observer)
      return record()
    })
    const at = (lag: number): Float64Array => shuffledTwoTimeStationary(noise, hyperparameters, shuffling, place, lag)
    const P = at(0)
    let apart = 0
    lags.forEach((lag, index) => {
      const exact = at(lag)
      const E = discreteLaw(noise, hyperparameters).propagator(lag)
      for (let l = 0; l < 3; l++) {
        for (let entry = 0; entry < 4; entry++) {
          const values = sample.map((r) => r.twoTime[4 * (l * lags.length + index) + entry]!)
          const scale = Math.sqrt(P[4 * l + 3 * (entry >> 1)]! * P[4 * l + 3 * (entry & 1)]!)
          expectMean(`lag ${lag}, mode ${l}, entry ${entry}`, values, exact[4 * l + entry]!, 0.02 * scale)
          const [row, column] = [4 * l + 2 * (entry >> 1), 4 * l + 2 * (entry & 1)]
          const markov = P[row]! * E[column]! + P[row + 1]! * E[column + 1]!
          const { mean, standardError } = meanOf(values)
          if (Math.abs(mean - markov) > 5 * standardError) apart++
        }
      }
    })
    if (place === 'anywhere') expect(apart).toBeGreaterThan(12)
  })
})

describe('firstSignChange', () => {
  it('lies on the line between the points about it', () => {
    expect(firstSignChange([1, 2, 5], [3, 1, -1])).toBeCloseTo(3.5, 15)
    expect(firstSignChange([1, 2], [-1, 0])).toBe(2)
    expect(firstSignChange([1, 2, 3], [1, 0.5, 0.1])).toBeUndefined()
    expect(firstSignChange([], [])).toBeUndefined()
  })

  it('refuses a curve without a first sign', () => {
    expect(() => firstSignChange([1, 2], [0, 1])).toThrow(
      new RangeError('firstSignChange: values[0] must not be 0, got 0'),
    )
    expect(() => firstSignChange([1], [Number.NaN])).toThrow(RangeError)
    expect(() => firstSignChange([1], [1, 2])).toThrow(RangeError)
  })
})
