import { uniformInteger } from '../foundation/random/uniform-integer.ts'
import type { RandomState } from '../foundation/random/xoshiro128.ts'
import type { MiniBatchScheme } from './dynamics.ts'

/** Draws the batches of one chain. */
export interface BatchSampler {
  /** The examples of the latest batch, in the order of summation; only the first ones, as `next` counts them, belong to it. // [batchSize] */
  readonly batch: Int32Array
  /** Draws the next batch and gives its size: batchSize, or fewer at the end of an epoch. */
  next(): number
}

/** A name of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const drawBelow = uniformInteger

/**
 * The batches of one chain, from its first epoch's first batch on, every one drawn exactly uniformly.
 *
 * - with-replacement: batchSize independent examples;
 * - without-replacement: batchSize distinct examples, batches independent of each other;
 * - shuffled-epochs: a fresh order of all examples each epoch, cut into ⌈N/S⌉ batches; the short last one is kept, as
 *   PyTorch's DataLoader does (drop_last = False);
 * - fixed-order: the same epochs in the data's own order, every time.
 *
 * @param exampleCount N
 * @param batchSize S, at most N
 * @param state the chain's random numbers, shared with whoever else draws for the chain
 */
export function batchSampler(
  sampling: MiniBatchScheme,
  exampleCount: number,
  batchSize: number,
  state: RandomState,
): BatchSampler {
  const batch = new Int32Array(batchSize)
  if (sampling === 'with-replacement') {
    return {
      batch,
      next: () => {
        for (let k = 0; k < batchSize; k++) batch[k] = drawBelow(state, exampleCount)
        return batchSize
      },
    }
  }
  const order = Int32Array.from({ length: exampleCount }, (_, example) => example)
  if (sampling === 'without-replacement') {
    return {
      batch,
      next: () => {
        dealInto(batch, order, 0, batchSize, state)
        return batchSize
      },
    }
  }
  let dealt = 0
  return {
    batch,
    next: () => {
      if (dealt === exampleCount) dealt = 0
      const size = Math.min(batchSize, exampleCount - dealt)
      if (sampling === 'shuffled-epochs') dealInto(batch, order, dealt, size, state)
      else for (let k = 0; k < size; k++) batch[k] = dealt + k
      dealt += size
      return size
    },
  }
}

/**
 * `size` steps of Fisher and Yates' shuffle, from place `dealt` on: a uniform choice, in uniform order, from what the
 * places before have not dealt. The order left by earlier batches needs no undoing, for any order is as good a start.
 */
function dealInto(batch: Int32Array, order: Int32Array, dealt: number, size: number, state: RandomState): void {
  for (let k = 0; k < size; k++) {
    const place = dealt + k
    const other = place + drawBelow(state, order.length - place)
    const example = order[other]!
    order[other] = order[place]!
    order[place] = example
    batch[k] = example
  }
}
