import * as tf from '@tensorflow/tfjs'
import { type BatchStatisticsObserver, forward, type NormalisationMode } from './forward.ts'
import { type Loss, meanLoss } from './loss.ts'
import type { Model } from './model.ts'
import type { ParameterList, StatisticList } from './parameter-list.ts'

/** A function of the parameters, given examples. */
export interface Objective {
  readonly model: Model
  readonly loss: Loss
  readonly mode: NormalisationMode
  /** Running statistics, for mode `running`; in mode `batch` they may be empty. */
  readonly statistics: StatisticList
}

export interface Batch {
  /** // [example, ...inputShape] */
  readonly inputs: tf.Tensor
  /** One-hot classes, or values. // [example, output] */
  readonly targets: tf.Tensor2D
}

export interface LossAndGradient {
  readonly loss: tf.Scalar
  /** In the parameters' order. */
  readonly gradient: tf.Tensor[]
}

/** The mean loss of a batch, without weight decay; `observe` as in `forward`. */
export function batchLoss(
  { model, loss, mode, statistics }: Objective,
  parameters: ParameterList,
  { inputs, targets }: Batch,
  observe?: BatchStatisticsObserver,
): tf.Scalar {
  return tf.tidy(() => meanLoss(loss, forward(model, parameters, statistics, inputs, mode, observe), targets))
}

/** The mean loss of a batch and its gradient by backpropagation, without weight decay; `observe` as in `forward`. */
export function batchLossAndGradient(
  objective: Objective,
  parameters: ParameterList,
  batch: Batch,
  observe?: BatchStatisticsObserver,
): LossAndGradient {
  const { value, grads } = gradientsOf(() => batchLoss(objective, parameters, batch, observe), parameters)
  return { loss: value, gradient: grads }
}

/** The value of a function of tensors, which it reads itself, and its gradients; zero where it does not depend on one. */
export function gradientsOf(
  f: () => tf.Scalar,
  of: readonly tf.Tensor[],
): { readonly value: tf.Scalar; readonly grads: tf.Tensor[] } {
  return tf.tidy(() => {
    const { value, grads } = tf.engine().gradients(f, [...of], null as unknown as tf.Scalar, true)
    return { value, grads: of.map((tensor, index) => grads[index] ?? tf.zerosLike(tensor)) }
  })
}
