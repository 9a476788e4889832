import * as tf from '@tensorflow/tfjs'
import { batchLossAndGradient, type Objective } from '../models/objective.ts'
import { downloadParameters, type ParameterList } from '../models/parameter-list.ts'
import { type Batches, meanOverBatches } from './mean-over-batches.ts'
import { vectorOf } from './parameter-vector.ts'

export interface FullGradient {
  readonly loss: number
  /** In the order of `HessianOperator`. // [parameter] */
  readonly gradient: Float32Array
}

/**
 * The mean loss over a dataset and its gradient, without weight decay.
 *
 * @throws RangeError if there is no batch
 */
export async function fullGradient(
  objective: Objective,
  parameters: ParameterList,
  batches: Batches,
): Promise<FullGradient> {
  const [loss, ...gradient] = await meanOverBatches(batches, (batch) => {
    const found = batchLossAndGradient(objective, parameters, batch)
    return [found.loss, ...found.gradient]
  })
  try {
    return {
      loss: ((await loss!.data()) as Float32Array)[0]!,
      gradient: vectorOf(await downloadParameters(objective.model, gradient)),
    }
  } finally {
    tf.dispose([loss!, ...gradient])
  }
}

/** The gradients of the mean losses of single batches. // [batch][parameter] */
export async function* batchGradients(
  objective: Objective,
  parameters: ParameterList,
  batches: Batches,
): AsyncGenerator<Float32Array, void, void> {
  for await (const batch of batches) {
    const { loss, gradient } = batchLossAndGradient(objective, parameters, batch)
    try {
      yield vectorOf(await downloadParameters(objective.model, gradient))
    } finally {
      tf.dispose([loss, ...gradient])
    }
  }
}
