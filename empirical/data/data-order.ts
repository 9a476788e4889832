import { z } from 'zod'
import type { SamplingScheme } from '../../foundation/phase-space.ts'
import { uniformInteger } from '../../foundation/random/uniform-integer.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { permute } from './permutation.ts'
import { dataStreams } from './random-streams.ts'
import { randomWords, wordsOf } from './random-words.ts'

/** How the examples of each step are chosen: the theory's case, and everyone's. */
export const dataSamplings = ['with-replacement', 'shuffled-epochs'] as const satisfies readonly SamplingScheme[]

export type DataSampling = (typeof dataSamplings)[number]

export interface DataOrderOptions {
  readonly sampling: DataSampling
  /** N */
  readonly exampleCount: number
  /** S, at most N for shuffled epochs */
  readonly batchSize: number
}

/** Where an order stands, as JSON: all that a checkpoint must hold of it. */
export type DataOrderState = z.output<typeof dataOrderState>

export const dataOrderState = z.strictObject({
  /** The generator's four words: at the start of the epoch, whose permutation they give; with replacement, now. */
  random: randomWords,
  /** Epochs finished, not counting one whose last batch was the latest; with replacement 0. */
  epoch: z.int().nonnegative(),
  /** Batches given in this epoch; with replacement, in all. */
  position: z.int().nonnegative(),
})

/** Chooses the examples of each step. */
export interface DataOrder {
  /** Batches in an epoch, ⌊N/S⌋; with replacement Infinity. */
  readonly batchesPerEpoch: number
  /** Writes the next batch's `batchSize` examples; allocates nothing. */
  next(indices: Uint32Array): void
  state(): DataOrderState
}

/** A name of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const drawBelow = uniformInteger

/** The state of an order that has given nothing yet. */
export function dataOrderStart(seed: number): DataOrderState {
  return { random: wordsOf(streamOf(seed, dataStreams.order)), epoch: 0, position: 0 }
}

/**
 * The order of examples from a state on, drawn exactly uniformly; orders from equal states are equal.
 *
 * - with-replacement: every batch is batchSize independent examples;
 * - shuffled-epochs: every epoch is a new permutation of all examples, cut into ⌊N/S⌋ batches of exactly batchSize. The
 *   N mod S last examples of the permutation, other ones each epoch, are dropped: every step is then one of batch size S,
 *   but where S does not divide N the noise of an epoch does not sum exactly to zero, as the theory of shuffling takes it.
 *
 * The permutation in use (4 N bytes) is made anew from the state, which is thereby as small as the generator's.
 *
 * @throws RangeError if batchSize or exampleCount is out of range, or the state lies beyond the epoch's last batch
 */
export function dataOrder(options: DataOrderOptions, from: DataOrderState): DataOrder {
  const { sampling, exampleCount, batchSize } = options
  if (!(Number.isInteger(exampleCount) && exampleCount >= 1 && exampleCount < 2 ** 32)) {
    throw new RangeError(`dataOrder: exampleCount must be an integer in [1, 2^32), got ${exampleCount}`)
  }
  const shuffled = sampling === 'shuffled-epochs'
  const largest = shuffled ? exampleCount : 2 ** 32 - 1
  if (!(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= largest)) {
    throw new RangeError(`dataOrder: batchSize must be an integer in [1, ${largest}], got ${batchSize}`)
  }
  return shuffled ? shuffledEpochs(exampleCount, batchSize, from) : withReplacement(exampleCount, batchSize, from)
}

function withReplacement(exampleCount: number, batchSize: number, from: DataOrderState): DataOrder {
  const random = Int32Array.from(from.random)
  if (from.epoch !== 0) throw new RangeError(`dataOrder: epoch must be 0 with replacement, got ${from.epoch}`)
  let { position } = from
  return {
    batchesPerEpoch: Number.POSITIVE_INFINITY,
    next: (indices) => {
      requireRoom(indices, batchSize)
      for (let k = 0; k < batchSize; k++) indices[k] = drawBelow(random, exampleCount)
      position++
    },
    state: () => ({ random: wordsOf(random), epoch: 0, position }),
  }
}

function shuffledEpochs(exampleCount: number, batchSize: number, from: DataOrderState): DataOrder {
  const batchesPerEpoch = Math.floor(exampleCount / batchSize)
  let { epoch, position } = from
  if (position > batchesPerEpoch) {
    throw new RangeError(`dataOrder: position must be at most the epoch's ${batchesPerEpoch} batches, got ${position}`)
  }
  const random = Int32Array.from(from.random)
  const epochStart = Int32Array.from(random)
  const order = new Uint32Array(exampleCount)
  permute(order, random)
  return {
    batchesPerEpoch,
    next: (indices) => {
      requireRoom(indices, batchSize)
      if (position === batchesPerEpoch) {
        epochStart.set(random)
        permute(order, random)
        epoch++
        position = 0
      }
      const start = position * batchSize
      for (let k = 0; k < batchSize; k++) indices[k] = order[start + k]!
      position++
    },
    state: () => ({ random: wordsOf(epochStart), epoch, position }),
  }
}

function requireRoom(indices: Uint32Array, batchSize: number): void {
  if (indices.length !== batchSize) {
    throw new RangeError(`dataOrder: indices must have room for exactly ${batchSize} examples, got ${indices.length}`)
  }
}
