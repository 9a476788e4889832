import * as tf from '@tensorflow/tfjs'
import { parameterCount } from '../models/model.ts'
import type { Batch, Objective } from '../models/objective.ts'
import { downloadParameters, type ParameterList, uploadParameters } from '../models/parameter-list.ts'
import { hessianVectorProduct } from './hessian-vector-product.ts'
import type { Batches } from './mean-over-batches.ts'
import { arraysOf, vectorOf } from './parameter-vector.ts'

/**
 * A symmetric matrix that is never formed, over vectors too long for float64: the numbers of all parameters one after the
 * other, in PyTorch's order, in float32 as the backends compute them. What is summed over them is summed in float64.
 */
export interface HessianOperator {
  /** Length of its vectors. */
  readonly size: number
  /** A new vector H x. */
  multiply(x: Float32Array): Promise<Float32Array>
}

/**
 * The Hessian of a dataset's mean loss, without weight decay, as an operator.
 *
 * @param batches begins a pass over the dataset, the same batches each time; whoever makes them disposes of them
 * @param signal stops a product between two batches: `multiply` then rejects with the signal's reason
 */
export function hessianOperator(
  objective: Objective,
  parameters: ParameterList,
  batches: () => Batches,
  signal?: AbortSignal,
): HessianOperator {
  const { model } = objective
  return {
    size: parameterCount(model),
    multiply: async (x) => {
      const direction = uploadParameters(model, arraysOf(model, x))
      try {
        const product = await hessianVectorProduct(objective, parameters, direction, until(signal, batches()))
        try {
          return vectorOf(await downloadParameters(model, product))
        } finally {
          tf.dispose(product)
        }
      } finally {
        tf.dispose(direction)
      }
    },
  }
}

/** The batches, until the signal stops them by throwing its reason. */
export async function* until(signal: AbortSignal | undefined, batches: Batches): AsyncGenerator<Batch, void, void> {
  for await (const batch of batches) {
    signal?.throwIfAborted()
    yield batch
  }
}
