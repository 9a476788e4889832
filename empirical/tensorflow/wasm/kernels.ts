import * as tf from '@tensorflow/tfjs'
import { blockSum } from './block-sum.ts'
import { convolutionFilterGradient, convolutionInputGradient } from './convolution-gradients.ts'
import { gatherMaximaKernel, maximumPoolGradient } from './maximum-pool-gradient.ts'
import { shared, sharedUnlessConverted } from './sharing.ts'
import { transposedMatrixProduct } from './transposed-matrix-product.ts'

/**
 * Mends the wasm backend (4.22) for training and double backpropagation. May be called more than once.
 *
 * Missing: Conv2DBackpropFilter. Wrong: MaxPoolGrad wherever a window's maximum is negative, and sums of many float32 numbers.
 * Slow: products of transposed matrices, Conv2DBackpropInput, MaxPoolGrad, sums over leading axes, and Identity, which
 * copies every tensor that the tape saves.
 */
export function registerWasmKernels(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm') !== undefined) return
  register('Conv2DBackpropFilter', convolutionFilterGradient)
  register('GatherMaxima', gatherMaximaKernel)
  replace('MaxPoolGrad', () => maximumPoolGradient)
  replace('Conv2DBackpropInput', (stock) => (args) => convolutionInputGradient(args, stock))
  replace('BatchMatMul', (stock) => (args) => transposedMatrixProduct(args, stock))
  replace('Sum', (stock) => (args) => blockSum(args, false, stock))
  replace('Mean', (stock) => (args) => blockSum(args, true, stock))
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
