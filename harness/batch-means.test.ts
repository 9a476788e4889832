import { expect, test } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { estimateLongRun, memoryOfSeries } from './batch-means.ts'

/** x_{k+1} = φ₁ x_k + φ₂ x_{k−1} + noise. */
function autoregression(seed: number, count: number, first: number, second = 0): Float64Array {
  const state = streamOf(seed, 0)
  const series = new Float64Array(count + 2000)
  for (let at = 2; at < series.length; at++) {
    series[at] = first * series[at - 1]! + second * series[at - 2]! + standardNormal(state)
  }
  return series.subarray(2000)
}

test.each([
  { first: 0, expected: 1, count: 2e4 },
  { first: 0.5, expected: 3, count: 2e4 },
  { first: 0.95, expected: 39, count: 1e5 },
  { first: 0.995, expected: 399, count: 4e5 },
])('AR(1) at $first has correlation time $expected', ({ first, expected, count }) => {
  const { correlationTime, memory } = memoryOfSeries(autoregression(2, count, first))
  // Sokal's estimate: relative variance 2(2W+1)/n with a window W of 5 correlation times, less the 1 % left out
  const error = Math.sqrt((2 * (10 * expected + 1)) / count)
  expect(Math.abs(correlationTime / expected - 1)).toBeLessThan(4 * error + 0.03)
  expect(memory).toBeGreaterThan(0.9 * expected)
  expect(memory).toBeLessThan((1.2 + 4 * error) * expected)
})

test('of an oscillation the correlations cancel in the correlation time, not in the memory', () => {
  // roots 0.98 e^{±0.5i}: 1 + 2Σr_j by the spectrum at zero, (σ²/|1−φ₁−φ₂|²)/Var x
  const [modulus, angle] = [0.98, 0.5]
  const [first, second] = [2 * modulus * Math.cos(angle), -(modulus ** 2)]
  const variance = (1 - second) / ((1 + second) * ((1 - second) ** 2 - first ** 2))
  const expected = 1 / (1 - first - second) ** 2 / variance
  const { correlationTime, memory } = memoryOfSeries(autoregression(3, 1e5, first, second))
  expect(expected).toBeLessThan(0.5)
  expect(Math.abs(correlationTime - expected)).toBeLessThan(0.5)
  // Σ|r_j| ≈ (2/π)/(1 − modulus)
  expect(memory).toBeGreaterThan(40)
})

test('batches are 50 memories long, at least 30 of them or the run is too short', () => {
  const long = estimateLongRun({ numerator: autoregression(4, 20_000, 0.5) }, 'linear')
  expect(long.tooShort).toBeUndefined()
  const { length, correlationTime } = long.estimate.batches!
  expect(length).toBeGreaterThanOrEqual(50 * 2.5)
  expect(long.estimate.replicas).toBe(Math.floor(20_000 / length))
  expect(correlationTime).toBeCloseTo(3, 0)

  const short = estimateLongRun({ numerator: autoregression(4, 2000, 0.5) }, 'linear')
  expect(short.tooShort).toMatch(/the run remembers .* samples: 30 batches of \d+ need \d+ samples, got 2000/)
  expect(short.estimate.replicas).toBe(30)
})

test('the standard error of a correlated mean is as known, where independence would say half', () => {
  const count = 30_000
  const errors = Array.from(
    { length: 30 },
    (_, seed) =>
      estimateLongRun({ numerator: autoregression(100 + seed, count, 0.6) }, 'linear').estimate.standardError,
  )
  const mean = errors.reduce((sum, error) => sum + error / 30, 0)
  // Var x̄ = 1/((1 − φ)² n); 150 batches know a deviation to 6 %, 30 runs to 1 %
  expect(Math.abs(mean / (1 / 0.4 / Math.sqrt(count)) - 1)).toBeLessThan(0.05)
})

test('a ratio of time means is one of the batches, and has no scatter where the series are proportional', () => {
  const denominator = autoregression(5, 6000, 0.3).map((value) => 10 + value)
  const numerator = denominator.map((value) => 3 * value)
  const { estimate } = estimateLongRun({ numerator, denominator }, 'log')
  expect(estimate.value).toBeCloseTo(3, 12)
  expect(estimate.standardError).toBeLessThan(1e-14)
})

test('series that cannot be batched are refused', () => {
  expect(() => estimateLongRun({ numerator: [1, 2, 3] }, 'linear')).toThrow('needs at least 60 samples, got 3')
  const numerator = new Float64Array(100).fill(1)
  expect(() => estimateLongRun({ numerator, denominator: [1] }, 'log')).toThrow(
    'denominator must have 100 samples, got 1',
  )
})
