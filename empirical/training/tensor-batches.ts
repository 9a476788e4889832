import * as tf from '@tensorflow/tfjs'
import type { Batch as ExampleBatch, ExampleSource } from '../data/example-source.ts'
import { fixedBatches } from '../data/fixed-batches.ts'
import type { Batch } from '../models/objective.ts'

/** A batch of examples as tensors, which are the caller's to dispose of. */
export function tensorBatch(
  { shape, task }: Pick<ExampleSource, 'shape' | 'task'>,
  { size, examples, labels, values }: ExampleBatch,
): Batch {
  const numbers = shape.reduce((product, length) => product * length, 1)
  const outputs = task.kind === 'classification' ? task.classCount : task.outputCount
  const targets =
    task.kind === 'classification' ? indicators(labels.subarray(0, size), outputs) : values.slice(0, size * outputs)
  return {
    inputs: tf.tensor(examples.slice(0, size * numbers), [size, ...shape], 'float32'),
    targets: tf.tensor2d(targets, [size, outputs], 'float32'),
  }
}

export function disposeBatch({ inputs, targets }: Batch): void {
  tf.dispose([inputs, targets])
}

/** One pass over a source in its own order; each batch is disposed of when the next one is asked for. */
export async function* tensorBatches(source: ExampleSource, size: number): AsyncGenerator<Batch, void, void> {
  for await (const examples of fixedBatches(source, size)) {
    const batch = tensorBatch(source, examples)
    try {
      yield batch
    } finally {
      disposeBatch(batch)
    }
  }
}

function indicators(labels: Int32Array, classCount: number): Float32Array {
  const targets = new Float32Array(labels.length * classCount)
  labels.forEach((label, example) => {
    targets[example * classCount + label] = 1
  })
  return targets
}
