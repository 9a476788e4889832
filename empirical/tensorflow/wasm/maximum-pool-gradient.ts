import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { PoolAttributes } from '../gather-maxima.ts'
import { addressOf, type CompiledKernels, setWindows } from './compiled-kernels.ts'

type KernelArguments = Parameters<tf.KernelFunc>[0]

/**
 * The kernel MaxPoolGrad: each window's gradient goes to its first maximum in row-major order. The stock kernel takes
 * no negative number for a maximum, and is slow.
 */
export function maximumPoolGradient(args: KernelArguments, kernels: CompiledKernels): tf.TensorInfo {
  const { dy, input, output } = args.inputs as Record<'dy' | 'input' | 'output', tf.TensorInfo>
  return throughMaxima(args, kernels, input.shape, (gradient, at) => {
    kernels.scatterToMaxima(at(dy), at(input), at(output), gradient)
  })
}

/** The kernel GatherMaxima, of this project: see `gatherMaxima`. */
export function gatherMaximaKernel(args: KernelArguments, kernels: CompiledKernels): tf.TensorInfo {
  const { values, input, output } = args.inputs as Record<'values' | 'input' | 'output', tf.TensorInfo>
  return throughMaxima(args, kernels, output.shape, (gathered, at) => {
    kernels.gatherFromMaxima(at(values), at(input), at(output), gathered)
  })
}

function throughMaxima(
  { inputs, attrs, backend }: KernelArguments,
  kernels: CompiledKernels,
  shape: number[],
  compute: (outAt: number, at: (tensor: tf.TensorInfo) => number) => void,
): tf.TensorInfo {
  const { filterSize, strides, pad } = attrs as unknown as PoolAttributes
  const inputShape = inputs['input']!.shape as [number, number, number, number]
  setWindows(kernels, tf.backend_util.computePool2DInfo(inputShape, filterSize, strides, 1, pad))
  const wasm = backend as BackendWasm
  const out = wasm.makeOutput(shape, 'float32')
  compute(addressOf(wasm, out), (tensor) => addressOf(wasm, tensor))
  return out
}
