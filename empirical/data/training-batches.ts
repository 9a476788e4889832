import { z } from 'zod'
import { uniform } from '../../foundation/random/uniform.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { type DataSampling, dataOrder, dataOrderStart, dataOrderState } from './data-order.ts'
import { type Batch, type ExampleSource, emptyBatch, VIEW_NUMBERS } from './example-source.ts'
import { dataStreams } from './random-streams.ts'
import { randomWords, wordsOf } from './random-words.ts'

/** Where training batches stand, as JSON: all that a checkpoint must hold of them. */
export type TrainingBatchesState = z.output<typeof trainingBatchesState>

export const trainingBatchesState = z.strictObject({
  order: dataOrderState,
  /** The generator of random crops and flips. */
  views: randomWords,
})

/** Batches to train on, one step after the other. */
export interface TrainingBatches {
  /** Batches in an epoch; with replacement Infinity. */
  readonly batchesPerEpoch: number
  /** The next batch, the caller's until it calls again; every call must wait for the one before. */
  next(): Promise<Batch>
  /** Where they stand after the batch that `next` gave last. */
  state(): TrainingBatchesState
  /** Waits for what is being read ahead; afterwards the source may be closed. */
  close(): Promise<void>
}

/** The state of batches that have given nothing yet. */
export function trainingBatchesStart(seed: number): TrainingBatchesState {
  return { order: dataOrderStart(seed), views: wordsOf(streamOf(seed, dataStreams.views)) }
}

/**
 * Batches of a source from a state on; from equal states they are equal, bit for bit, wherever the run was interrupted.
 *
 * The next batch is read while the caller works on one; the state leaves out what is only read ahead.
 *
 * @throws RangeError as `dataOrder`; `next` throws as the source's `read`
 */
export function trainingBatches(
  source: ExampleSource,
  { sampling, batchSize }: { readonly sampling: DataSampling; readonly batchSize: number },
  from: TrainingBatchesState,
): TrainingBatches {
  const order = dataOrder({ sampling, batchSize, exampleCount: source.exampleCount }, from.order)
  const random = Int32Array.from(from.views)
  const indices = new Uint32Array(batchSize)
  const views = source.augmented ? new Float64Array(VIEW_NUMBERS * batchSize) : undefined
  let filling = emptyBatch(source, batchSize)
  let spare = emptyBatch(source, batchSize)
  const stateNow = (): TrainingBatchesState => ({ order: order.state(), views: wordsOf(random) })
  const begin = (): Promise<void> => {
    order.next(indices)
    // drawn here, in the order of steps, and not as images arrive
    if (views !== undefined) for (let k = 0; k < views.length; k++) views[k] = uniform(random)
    const reading = source.read(indices, filling, views)
    reading.catch(() => {}) // it is awaited later, and must not count as unhandled until then
    return reading
  }
  let given = stateNow()
  let reading: Promise<void> | undefined
  return {
    batchesPerEpoch: order.batchesPerEpoch,
    next: async () => {
      reading ??= begin()
      await reading
      given = stateNow()
      const ready = filling
      filling = spare
      spare = ready
      reading = begin()
      return ready
    },
    state: () => given,
    close: async () => {
      await reading?.catch(() => {})
    },
  }
}
