import * as tf from '@tensorflow/tfjs'
import { meanOverBatches } from '../curvature/mean-over-batches.ts'
import { tensorBatches } from '../curvature/tensor-batches.ts'
import type { ExampleSource } from '../data/example-source.ts'
import { forward } from '../models/forward.ts'
import { meanLoss } from '../models/loss.ts'
import type { Objective } from '../models/objective.ts'
import type { ParameterList } from '../models/parameter-list.ts'

export interface Evaluation {
  /** Mean over the examples, without weight decay. */
  readonly loss: number
  /** Share of examples whose class is the likeliest; of a regression absent. */
  readonly accuracy?: number
}

/** Loss and accuracy over all examples of a source, in batches of `size` and the fixed view. */
export async function evaluate(
  { model, loss, mode, statistics }: Objective,
  parameters: ParameterList,
  source: ExampleSource,
  size: number,
): Promise<Evaluation> {
  const means = await meanOverBatches(tensorBatches(source, size), ({ inputs, targets }) =>
    tf.tidy(() => {
      const outputs = forward(model, parameters, statistics, inputs, mode)
      const right = tf.equal(tf.argMax(outputs, 1), tf.argMax(targets, 1))
      return [meanLoss(loss, outputs, targets), tf.mean(tf.cast(right, 'float32'))]
    }),
  )
  const [value, accuracy] = await Promise.all(means.map(async (tensor) => (await tensor.data())[0]!))
  tf.dispose(means)
  return source.task.kind === 'classification' ? { loss: value!, accuracy: accuracy! } : { loss: value! }
}
