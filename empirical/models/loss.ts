import * as tf from '@tensorflow/tfjs'

/** `mean-squared-error` is ‖y − f‖²/2 an example, so that linear regression has H = XᵀX/N for each output. */
export const losses = ['cross-entropy', 'mean-squared-error'] as const

export type Loss = (typeof losses)[number]

/**
 * The mean loss over a batch's examples, twice differentiable.
 *
 * @param outputs logits, or regression values. // [example, output]
 * @param targets probabilities of classes (one-hot), or values. // [example, output]
 */
export function meanLoss(loss: Loss, outputs: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.mean(
    loss === 'cross-entropy' ? crossEntropies(outputs, targets) : tf.mul(0.5, squaredErrors(outputs, targets)),
  )
}

/**
 * Σ_c y_c (log Σ_j e^{z_j} − z_c) of each example, for targets that sum to 1. Logits are shifted by their largest, a constant
 * to the tape: the loss does not depend on it. TensorFlow.js's own losses are wrong in their second derivatives.
 */
function crossEntropies(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  const shifted = tf.sub(logits, constantMaximum(logits))
  return tf.sub(tf.log(tf.sum(tf.exp(shifted), 1)), tf.sum(tf.mul(targets, shifted), 1))
}

const constantMaximum: (logits: tf.Tensor2D) => tf.Tensor2D = (logits) =>
  tf.customGrad((x) => {
    const { shape } = x as tf.Tensor2D
    return { value: tf.max(x as tf.Tensor2D, 1, true), gradFunc: () => tf.zeros(shape) }
  })(logits) as tf.Tensor2D

function squaredErrors(outputs: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.square(tf.sub(outputs, targets)), 1)
}
