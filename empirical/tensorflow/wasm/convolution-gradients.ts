import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { addressOf, type CompiledKernels, setWindows, withRoom } from './compiled-kernels.ts'

type KernelArguments = Parameters<tf.KernelFunc>[0]

interface ConvolutionAttributes {
  readonly strides: [number, number] | number
  readonly pad: number | 'same' | 'valid' | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The kernel Conv2DBackpropFilter. */
export function convolutionFilterGradient(
  { inputs, attrs, backend }: KernelArguments,
  kernels: CompiledKernels,
): tf.TensorInfo {
  const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D }
  const { filterShape, ...attributes } = attrs as unknown as ConvolutionAttributes & {
    filterShape: [number, number, number, number]
  }
  const windows = geometry(x.shape, filterShape, attributes)
  const wasm = backend as BackendWasm
  const gradient = wasm.makeOutput(filterShape, 'float32')
  setWindows(kernels, windows)
  withRoom(wasm, kernels.productRoom(windows.outChannels), (room) => {
    const [xAt, dyAt] = [addressOf(wasm, x), addressOf(wasm, dy)]
    kernels.filterGradient(xAt, dyAt, addressOf(wasm, gradient), windows.outChannels, room)
  })
  return gradient
}

/**
 * The kernel Conv2DBackpropInput as a convolution of the incoming gradient, its elements strides apart among zeros, with
 * the filter turned round: the stock kernel is a plain loop.
 *
 * @param plain the stock kernel, for the padding wider than the filter that this way cannot do
 */
export function convolutionInputGradient(args: KernelArguments, plain: tf.KernelFunc): ReturnType<tf.KernelFunc> {
  const { dy, filter } = args.inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D }
  const { inputShape, ...attributes } = args.attrs as unknown as ConvolutionAttributes & {
    inputShape: [number, number, number, number]
  }
  const { padInfo, strideHeight, strideWidth, ...sizes } = geometry(inputShape, filter.shape, attributes)
  const { filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth } = sizes
  const top = filterHeight - 1 - padInfo.top
  const left = filterWidth - 1 - padInfo.left
  // what is left of the input below and right of the last element
  const bottom = inHeight - 1 - (outHeight - 1) * strideHeight + padInfo.top
  const right = inWidth - 1 - (outWidth - 1) * strideWidth + padInfo.left
  if (top < 0 || left < 0 || bottom < 0 || right < 0) return plain(args)
  // zeros that stand after the last row and column anyway
  const [below, beside] = [Math.min(bottom, strideHeight - 1), Math.min(right, strideWidth - 1)]
  return tf.tidy(() => {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D
    const tall = (outHeight - 1) * strideHeight + 1 + below
    const wide = (outWidth - 1) * strideWidth + 1 + beside
    const apart = cut(spread(dy, strideHeight, strideWidth), tall, wide)
    return tf.conv2d(apart, turned, 1, padding(top, bottom - below, left, right - beside))
  })
}

/** Zeros after each row and column, strides − 1 of them. */
function spread(x: tf.Tensor4D, strideHeight: number, strideWidth: number): tf.Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return x
  const [examples, height, width, channels] = x.shape
  const lone = tf.reshape(x, [examples, height, 1, width, 1, channels])
  const filled = tf.pad(lone, [
    [0, 0],
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ])
  return tf.reshape(filled, [examples, height * strideHeight, width * strideWidth, channels])
}

/** The first rows and columns of images, or of what lies where images do. */
function cut(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  if (x.shape[1] === height && x.shape[2] === width) return x
  return tf.slice(x, [0, 0, 0, 0], [x.shape[0], height, width, x.shape[3]])
}

function padding(top: number, bottom: number, left: number, right: number): tf.backend_util.ExplicitPadding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
}

function geometry(
  inputShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  { strides, pad, dimRoundingMode }: ConvolutionAttributes,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode, false)
}
