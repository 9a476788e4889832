import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../backend.ts'
import { registerWasmKernels } from './kernels.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

/** Values of tensors computed on both backends from the same numbers; `cpu` is TensorFlow.js's own plain JavaScript. */
async function onBoth(compute: () => tf.Tensor | tf.Tensor[]): Promise<[Float32Array[], Float32Array[]]> {
  const results: Float32Array[][] = []
  for (const backend of ['wasm', 'cpu'] as const) {
    await openBackend(backend)
    results.push(tf.tidy(() => [compute()].flat().map((tensor) => tensor.dataSync() as Float32Array)))
  }
  await openBackend('wasm')
  return results as [Float32Array[], Float32Array[]]
}

async function expectBothEqual(compute: () => tf.Tensor | tf.Tensor[], tolerance: number): Promise<void> {
  const [wasm, cpu] = await onBoth(compute)
  wasm.forEach((values, index) => {
    expect(values.length).toBe(cpu[index]!.length)
    values.forEach((value, i) => {
      expect(Math.abs(value - cpu[index]![i]!)).toBeLessThan(tolerance)
    })
  })
}

const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed)

describe('the gradients of a convolution', () => {
  it.each([
    { size: 3, stride: 1, pad: 1 },
    { size: 3, stride: 2, pad: 1 },
    { size: 1, stride: 2, pad: 0 },
    { size: 7, stride: 2, pad: 3 },
    { size: 4, stride: 3, pad: 2 },
    { size: 2, stride: 3, pad: 0 }, // leaves rows and columns out
    { size: 3, stride: 1, pad: 4 }, // wider than the filter
  ])('of size $size, stride $stride and padding $pad are the plain loops’', async ({ size, stride, pad }) => {
    // sums of up to 200 products of normal numbers in float32
    await expectBothEqual(() => {
      const [x, filter] = [normal([2, 11, 9, 3], 1), normal([size, size, 3, 4], 2)]
      const convolved = (image: tf.Tensor, by: tf.Tensor): tf.Tensor =>
        tf.conv2d(image as tf.Tensor4D, by as tf.Tensor4D, stride, pad)
      const weights = normal(convolved(x, filter).shape, 3)
      return tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(weights, convolved(a, b))))([x, filter])
    }, 5e-5)
  })

  it.each([
    { height: 23, width: 17, channels: 12, filters: 9 }, // fours of channels; several blocks of places and of entries
    { height: 40, width: 9, channels: 10, filters: 16 }, // channel by channel; whole tiles of filters
    { height: 9, width: 300, channels: 4, filters: 3 }, // lines longer than a block
  ])(
    'of $height × $width images, $channels channels, $filters filters are too',
    async ({ height, width, channels, filters }) => {
      for (const stride of [1, 2]) {
        // sums of up to 2,700 products
        await expectBothEqual(() => {
          const [x, filter] = [normal([1, height, width, channels], 1), normal([3, 3, channels, filters], 2)]
          const convolved = (by: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, by as tf.Tensor4D, stride, 1)
          const weights = normal(convolved(filter).shape, 3)
          return tf.grad((by: tf.Tensor) => tf.sum(tf.mul(weights, convolved(by))))(filter)
        }, 5e-4)
      }
    },
  )
})

describe('the product of matrices', () => {
  const orders = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const
  const shape = (rows: number, columns: number, transposed: boolean, batch: number[] = []): number[] => [
    ...batch,
    ...(transposed ? [columns, rows] : [rows, columns]),
  ]

  it.each(orders)('is the plain loop’s, transposed or not: %s, %s', async (transposeA, transposeB) => {
    // within one tile and one block, one row, two, and over the edges of tiles and blocks; sums of up to 700 products
    for (const [rows, terms, columns] of [
      [5, 70, 4],
      [1, 1, 1],
      [1, 300, 9],
      [2, 700, 13],
      [3, 2, 17],
      [67, 259, 10],
      [130, 513, 24],
    ] as const) {
      await expectBothEqual(() => {
        const a = normal(shape(rows, terms, transposeA), 1)
        const b = normal(shape(terms, columns, transposeB), 2)
        return tf.matMul(a, b, transposeA, transposeB)
      }, 2e-4)
    }
  })

  it.each(orders)(
    'goes through batches, and repeats one of a single matrix: %s, %s',
    async (transposeA, transposeB) => {
      for (const batches of [
        [[3], [3]],
        [
          [2, 3],
          [2, 3],
        ],
        [[3], [1]],
        [[1], [3]],
      ] as const) {
        await expectBothEqual(() => {
          const a = normal(shape(5, 70, transposeA, [...batches[0]]), 1)
          const b = normal(shape(70, 4, transposeB, [...batches[1]]), 2)
          return tf.matMul(a, b, transposeA, transposeB)
        }, 5e-5)
      }
    },
  )

  it('of two rows with many long ones is right over several blocks of terms', async () => {
    // sums of 5,003 products
    await expectBothEqual(() => tf.matMul(normal([2, 5003], 1), normal([7, 5003], 2), false, true), 1e-3)
  })

  it('leaves nothing in memory', () => {
    const before = tf.memory()
    tf.dispose(tf.tidy(() => tf.matMul(normal([9, 300], 1), normal([300, 9], 2))))
    expect(tf.memory()).toEqual(before)
  })
})

describe('the gradient of a maximum pool', () => {
  it.each([
    [2, 2, 0],
    [3, 2, 1],
    [3, 1, 1],
    [2, 3, 0],
  ])('goes to maxima of either sign: size %d, stride %d, padding %d', async (size, stride, pad) => {
    for (const channels of [3, 4, 11]) {
      await expectBothEqual(() => {
        const x = tf.sub(normal([2, 8, 7, channels], 1), 1)
        const pooled = (at: tf.Tensor): tf.Tensor => tf.maxPool(at as tf.Tensor4D, size, stride, pad)
        const weights = normal(pooled(x).shape, 2)
        return tf.grad((at: tf.Tensor) => tf.sum(tf.mul(weights, pooled(at))))(x)
      }, 1e-6)
    }
  })

  it('goes to the first of equal numbers', () => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 0)))(tf.zeros([1, 2, 4, 1]))
    expect([...gradient.dataSync()]).toEqual([1, 0, 1, 0, 0, 0, 0, 0])
  })
})

describe('sums and means', () => {
  it.each([
    [[0]],
    [[1]],
    [[3]],
    [[0, 1, 2]],
    [[1, 2]],
    [[2, 3]],
    [[0, 2]], // no neighbours: the stock kernel
    [[-1]],
    [undefined],
  ])('over axes %j are the plain loop’s', async (axes) => {
    // columns fewer than a cache line, and more
    for (const last of [6, 37]) {
      for (const keepDims of [false, true]) {
        await expectBothEqual(() => {
          const x = normal([3, 4, 5, last], 1)
          return [tf.sum(x, axes, keepDims), tf.mean(x, axes, keepDims)]
        }, 1e-4)
      }
    }
    expect(tf.sum(tf.zeros([3, 4, 5]), 1, true).shape).toEqual([3, 1, 5])
  })

  it('of a million squares lose nothing', () => {
    const x = tf.fill([1024, 1024], 0.1)
    // float32 of 0.1² times 2²⁰; one number after the other in float32 gives 10,442
    expect(tf.sum(tf.square(x)).dataSync()[0]! / (Math.fround(Math.fround(0.1) ** 2) * 2 ** 20)).toBeCloseTo(1, 7)
  })

  it('of integers stay integers', () => {
    const sum = tf.sum(tf.tensor1d([1, 2, 3], 'int32'))
    expect([sum.dtype, sum.dataSync()[0]]).toEqual(['int32', 6])
  })
})

describe('clones', () => {
  it('share their numbers until the last is disposed', () => {
    const before = tf.memory()
    const x = tf.tensor1d([1, 2, 3])
    const [copy, same, converted] = [x.clone(), tf.cast(x, 'float32'), tf.cast(x, 'int32')]
    expect(tf.memory().numDataBuffers - before.numDataBuffers).toBe(2)
    x.dispose()
    copy.dispose()
    expect([...same.dataSync()]).toEqual([1, 2, 3])
    expect([...converted.dataSync()]).toEqual([1, 2, 3])
    tf.dispose([same, converted])
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers)
    expect(tf.memory().numTensors).toBe(before.numTensors)
  })
})

describe('registerWasmKernels', () => {
  it('registers once', () => {
    const kernel = tf.getKernel('BatchMatMul', 'wasm')
    registerWasmKernels()
    expect(tf.getKernel('BatchMatMul', 'wasm')).toBe(kernel)
  })
})
