import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { openBackend } from './backend.ts'
import { gatherMaxima } from './gather-maxima.ts'

describe.each(['wasm', 'cpu'] as const)('gatherMaxima on %s', (backend) => {
  it.each([
    [2, 2, 0],
    [3, 2, 1],
    [3, 1, 1],
  ])(
    'gives back the maxima of the input itself, and is the transpose of the gradient: %d, %d, %d',
    async (size, stride, pad) => {
      await openBackend(backend)
      const attributes = { filterSize: size, strides: stride, pad }
      // small integers, so that many windows have their maximum twice
      const input = tf.floor(tf.randomUniform([2, 7, 6, 5], -3, 1, 'float32', 1)) as tf.Tensor4D
      const values = tf.randomNormal([2, 7, 6, 5], 0, 1, 'float32', 2) as tf.Tensor4D
      const output = tf.maxPool(input, size, stride, pad)
      expect([...gatherMaxima(input, input, output, attributes).dataSync()]).toEqual([...output.dataSync()])
      const weights = tf.randomNormal(output.shape, 0, 1, 'float32', 3)
      const scattered = tf.grad((x: tf.Tensor) =>
        tf.sum(tf.mul(weights, tf.maxPool(x as tf.Tensor4D, size, stride, pad))),
      )(input)
      const gathered = gatherMaxima(values, input, output, attributes)
      const [left, right] = [tf.sum(tf.mul(weights, gathered)), tf.sum(tf.mul(scattered, values))]
      expect(left.dataSync()[0]).toBeCloseTo(right.dataSync()[0]!, 4)
    },
  )
})
