import * as tf from '@tensorflow/tfjs'
import { gatherMaxima, type PoolAttributes } from './gather-maxima.ts'

/**
 * Teaches TensorFlow.js the gradients of its gradients, so that Hessian-vector products by double backpropagation are right.
 *
 * The stock gradient of exp is written with the saved *output*, whose link to the input the tape has lost: its own derivative
 * comes out wrong without a word. Written again from the saved input it is right; tanh and sigmoid would need the same as
 * layers. The gradient kernels of convolutions and pools, linear in the incoming gradient, have no gradients at all. The rest
 * (matrix products, sums, relu by step, rsqrt, softplus by sigmoid) can be differentiated twice as it is. May be called more
 * than once.
 */
export function registerSecondOrderGradients(): void {
  for (const gradient of gradients) tf.registerGradient(gradient)
}

interface ConvolutionAttributes {
  readonly strides: [number, number] | number
  readonly pad: number
  readonly dataFormat: 'NHWC'
}

const gradients: readonly tf.GradConfig[] = [
  {
    kernelName: 'Exp',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), tf.exp(x!)) }),
  },
  {
    // bilinear in x and dy; g has the filter's shape
    kernelName: 'Conv2DBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (g, saved, attributes) => {
      const [x, dy] = saved as [tf.Tensor4D, tf.Tensor4D]
      const filter = one(g) as tf.Tensor4D
      const { strides, pad, dataFormat } = attributes as unknown as ConvolutionAttributes
      return {
        x: () =>
          tf
            .engine()
            .runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }) as tf.Tensor,
        dy: () => tf.conv2d(x, filter, strides, pad, dataFormat),
      }
    },
  },
  {
    kernelName: 'AvgPoolGrad',
    inputsToSave: ['input'],
    gradFunc: (g, [input], attributes) => {
      const { filterSize, strides, pad } = attributes as unknown as PoolAttributes
      return {
        dy: () => tf.avgPool(one(g) as tf.Tensor4D, filterSize, strides, pad),
        input: () => tf.zerosLike(input!),
      }
    },
  },
  {
    // linear in dy, and constant in x wherever no two elements of a window are equal
    kernelName: 'MaxPoolGrad',
    inputsToSave: ['input', 'output'],
    gradFunc: (g, saved, attributes) => {
      const [input, output] = saved as [tf.Tensor4D, tf.Tensor4D]
      return {
        dy: () => gatherMaxima(one(g) as tf.Tensor4D, input, output, attributes as unknown as PoolAttributes),
        input: () => tf.zerosLike(input),
        output: () => tf.zerosLike(output),
      }
    },
  },
]

/** The gradient of a kernel's one output. */
function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return dy as tf.Tensor
}
