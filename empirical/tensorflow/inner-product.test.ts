import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { openBackend } from './backend.ts'
import { innerProduct, innerProductInDoubles, squaredNorm } from './inner-product.ts'

const lists = [
  [Float32Array.from({ length: 130 }, (_, i) => Math.sin(i)), Float32Array.of(2, 3), Float32Array.of(5)],
  [Float32Array.from({ length: 130 }, (_, i) => Math.cos(3 * i)), Float32Array.of(-1, 4), Float32Array.of(7)],
] as const
const tensors = (list: readonly Float32Array[]): tf.Tensor[] => list.map((values) => tf.tensor1d(values))

describe.each(['wasm', 'cpu'] as const)('innerProduct on %s', (backend) => {
  it('is the sum of products over all tensors', async () => {
    await openBackend(backend)
    let exact = 0
    lists[0].forEach((values, index) => {
      values.forEach((value, i) => {
        exact += value * lists[1][index]![i]!
      })
    })
    expect(innerProduct(tensors(lists[0]), tensors(lists[1])).dataSync()[0]).toBeCloseTo(exact, 4)
    expect(innerProductInDoubles(lists[0], lists[1])).toBeCloseTo(exact, 12)
    expect(squaredNorm([tf.scalar(3), tf.tensor2d([[4], [0]])]).dataSync()[0]).toBe(25)
    expect(innerProduct([], []).dataSync()[0]).toBe(0)
    expect(() => innerProduct([tf.scalar(1)], [])).toThrow(
      new RangeError('innerProduct: b must have 1 tensors like a, got 0'),
    )
  })

  it('does not lose what a running float32 sum loses', async () => {
    await openBackend(backend)
    const length = 2_000_003
    const x = tf.fill([length], 0.1)
    const exact = length * Math.fround(0.1) ** 2
    // runs of 128 in three levels; a running sum of float32 is 5e-3 low here
    expect(squaredNorm([x]).dataSync()[0]! / exact - 1).toBeCloseTo(0, 6)
  })
})
