import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { openBackend } from './backend.ts'

/** d²/dx² of Σ f(x), element by element. */
function secondDerivative(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): Float32Array {
  const first = tf.grad((at: tf.Tensor) => tf.sum(f(at)))
  return tf
    .grad((at: tf.Tensor) => tf.sum(first(at)))(x)
    .dataSync() as Float32Array
}

const points = [-2.5, -1, -0.3, 0.2, 1, 3]

describe.each(['wasm', 'cpu'] as const)('second derivatives on %s', (backend) => {
  it.each<[string, (x: tf.Tensor) => tf.Tensor, (x: number) => number]>([
    ['exp', (x) => tf.exp(x), Math.exp],
    ['softplus', (x) => tf.softplus(x), (x) => 1 / (4 * Math.cosh(x / 2) ** 2)],
    ['relu times x', (x) => tf.mul(tf.relu(x), x), (x) => (x > 0 ? 2 : 0)],
    ['rsqrt of x² + 1', (x) => tf.rsqrt(tf.add(tf.square(x), 1)), (x) => (2 * x * x - 1) / (x * x + 1) ** 2.5],
  ])('of %s are those of the closed form', async (_, f, exact) => {
    await openBackend(backend)
    const found = secondDerivative(f, tf.tensor1d(points))
    // a few roundings of float32
    points.forEach((x, index) => {
      expect(found[index]).toBeCloseTo(exact(x), 5)
    })
  })

  it('of a bilinear convolution are the convolutions of the directions', async () => {
    await openBackend(backend)
    const [x, u] = [1, 2].map((seed) => tf.randomNormal([2, 7, 6, 3], 0, 1, 'float32', seed) as tf.Tensor4D)
    const [f, w] = [3, 4].map((seed) => tf.randomNormal([3, 3, 3, 2], 0, 1, 'float32', seed) as tf.Tensor4D)
    const weights = tf.randomNormal([2, 4, 3, 2], 0, 1, 'float32', 5)
    const value = (image: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.sum(tf.mul(weights, tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 2, 1)))
    // F(x, f) is bilinear: the Hessian times (u, w) has the parts ∂F(·, w)/∂x and ∂F(u, ·)/∂f
    const [alongImage, alongFilter] = tf.grads((image: tf.Tensor, filter: tf.Tensor) => {
      const [a, b] = tf.grads(value)([image, filter]) as [tf.Tensor, tf.Tensor]
      return tf.add(tf.sum(tf.mul(a, u!)), tf.sum(tf.mul(b, w!)))
    })([x!, f!]) as [tf.Tensor, tf.Tensor]
    const [byFilter] = tf.grads(value)([x!, w!]) as [tf.Tensor]
    const [, byImage] = tf.grads(value)([u!, f!]) as [tf.Tensor, tf.Tensor]
    expect(largestDifference(alongImage, byFilter)).toBeLessThan(1e-5)
    expect(largestDifference(alongFilter, byImage)).toBeLessThan(1e-5)
  })

  it.each([
    [2, 2, 0],
    [3, 2, 1],
    [3, 1, 1],
    [2, 3, 0],
  ])(
    'of the square of a pool of size %d, stride %d and padding %d are its own transpose',
    async (size, stride, pad) => {
      await openBackend(backend)
      const [x, u] = [1, 2].map((seed) => tf.randomNormal([2, 8, 7, 3], 0, 1, 'float32', seed) as tf.Tensor4D)
      // the stock gradient of a padded average belongs to another mean; no layer uses it
      for (const pool of pad === 0 ? [tf.maxPool, tf.avgPool] : [tf.maxPool]) {
        // of Σ pool(x)²/2 the Hessian is JᵀJ, J being what moves with the input: ‖J u‖² = uᵀ(JᵀJ u)
        const value = (at: tf.Tensor): tf.Tensor =>
          tf.mul(0.5, tf.sum(tf.square(pool(at as tf.Tensor4D, size, stride, pad))))
        const product = tf.grad((at: tf.Tensor) => tf.sum(tf.mul(tf.grad(value)(at), u!)))(x!)
        const small = 1e-3
        const shifted = pool(tf.add(x!, tf.mul(small, u!)) as tf.Tensor4D, size, stride, pad)
        const moved = tf.div(tf.sub(shifted, pool(x!, size, stride, pad)), small)
        const quadratic = tf.sum(tf.mul(u!, product)).dataSync()[0]!
        // differences of float32 numbers over 1e-3; no two numbers in a window are that close
        expect(quadratic / tf.sum(tf.square(moved)).dataSync()[0]! - 1).toBeCloseTo(0, 2)
      }
    },
  )
})

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!
}
