import * as tf from '@tensorflow/tfjs'
import type { Model, Step } from './model.ts'
import type { ParameterList, StatisticList } from './parameter-list.ts'

/**
 * Where batch normalisation takes its means and variances from: this batch's examples (training), or the running statistics
 * (a function of each example alone, so that losses and curvature of a dataset do not depend on how it is cut into batches).
 */
export type NormalisationMode = 'batch' | 'running'

/** Variance's ε of batch normalisation, PyTorch's default. */
const VARIANCE_FLOOR = 1e-5

/**
 * The network's outputs.
 *
 * @param parameters in the model's order
 * @param statistics running statistics in the model's order; used in mode `running` only
 * @param inputs // [example, ...inputShape]
 * @param observe told of each batch normalisation's own mean and variance in mode `batch`, in the order of layers; it must
 * `tf.keep` what it keeps. The variance divides by the number of values, not one less. // [channel] each
 * @returns logits or regression values. // [example, output]
 */
export function forward(
  model: Model,
  parameters: ParameterList,
  statistics: StatisticList,
  inputs: tf.Tensor,
  mode: NormalisationMode,
  observe?: BatchStatisticsObserver,
): tf.Tensor2D {
  const through = (steps: readonly Step[], input: tf.Tensor): tf.Tensor =>
    steps.reduce((current, step) => applied(step, current), input)

  const applied = (step: Step, x: tf.Tensor): tf.Tensor => {
    const { layer, firstParameter, firstStatistic } = step
    const weight = parameters[firstParameter]!
    const bias = parameters[firstParameter + 1]!
    switch (layer.kind) {
      case 'residual':
        return tf.add(through(step.branch, x), through(step.shortcut, x))
      case 'dense': {
        const product = tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D)
        return layer.bias ? tf.add(product, bias) : product
      }
      case 'convolution': {
        const sum = tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, layer.stride, layer.padding)
        return layer.bias ? tf.add(sum, bias) : sum
      }
      case 'batch-normalisation': {
        if (mode === 'running') {
          return normalised(tf.sub(x, statistics[firstStatistic]!), statistics[firstStatistic + 1]!, weight, bias)
        }
        const axes = x.shape.map((_, axis) => axis).slice(0, -1)
        const mean = tf.mean(x, axes)
        const centred = tf.sub(x, mean)
        const variance = tf.mean(tf.square(centred), axes)
        observe?.(firstStatistic, mean, variance, x.size / mean.size)
        return normalised(centred, variance, weight, bias)
      }
      case 'rectifier':
        return tf.relu(x)
      case 'softplus':
        return tf.softplus(x)
      case 'maximum-pool':
        return tf.maxPool(x as tf.Tensor4D, layer.size, layer.stride, layer.padding)
      case 'average-pool':
        return tf.avgPool(bordered(x as tf.Tensor4D, layer.padding), layer.size, layer.stride, 0)
      case 'adaptive-average-pool': {
        const window: [number, number] = [x.shape[1]! / layer.size, x.shape[2]! / layer.size]
        return window[0] === 1 && window[1] === 1 ? x : tf.avgPool(x as tf.Tensor4D, window, window, 0)
      }
      case 'global-average-pool':
        return tf.mean(x, [1, 2])
      case 'flatten':
        return flattened(x, step.outputShape[0]!)
    }
  }

  return through(model.steps, inputs) as tf.Tensor2D
}

/** @param statistic index of the running mean that this batch's mean belongs to; @param count values averaged a channel */
export type BatchStatisticsObserver = (statistic: number, mean: tf.Tensor, variance: tf.Tensor, count: number) => void

function normalised(centred: tf.Tensor, variance: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const scale = tf.mul(tf.rsqrt(tf.add(variance, VARIANCE_FLOOR)), weight)
  return tf.add(tf.mul(centred, scale), bias)
}

/** In PyTorch's order (channel, row, column), so that the dense layer after it has PyTorch's weights. */
function flattened(x: tf.Tensor, length: number): tf.Tensor {
  const manyPlaces = x.rank === 4 && (x.shape[1]! > 1 || x.shape[2]! > 1)
  return tf.reshape(manyPlaces && x.shape[3]! > 1 ? tf.transpose(x, [0, 3, 1, 2]) : x, [-1, length])
}

/** Zeros around images: TensorFlow.js's own padded average has another mean, and a gradient that does not belong to it. */
function bordered(x: tf.Tensor4D, width: number): tf.Tensor4D {
  if (width === 0) return x
  return tf.pad(x, [
    [0, 0],
    [width, width],
    [width, width],
    [0, 0],
  ])
}
