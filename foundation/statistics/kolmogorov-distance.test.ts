import { expect, test } from 'vitest'
import { standardNormal } from '../random/normal.ts'
import { streamOf } from '../random/xoshiro128.ts'
import { distanceBetweenDistributions, distributionBand, kolmogorovDistance } from './kolmogorov-distance.ts'

const uniform = (x: number): number => Math.min(1, Math.max(0, x))

test.each([
  { sorted: [0.5], distance: 0.5 },
  { sorted: [0.1], distance: 0.9 },
  { sorted: [0.25, 0.75], distance: 0.25 },
  { sorted: [0.2, 0.3, 0.4], distance: 0.6 },
  { sorted: [2, 3], distance: 1 },
])('$sorted is $distance from uniform, by hand', ({ sorted, distance }) => {
  expect(kolmogorovDistance(Float64Array.from(sorted), uniform)).toBeCloseTo(distance, 15)
})

test('it is the largest gap on a fine grid', () => {
  const state = streamOf(3, 0)
  const sorted = Float64Array.from({ length: 40 }, () => 0.5 + 0.2 * standardNormal(state)).sort()
  let naive = 0
  for (let x = -1; x <= 2; x += 1e-5) {
    naive = Math.max(naive, Math.abs(sorted.filter((value) => value <= x).length / 40 - uniform(x)))
  }
  expect(kolmogorovDistance(sorted, uniform)).toBeCloseTo(naive, 4)
})

test('the band holds the truth but for its rate (2,000 samples of 50)', () => {
  const state = streamOf(4, 0)
  const exponential = (x: number): number => (x > 0 ? -Math.expm1(-x) : 0)
  const draw = (): number => (standardNormal(state) ** 2 + standardNormal(state) ** 2) / 2
  let outside = 0
  for (let run = 0; run < 2000; run++) {
    const sorted = Float64Array.from({ length: 50 }, draw).sort()
    if (kolmogorovDistance(sorted, exponential) > distributionBand(50, 0.1)) outside++
  }
  // the bound is nearly sharp: asymptotically the rate is 0.1 less what small samples save
  expect(outside / 2000).toBeLessThan(0.1 + 4 * Math.sqrt(0.1 / 2000))
  expect(outside / 2000).toBeGreaterThan(0.05)
})

test('two uniform laws are apart by their shift, two exponentials by the height between them', () => {
  expect(distanceBetweenDistributions(uniform, (x) => uniform(x - 0.2))).toBeCloseTo(0.2, 3)
  const exponential = (rate: number) => (x: number) => (x > 0 ? -Math.expm1(-rate * x) : 0)
  // rates 1 and 2 differ most at x = log 2: 1/2 − 1/4
  expect(distanceBetweenDistributions(exponential(1), exponential(2))).toBeCloseTo(0.25, 3)
  expect(distanceBetweenDistributions(exponential(1), exponential(1))).toBe(0)
})

test('values, and a distribution function, are needed', () => {
  expect(() => kolmogorovDistance(new Float64Array(0), uniform)).toThrow('at least one value')
  expect(() => kolmogorovDistance(Float64Array.of(2), (x) => x)).toThrow('must be in [0, 1], got 2 at 2')
})
