import * as tf from '@tensorflow/tfjs'
import type { Batch } from '../models/objective.ts'

/** Batches one after the other, read from disk or held; whoever makes them disposes of them. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>

/**
 * The mean over a dataset of what is a mean over each batch, every example counting once: Σ_b n_b x_b / Σ_b n_b.
 *
 * @param compute gives new tensors, of the same shapes for every batch
 * @throws RangeError if there is no batch
 */
export async function meanOverBatches(batches: Batches, compute: (batch: Batch) => tf.Tensor[]): Promise<tf.Tensor[]> {
  let sums: tf.Tensor[] | undefined
  let examples = 0
  try {
    for await (const batch of batches) {
      const count = batch.targets.shape[0]
      examples += count
      const before = sums
      sums = tf.tidy(() => {
        const weighted = compute(batch).map((tensor) => tf.mul(tensor, count))
        // addN is wrong on some backends
        return before === undefined ? weighted : weighted.map((tensor, index) => tf.add(before[index]!, tensor))
      })
      tf.dispose(before ?? [])
    }
    if (sums === undefined) throw new RangeError('meanOverBatches: batches must not be empty')
    const total = sums
    return tf.tidy(() => total.map((sum) => tf.div(sum, examples)))
  } finally {
    tf.dispose(sums ?? [])
  }
}
