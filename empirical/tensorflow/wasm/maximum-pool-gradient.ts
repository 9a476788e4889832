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
  const { dy, input, output } = inputs as { dy: tf.TensorInfo; input: tf.TensorInfo; output: tf.TensorInfo }
  const out = wasm.makeOutput(input.shape, 'float32')
  const gradient = wasm.typedArrayFromHeap(dy) as Float32Array
  const sums = wasm.typedArrayFromHeap(out) as Float32Array
  sums.fill(0)
  const maxima = placesOfMaxima(wasm, input, output, attrs as unknown as PoolAttributes)
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
  const maxima = placesOfMaxima(wasm, input, output, attrs as unknown as PoolAttributes)
  for (let window = 0; window < maxima.length; window++) gathered[window] = from[maxima[window]!]!
  return out
}

/**
 * Where in the input each window has its first maximum. No branch depends on the numbers: which of four comes first is a
 * guess that processors get wrong every other time.
 *
 * @returns // [example, pooled height, pooled width, channel]
 */
function placesOfMaxima(
  backend: BackendWasm,
  input: tf.TensorInfo,
  output: tf.TensorInfo,
  { filterSize, strides, pad }: PoolAttributes,
): Int32Array {
  const shape = input.shape as [number, number, number, number]
  const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad)
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = pool
  const { filterHeight, filterWidth, strideHeight, strideWidth } = pool
  const values = backend.typedArrayFromHeap(input) as Float32Array
  const maxima = backend.typedArrayFromHeap(output) as Float32Array
  const places = new Int32Array(maxima.length)
  const rowLength = inWidth * inChannels
  let window = 0
  for (let example = 0; example < batchSize; example++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * strideHeight - padInfo.top
      const firstRow = Math.max(0, top)
      const rows = Math.min(inHeight, top + filterHeight) - firstRow
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * strideWidth - padInfo.left
        const firstColumn = Math.max(0, left)
        const columns = Math.min(inWidth, left + filterWidth) - firstColumn
        const corner = (example * inHeight + firstRow) * rowLength + firstColumn * inChannels
        for (let channel = 0; channel < inChannels; channel++, window++) {
          const first = corner + channel
          const largest = maxima[window]!
          let found = first // moves on while nothing so far was the maximum
          let ahead = 1
          for (let row = 0, place = first; row < rows; row++, place += rowLength - columns * inChannels) {
            for (let column = 0; column < columns; column++, place += inChannels) {
              ahead &= Number(values[place] !== largest)
              found += ahead * (column === columns - 1 ? rowLength - column * inChannels : inChannels)
            }
          }
          places[window] = ahead === 0 ? found : first // NaN equals nothing
        }
      }
    }
  }
  return places
}
