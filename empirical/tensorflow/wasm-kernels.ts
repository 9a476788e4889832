import * as tf from '@tensorflow/tfjs'
import { convolutionFilterGradient, convolutionInputGradient } from './convolution-gradients.ts'
import { transposedMatrixProduct } from './transposed-matrix-product.ts'

/**
 * Gives the wasm backend the gradients of convolutions and products of transposed matrices, composed of its own fast
 * kernels: it has no Conv2DBackpropFilter, and plain loops for the other two. May be called more than once.
 */
export function registerWasmKernels(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm') !== undefined) return
  const straight = replace('BatchMatMul', (args) => transposedMatrixProduct(args, straight))
  const plain = replace('Conv2DBackpropInput', (args) => convolutionInputGradient(args, plain))
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: (args) => convolutionFilterGradient(args),
  })
}

/** Puts a kernel in place of the backend's own, which is given back. */
function replace(kernelName: string, kernelFunc: tf.KernelFunc): tf.KernelFunc {
  const stock = tf.getKernel(kernelName, 'wasm')
  tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({ ...stock, kernelFunc })
  return stock.kernelFunc
}
