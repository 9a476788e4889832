import * as tf from '@tensorflow/tfjs'
import { initialParameters } from './initial-parameters.ts'
import type { Architecture } from './layers.ts'
import { planModel } from './model.ts'
import type { Batch, Objective } from './objective.ts'
import { initialStatistics, uploadParameters, uploadStatistics } from './parameter-list.ts'

/** A network with first values, as tests need it. */
export function networkOf(architecture: Architecture): { objective: Objective; parameters: tf.Tensor[] } {
  const model = planModel(architecture)
  return {
    objective: {
      model,
      loss: 'cross-entropy',
      mode: 'batch',
      statistics: uploadStatistics(model, initialStatistics(model)),
    },
    parameters: uploadParameters(model, initialParameters(model, 1)),
  }
}

/** Normal inputs and classes in turn. */
export function randomBatch({ model }: Objective, examples: number, seed = 1): Batch {
  const classes = tf.tensor1d(
    Int32Array.from({ length: examples }, (_, i) => i % model.outputCount),
    'int32',
  )
  return {
    inputs: tf.randomNormal([examples, ...model.inputShape], 0, 1, 'float32', seed),
    targets: tf.cast(tf.oneHot(classes, model.outputCount), 'float32') as tf.Tensor2D,
  }
}
