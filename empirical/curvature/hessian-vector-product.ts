import * as tf from '@tensorflow/tfjs'
import { type Batch, batchLossAndGradient, gradientsOf, type Objective } from '../models/objective.ts'
import type { ParameterList } from '../models/parameter-list.ts'
import { type Batches, meanOverBatches } from './mean-over-batches.ts'

/**
 * H d of one batch's mean loss, by double backpropagation: the gradient of g(θ)ᵀd, at 2.5–3.5 times the cost of g. Of
 * networks with rectifiers it is the Hessian wherever that exists; finite differences of their gradients are not.
 *
 * @param direction d, in the parameters' order
 */
export function batchHessianVectorProduct(
  objective: Objective,
  parameters: ParameterList,
  direction: ParameterList,
  batch: Batch,
): tf.Tensor[] {
  return tf.tidy(() => {
    const slope = (): tf.Scalar => {
      const { gradient } = batchLossAndGradient(objective, parameters, batch)
      // only its derivative is asked for, so the sums need no care
      const products = gradient.map((tensor, index): tf.Scalar => tf.sum(tf.mul(tensor, direction[index]!)))
      return products.reduce((sum, product) => tf.add(sum, product))
    }
    return gradientsOf(slope, parameters).grads
  })
}

/**
 * H d of the mean loss over a dataset, batch by batch. In mode `batch` of normalisation the loss is the mean of what each of
 * these batches has by itself, and depends on how they are cut.
 *
 * @throws RangeError if there is no batch
 */
export function hessianVectorProduct(
  objective: Objective,
  parameters: ParameterList,
  direction: ParameterList,
  batches: Batches,
): Promise<tf.Tensor[]> {
  return meanOverBatches(batches, (batch) => batchHessianVectorProduct(objective, parameters, direction, batch))
}
