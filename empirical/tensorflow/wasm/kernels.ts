import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { blockSum } from './block-sum.ts'
import { compiledKernels } from './compiled-kernels.ts'
import { convolutionFilterGradient, convolutionInputGradient } from './convolution-gradients.ts'
import { matrixProduct } from './matrix-product.ts'
import { gatherMaximaKernel, maximumPoolGradient } from './maximum-pool-gradient.ts'
import { shared, sharedUnlessConverted } from './sharing.ts'

/**
 * Mends the wasm backend (4.22), once it is open, for training and double backpropagation. May be called more than once.
 *
 * Missing: Conv2DBackpropFilter. Wrong: MaxPoolGrad wherever a window's maximum is negative, and sums of many float32 numbers.
 * Slow: products of matrices, Conv2DBackpropInput, MaxPoolGrad, sums over leading axes, and Identity, which copies every
 * tensor that the tape saves.
 *
 * @throws Error where the project's own kernels were not built
 */
export function registerWasmKernels(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm') !== undefined) return
  const kernels = compiledKernels(tf.backend() as BackendWasm)
  register('Conv2DBackpropFilter', (args) => convolutionFilterGradient(args, kernels))
  register('GatherMaxima', (args) => gatherMaximaKernel(args, kernels))
  replace('MaxPoolGrad', () => (args) => maximumPoolGradient(args, kernels))
  replace('Conv2DBackpropInput', (stock) => (args) => convolutionInputGradient(args, stock))
  replace('BatchMatMul', (stock) => (args) => matrixProduct(args, kernels, stock))
  replace('Sum', (stock) => (args) => blockSum(args, false, kernels, stock))
  replace('Mean', (stock) => (args) => blockSum(args, true, kernels, stock))
  replace('Identity', () => shared)
  replace('Cast', (stock) => (args) => sharedUnlessConverted(args, stock))
}

function register(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc })
}

/** Puts a kernel, made of the backend's own, in its place. */
function replace(kernelName: string, kernelOf: (stock: tf.KernelFunc) => tf.KernelFunc): void {
  const { kernelFunc, ...rest } = tf.getKernel(kernelName, 'wasm')
  tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({ ...rest, kernelFunc: kernelOf(kernelFunc) })
}
