import { type Batch, type ExampleSource, emptyBatch } from './example-source.ts'

/**
 * One pass over all examples of a source in its own order and in the fixed view, in batches of `size`, the last one shorter
 * where size does not divide their number: the same for every full gradient or Hessian-vector product.
 *
 * The next batch is read while one is worked on. A batch is the reader's until it asks for the next one.
 *
 * @throws RangeError if size is no integer ≥ 1, and as the source's `read`
 */
export async function* fixedBatches(source: ExampleSource, size: number): AsyncGenerator<Batch, void, void> {
  const { exampleCount } = source
  const room = Math.min(size, exampleCount)
  let filling = emptyBatch(source, room)
  let spare = emptyBatch(source, room)
  const begin = (first: number, into: Batch): Promise<void> => {
    const count = Math.min(room, exampleCount - first)
    const reading = source.read(
      Uint32Array.from({ length: count }, (_, k) => first + k),
      into,
    )
    reading.catch(() => {}) // it is awaited later, and must not count as unhandled until then
    return reading
  }
  let reading = begin(0, filling)
  try {
    for (let first = 0; first < exampleCount; first += room) {
      await reading
      const ready = filling
      filling = spare
      spare = ready
      if (first + room < exampleCount) reading = begin(first + room, filling)
      yield ready
    }
  } finally {
    // whoever leaves early must find the source at rest
    await reading.catch(() => {})
  }
}
