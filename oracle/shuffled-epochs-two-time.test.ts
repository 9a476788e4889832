import { describe, expect, it } from 'vitest'
import { discreteLaw } from './discrete.ts'
import { type EpochShuffling, shuffledEpochsTheory } from './shuffled-epochs.ts'
import {
  shuffledTwoTimeExcess,
  shuffledTwoTimeFromStart,
  shuffledTwoTimeStationary,
} from './shuffled-epochs-two-time.ts'

const hyperparameters = { learningRate: 0.05, momentum: 0.7, weightDecay: 0.1, batchSize: 4 }
const spectrum = { eigenvalues: Float64Array.of(12, 0.4), noiseVariances: Float64Array.of(0.8, 1.3) }

const shufflings: [string, EpochShuffling][] = [
  ['batches of one size', { exampleCount: 20 }],
  ['a short last batch', { exampleCount: 22 }],
  ['a last batch dropped', { exampleCount: 22, lastBatch: 'dropped' }],
  ['one batch an epoch', { exampleCount: 4 }],
]

/** Σ_{i<t, m<t+j} M^{t−1−i} n nᵀ (M^{t+j−1−m})ᵀ Cov(ε_i, ε_m), kick against kick, from an epoch's start. // [mode, 4] */
function byKicks({ exampleCount: N, lastBatch }: EpochShuffling, step: number, lag: number): Float64Array {
  const { learningRate: eta, momentum: beta, weightDecay, batchSize: S } = hyperparameters
  const left = N % S
  const K = Math.floor(N / S) + (left > 0 && lastBatch !== 'dropped' ? 1 : 0)
  const sizeOf = (i: number): number => (left > 0 && lastBatch !== 'dropped' && i % K === K - 1 ? left : S)
  const blocks = new Float64Array(8)
  for (let l = 0; l < 2; l++) {
    const h = spectrum.eigenvalues[l]! + weightDecay
    const s = spectrum.noiseVariances[l]! * spectrum.eigenvalues[l]!
    const responses: [number, number][] = [[eta, 1]]
    for (let k = 1; k < step + lag; k++) {
      const [x, v] = responses[k - 1]!
      const next = beta * v - h * x
      responses.push([x + eta * next, next])
    }
    for (let i = 0; i < step; i++) {
      for (let m = 0; m < step + lag; m++) {
        if (Math.floor(i / K) !== Math.floor(m / K)) continue
        const covariance = ((s * N) / (N - 1)) * ((i === m ? 1 / sizeOf(i) : 0) - 1 / N)
        const [a, b] = [responses[step - 1 - i]!, responses[step + lag - 1 - m]!]
        ;[a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]].forEach((product, entry) => {
          blocks[4 * l + entry]! += covariance * product
        })
      }
    }
  }
  return blocks
}

/** Relative to the largest of a mode's own unit. */
function expectBlocks(blocks: Float64Array, exact: Float64Array, tolerance: number): void {
  for (const b of [0, 4]) {
    const scales = [0, 1, 2, 3].map((entry) => Math.max(Math.abs(exact[b + entry]!), entry === 3 ? 1e-3 : 1e-5))
    for (let entry = 0; entry < 4; entry++) {
      expect(Math.abs(blocks[b + entry]! - exact[b + entry]!)).toBeLessThan(tolerance * scales[entry]!)
    }
  }
}

describe.each(shufflings)('two times of shuffled epochs: %s', (_, shuffling) => {
  const theory = shuffledEpochsTheory(spectrum, hyperparameters, shuffling)
  const { epochSteps } = theory

  it('sum kick against kick from a known start', () => {
    for (const step of [0, 1, 3, 5, 7, 14]) {
      for (const lag of [0, 1, 4, 9, 20]) {
        const blocks = shuffledTwoTimeFromStart(spectrum, hyperparameters, shuffling, step, lag)
        expectBlocks(blocks, byKicks(shuffling, step, lag), 1e-11)
      }
    }
  })

  it('are the one-time covariances of the theory at lag 0', () => {
    const average = shuffledTwoTimeStationary(spectrum, hyperparameters, shuffling, 'anywhere', 0)
    const { positionVariance, velocityVariance, positionVelocityCovariance } = theory.predictions
    for (const l of [0, 1]) {
      const scale = 1e-10 * positionVariance!()[l]!
      expect(Math.abs(average[4 * l]! - positionVariance!()[l]!)).toBeLessThan(scale + 1e-18)
      expect(average[4 * l + 1]).toBeCloseTo(positionVelocityCovariance!()[l]!, 12)
      expect(average[4 * l + 3]).toBeCloseTo(velocityVariance!()[l]!, 12)
    }
    expectBlocks(shuffledTwoTimeStationary(spectrum, hyperparameters, shuffling, 0, 0), theory.epochEnd, 1e-12)
  })

  it('tend to the stationary ones far from a known start, at each place', () => {
    for (let place = 0; place < epochSteps; place++) {
      for (const lag of [0, 1, 6]) {
        const late = shuffledTwoTimeFromStart(spectrum, hyperparameters, shuffling, 1000 * epochSteps + place, lag)
        const stationary = shuffledTwoTimeStationary(spectrum, hyperparameters, shuffling, place, lag)
        expectBlocks(stationary, late, 1e-9)
      }
    }
  })

  it('are one time carried on, and an excess that only the place in an epoch decides', () => {
    const M = (lag: number): Float64Array => discreteLaw(spectrum, hyperparameters).propagator(lag)
    for (const lag of [0, 1, 4, 9]) {
      const excess = shuffledTwoTimeExcess(spectrum, hyperparameters, shuffling)(lag)
      expect(excess).toHaveLength(epochSteps)
      for (const step of [0, 1, 3, 7, 14]) {
        const now = byKicks(shuffling, step, 0)
        const later = M(lag)
        const sum = excess[step % epochSteps]!.map((value, at) => {
          const [b, row, column] = [at - (at % 4), (at >> 1) % 2, at % 2]
          return value + now[b + 2 * row]! * later[b + 2 * column]! + now[b + 2 * row + 1]! * later[b + 2 * column + 1]!
        })
        expectBlocks(sum, byKicks(shuffling, step, lag), 1e-11)
      }
    }
  })

  it('make the displacement from anywhere, 2 E x_t² − 2 E x_t x_{t+j}', () => {
    const anywhere = shuffledEpochsTheory(spectrum, hyperparameters, { ...shuffling, stationaryStart: 'anywhere' })
    for (const lag of [1, 3, 8, 30]) {
      const [now, then] = [0, lag].map((j) =>
        shuffledTwoTimeStationary(spectrum, hyperparameters, shuffling, 'anywhere', j),
      )
      const moved = 2 * (now![0]! - then![0]! + now![4]! - then![4]!)
      const exact = anywhere.predictions.globalDisplacement!('stationary', [lag])[0]!
      expect(Math.abs(moved - exact)).toBeLessThan(1e-10 * exact + 1e-17)
    }
  })
})

describe('shuffledTwoTimeStationary', () => {
  it('refuses places beyond the epoch, and lags that are none', () => {
    const shuffling = { exampleCount: 20 }
    expect(() => shuffledTwoTimeStationary(spectrum, hyperparameters, shuffling, 5, 0)).toThrow(
      new RangeError('shuffledTwoTimeStationary: place must be below the 5 steps of an epoch, got 5'),
    )
    expect(() => shuffledTwoTimeStationary(spectrum, hyperparameters, shuffling, 0, -1)).toThrow(
      new RangeError('shuffledTwoTimeStationary: lag must be an integer ≥ 0, got -1'),
    )
    expect(() => shuffledTwoTimeFromStart(spectrum, hyperparameters, shuffling, 0.5, 0)).toThrow(RangeError)
  })
})
