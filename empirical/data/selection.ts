import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { type ExampleSource, requireReadable } from './example-source.ts'
import { permute } from './permutation.ts'
import { dataStreams } from './random-streams.ts'

/** A source of some examples of another, in the order of `chosen`. */
export function selection(source: ExampleSource, chosen: Uint32Array): ExampleSource {
  const bad = chosen.findIndex((index) => index >= source.exampleCount)
  if (bad !== -1) {
    throw new RangeError(
      `selection: chosen[${bad}] must be less than the ${source.exampleCount} examples of ${source.name}, got ${chosen[bad]}`,
    )
  }
  const part = { name: source.name, exampleCount: chosen.length }
  const read: ExampleSource['read'] = async (indices, into, views) => {
    requireReadable(part, indices, into, views)
    await source.read(
      indices.map((index) => chosen[index]!),
      into,
      views,
    )
  }
  return { ...source, ...part, read }
}

/**
 * Disjoint random parts of 0 … exampleCount − 1, of the sizes asked for, each in ascending order, so that files are read
 * forwards.
 *
 * @throws RangeError if together they are more than exampleCount
 */
export function randomParts(exampleCount: number, sizes: readonly number[], seed: number): Uint32Array[] {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > exampleCount) {
    throw new RangeError(`randomParts: sizes must be at most ${exampleCount} together, got ${sizes.join(' + ')}`)
  }
  const order = new Uint32Array(exampleCount)
  permute(order, streamOf(seed, dataStreams.split))
  let end = 0
  return sizes.map((size) => {
    end += size
    return order.slice(end - size, end).sort()
  })
}
