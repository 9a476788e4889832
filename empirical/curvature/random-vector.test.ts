import { expect, it } from 'vitest'
import { curvatureStream } from './curvature-stream.ts'
import { signVector } from './random-vector.ts'

it('signs are fair coins, independent of their neighbours, across words and streams', () => {
  const size = 1_000_001
  const signs = signVector(size, curvatureStream(1, 'trace', 0))
  expect(new Set(signs)).toEqual(new Set([-1, 1]))
  const other = signVector(size, curvatureStream(1, 'density', 0))
  let [sum, across] = [0, 0]
  for (let i = 0; i < size; i++) {
    sum += signs[i]!
    across += signs[i]! * other[i]!
  }
  for (const lag of [1, 31, 32, 33]) {
    let product = 0
    for (let i = lag; i < size; i++) product += signs[i]! * signs[i - lag]!
    expect(Math.abs(product)).toBeLessThan(5 * Math.sqrt(size))
  }
  expect(Math.abs(sum)).toBeLessThan(5 * Math.sqrt(size))
  expect(Math.abs(across)).toBeLessThan(5 * Math.sqrt(size))
})
