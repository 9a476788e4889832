import { expect, test } from 'vitest'
import { kolmogorovDistance } from '../../foundation/statistics/kolmogorov-distance.ts'
import { lawOfMean } from './law-of-mean.ts'

test('is the law of all sums of three values, to what its grid smears', () => {
  const raw = Float64Array.from({ length: 40 }, (_, i) => Math.exp(i / 20) + Math.sin(i))
  const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length
  const deviation = Math.sqrt(raw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / raw.length)
  const values = raw.map((value) => (value - mean) / deviation)
  const sums: number[] = []
  for (const a of values) for (const b of values) for (const c of values) sums.push((a + b + c) / Math.sqrt(3))
  // density below 1/2, cells of √3/100 in the sum's unit
  expect(kolmogorovDistance(Float64Array.from(sums).sort(), lawOfMean(values, 3))).toBeLessThan(4e-3)
})
