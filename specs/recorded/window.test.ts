import { describe, expect, it } from 'vitest'
import { discreteTheory } from '../../oracle/discrete.ts'
import { equation19 } from '../../oracle/equation-19.ts'
import { shuffledEpochsTheory } from '../../oracle/shuffled-epochs.ts'
import { shuffledTwoTimeExcess, shuffledTwoTimeFromStart } from '../../oracle/shuffled-epochs-two-time.ts'
import { type KeptRows, windowOf } from './window.ts'

const spectrum = { eigenvalues: Float64Array.of(2, 0.1), noiseVariances: Float64Array.of(0.5, 0.8) }
const hyperparameters = { learningRate: 0.05, momentum: 0.8, weightDecay: 0.01, batchSize: 4 }
const shuffling = { exampleCount: 22 }
const start = Float64Array.of(0.3, 0.1, 0.1, 0.9, 2, -0.2, -0.2, 0.4)
const every = 3
const rows: KeptRows = {
  steps: Float64Array.from({ length: 30 }, (_, row) => every * row),
  every,
  first: 4,
  end: 30,
  lags: [1, 5],
}

type Block = number[][]
const block = (values: ArrayLike<number>, l: number): Block => [
  [values[4 * l]!, values[4 * l + 1]!],
  [values[4 * l + 2]!, values[4 * l + 3]!],
]
const product = (A: Block, B: Block): Block =>
  A.map((row) => B[0]!.map((_, j) => row.reduce((sum, a, k) => sum + a * B[k]![j]!, 0)))
const transposed = (A: Block): Block => A[0]!.map((_, j) => A.map((row) => row[j]!))
const plus = (A: Block, B: Block): Block => A.map((row, i) => row.map((a, j) => a + B[i]![j]!))

/** M step by step: v' = βv − hx, x' = x + ηv'. */
function power(l: number, steps: number): Block {
  const { learningRate, momentum, weightDecay } = hyperparameters
  const h = spectrum.eigenvalues[l]! + weightDecay
  const M = [
    [1 - learningRate * h, learningRate * momentum],
    [-h, momentum],
  ]
  let all: Block = [
    [1, 0],
    [0, 1],
  ]
  for (let k = 0; k < steps; k++) all = product(M, all)
  return all
}

/** E z_t z_{t+lag}ᵀ of one mode, the noise's part from `covariance`, averaged over rows from `from` on that have a later one. */
function naive(
  l: number,
  lag: number,
  from: number,
  end: number,
  covariance: (step: number, lag: number) => Float64Array,
): number[] {
  const sum = [0, 0, 0, 0]
  for (let row = from; row < end - lag; row++) {
    const [t, j] = [every * row, every * lag]
    const known = product(product(power(l, t), block(start, l)), transposed(power(l, t + j)))
    const total = plus(known, block(covariance(t, j), l)).flat()
    total.forEach((value, at) => {
      sum[at]! += value / (end - lag - from)
    })
  }
  return sum
}

const near = (value: number, exact: number, scale: number): void =>
  // 26 rows of numbers that are each right to 1e-12
  expect(Math.abs(value - exact)).toBeLessThan(1e-10 * scale)

const discrete = discreteTheory(spectrum, hyperparameters)
/** V(t)(Mʲ)ᵀ, for noise without memory. */
const independent = (step: number, lag: number): Float64Array => {
  const V = discrete.predictions.covarianceAtStep!([step])
  return Float64Array.from([0, 1].flatMap((l) => product(block(V, l), transposed(power(l, lag))).flat()))
}
const shuffled = (step: number, lag: number): Float64Array =>
  shuffledTwoTimeFromStart(spectrum, hyperparameters, shuffling, step, lag)

describe.each([
  ['independent batches', windowOf(discrete, start, rows, 'none')!, independent],
  [
    'shuffled epochs',
    windowOf(shuffledEpochsTheory(spectrum, hyperparameters, shuffling), start, rows, {
      epochSteps: 6,
      excess: shuffledTwoTimeExcess(spectrum, hyperparameters, shuffling),
    })!,
    shuffled,
  ],
] as const)('rows of %s from a known start, against sums row by row', (_, window, covariance) => {
  it.each([0, 1])('mode %i', (l) => {
    for (const lag of rows.lags) {
      const exact = naive(l, lag, rows.first, rows.end, covariance)
      const scale = Math.max(...exact.map(Math.abs))
      exact.forEach((value, at) => {
        near(window.between(lag)[4 * l + at]!, value, scale)
      })
      // E x_t² + E x_{t+j}² − 2E x_t x_{t+j}
      const earlier = naive(l, 0, rows.first, rows.end - lag, covariance)
      const later = naive(l, 0, rows.first + lag, rows.end, covariance)
      near(window.displacementBetween(lag)[l]!, earlier[0]! + later[0]! - 2 * exact[0]!, scale)
      earlier.forEach((value, at) => {
        near(window.average(rows.end - lag)[4 * l + at]!, value, scale)
      })
    }
  })

  it('moves from the very start by E‖(M−1)z₀‖² and the noise', () => {
    for (const l of [0, 1]) {
      const [M, Z, V] = [power(l, 9), block(start, l), block(covariance(9, 0), l)]
      const gone = [[M[0]![0]! - 1, M[0]![1]!]]
      near(window.displacement(9)[l]!, product(product(gone, Z), transposed(gone))[0]![0]! + V[0]![0]!, 1)
    }
  })

  it('knows only what it was asked for', () => {
    expect(() => window.between(2)).toThrow('lag must be one asked for, got 2')
    expect(() => window.average(17)).toThrow('no average is kept of rows before 17')
  })
})

it('is absent where a theory knows stationary states only', () => {
  expect(windowOf(equation19(spectrum, hyperparameters), start, rows, 'none')).toBeUndefined()
})
