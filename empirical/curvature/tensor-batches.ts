import * as tf from '@tensorflow/tfjs'
import { type Batch as ExampleBatch, type ExampleSource, emptyBatch } from '../data/example-source.ts'
import { fixedBatches } from '../data/fixed-batches.ts'
import type { Batch } from '../models/objective.ts'

/**
 * One pass over all examples of a source in its own order and in the fixed view, on the backend: the same batches each time.
 * Each is disposed of when the next one is asked for.
 *
 * @throws RangeError as `fixedBatches` does
 */
export async function* tensorBatches(source: ExampleSource, size: number): AsyncGenerator<Batch, void, void> {
  for await (const batch of fixedBatches(source, size)) yield* once(tensorBatch(source, batch))
}

/**
 * Batches of the examples named, in the fixed view, on the backend; each is disposed of when the next one is asked for.
 *
 * @param choices indices of one batch's examples each, all equally many
 */
export async function* chosenBatches(
  source: ExampleSource,
  choices: readonly Uint32Array[],
): AsyncGenerator<Batch, void, void> {
  const room = emptyBatch(source, choices[0]?.length ?? 1)
  for (const indices of choices) {
    await source.read(indices, room)
    yield* once(tensorBatch(source, room))
  }
}

function* once(batch: Batch): Generator<Batch, void, void> {
  try {
    yield batch
  } finally {
    disposeBatch(batch)
  }
}

export function disposeBatch({ inputs, targets }: Batch): void {
  tf.dispose([inputs, targets])
}

/** A batch on the backend: inputs [example, ...shape]; targets one-hot or values [example, output]. The caller disposes of it. */
export function tensorBatch({ shape, task }: Pick<ExampleSource, 'shape' | 'task'>, batch: ExampleBatch): Batch {
  const { size, examples, labels, values } = batch
  const outputs = task.kind === 'classification' ? task.classCount : task.outputCount
  const targets = task.kind === 'regression' ? values.slice(0, size * outputs) : new Float32Array(size * outputs)
  if (task.kind === 'classification') {
    for (let k = 0; k < size; k++) targets[k * outputs + labels[k]!] = 1
  }
  const numbers = examples.length / batch.capacity
  return {
    // the arrays are used again for the next batch
    inputs: tf.tensor(examples.slice(0, size * numbers), [size, ...shape], 'float32'),
    targets: tf.tensor2d(targets, [size, outputs], 'float32'),
  }
}
