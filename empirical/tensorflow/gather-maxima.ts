import * as tf from '@tensorflow/tfjs'

export interface PoolAttributes {
  readonly filterSize: [number, number] | number
  readonly strides: [number, number] | number
  readonly pad: number
}

/**
 * For each window of a maximum pool the value that another tensor has where the pool's input has its maximum: the transpose
 * of MaxPool's gradient, which scatters to the same places. The first maximum in row-major order counts.
 *
 * @param values // [example, height, width, channel]
 * @param input of the pool. // [example, height, width, channel]
 * @param output of the pool. // [example, pooled height, pooled width, channel]
 */
export function gatherMaxima(
  values: tf.Tensor4D,
  input: tf.Tensor4D,
  output: tf.Tensor4D,
  { filterSize, strides, pad }: PoolAttributes,
): tf.Tensor4D {
  if (tf.getKernel('GatherMaxima', tf.getBackend()) !== undefined) {
    return tf.engine().runKernel('GatherMaxima', { values, input, output }, { filterSize, strides, pad }) as tf.Tensor4D
  }
  const pool = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad)
  const { top, bottom, left, right } = pool.padInfo
  const { filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth, batchSize, inChannels } = pool
  return tf.tidy(() => {
    const around: [number, number][] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]
    const paddedInput = tf.pad(input, around, Number.NEGATIVE_INFINITY)
    const paddedValues = tf.pad(values, around)
    let gathered: tf.Tensor4D = tf.zerosLike(output)
    let free: tf.Tensor4D = tf.onesLike(output)
    for (let row = 0; row < filterHeight; row++) {
      for (let column = 0; column < filterWidth; column++) {
        const everyWindows = (of: tf.Tensor): tf.Tensor4D =>
          tf.stridedSlice(
            of,
            [0, row, column, 0],
            [
              batchSize,
              row + (outHeight - 1) * strideHeight + 1,
              column + (outWidth - 1) * strideWidth + 1,
              inChannels,
            ],
            [1, strideHeight, strideWidth, 1],
          ) as tf.Tensor4D
        const here = tf.mul(free, tf.cast(tf.equal(everyWindows(paddedInput), output), 'float32')) as tf.Tensor4D
        gathered = tf.add(gathered, tf.mul(here, everyWindows(paddedValues)))
        free = tf.sub(free, here)
      }
    }
    return gathered
  })
}
