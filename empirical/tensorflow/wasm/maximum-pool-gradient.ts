import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { PoolAttributes } from '../gather-maxima.ts'

type KernelArguments = Parameters<tf.KernelFunc>[0]

/**
 * The kernel MaxPoolGrad: each window's gradient goes to its first maximum in row-major order. The stock kernel takes
 * no negative number for a maximum, and is slow.
 */
export function maximumPoolGradient({ inputs, attrs, backend }: KernelArguments): tf.TensorInfo {
  const wasm = backend as BackendWasm
  const { dy, input } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo }
  const out = wasm.makeOutput(input.shape, 'float32')
  const gradient = wasm.typedArrayFromHeap(dy) as Float32Array
  const sums = wasm.typedArrayFromHeap(out) as Float32Array
  sums.fill(0)
  const maxima = placesOfMaxima(wasm, input, attrs as unknown as PoolAttributes)
  for (let window = 0; window < maxima.length; window++) {
    const place = maxima[window]!
    sums[place] = sums[place]! + gradient[window]!
  }
  return out
}

/** The kernel GatherMaxima, of this project: see `gatherMaxima`. */
export function gatherMaximaKernel({ inputs, attrs, backend }: KernelArguments): tf.TensorInfo {
  const wasm = backend as BackendWasm
  const { values, input, output } = inputs as { values: tf.TensorInfo; input: tf.TensorInfo; output: tf.TensorInfo }
  const out = wasm.makeOutput(output.shape, 'float32')
  const from = wasm.typedArrayFromHeap(values) as Float32Array
  const gathered = wasm.typedArrayFromHeap(out) as Float32Array
  const maxima = placesOfMaxima(wasm, input, attrs as unknown as PoolAttributes)
  for (let window = 0; window < maxima.length; window++) gathered[window] = from[maxima[window]!]!
  return out
}

/** Where in the input each window has its first maximum. // [example, pooled height, pooled width, channel] */
function placesOfMaxima(
  backend: BackendWasm,
  input: tf.TensorInfo,
  { filterSize, strides, pad }: PoolAttributes,
): Int32Array {
  const shape = input.shape as [number, number, number, number]
  const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad)
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = pool
  const { filterHeight, filterWidth, strideHeight, strideWidth } = pool
  const values = backend.typedArrayFromHeap(input) as Float32Array
  const places = new Int32Array(batchSize * outHeight * outWidth * inChannels)
  let window = 0
  for (let example = 0; example < batchSize; example++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * strideHeight - padInfo.top
      const [firstRow, endRow] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)]
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * strideWidth - padInfo.left
        const [firstColumn, endColumn] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)]
        const corner = ((example * inHeight + firstRow) * inWidth + firstColumn) * inChannels
        const width = (endColumn - firstColumn) * inChannels
        for (let channel = 0; channel < inChannels; channel++) {
          let best = corner + channel
          let largest = values[best]!
          for (let row = 0; row < endRow - firstRow; row++) {
            const rowStart = corner + row * inWidth * inChannels + channel
            for (let place = rowStart; place < rowStart + width; place += inChannels) {
              const value = values[place]!
              if (value > largest) {
                largest = value
                best = place
              }
            }
          }
          places[window++] = best
        }
      }
    }
  }
  return places
}
