import { basename } from 'node:path'
import { type ExampleSource, requireReadable } from './example-source.ts'
import { openRecords } from './record-files.ts'

/** A source with files open behind it. */
export interface FileSource extends ExampleSource {
  close(): Promise<void>
}

const SIDE = 32
const CHANNEL_COUNT = 3
const CLASS_COUNT = 10
const PLANE = SIDE * SIDE
const PIXEL_BYTES = CHANNEL_COUNT * PLANE
/** Holds the published training set (154 MB) and what else a run is likely to read. */
const CACHE_BYTES = 2 ** 28

/**
 * Images in files of CIFAR-10's binary format (see `readCifar10`), one after the other: 32 × 32 × 3, pixels in [0, 1].
 *
 * Read from disk as they are needed; every record's label is looked at on opening.
 *
 * @param cacheBytes of images that stay in memory at most
 * @throws RangeError naming the file if it cannot be read, is not a whole number of records, or has a label above 9
 */
export async function cifar10Source(paths: readonly string[], cacheBytes: number = CACHE_BYTES): Promise<FileSource> {
  const records = await openRecords(paths, {
    what: 'CIFAR-10 records',
    recordBytes: 1 + PIXEL_BYTES,
    cacheBytes,
    inspect: (record, { path, number, count }) => {
      if (record[0]! < CLASS_COUNT) return
      throw new RangeError(
        `${path}: record ${number} of ${count}: the label must be at most ${CLASS_COUNT - 1}, got ${record[0]}`,
      )
    },
  })
  const source = { name: basename(paths[0]!), exampleCount: records.recordCount }
  const read: ExampleSource['read'] = async (indices, into, views) => {
    requireReadable(source, indices, into, views)
    const late: Promise<void>[] = []
    for (let k = 0; k < indices.length; k++) {
      const record = records.record(indices[k]!)
      if (record instanceof Uint8Array) unpack(record, k, into)
      else late.push(record.then((bytes) => unpack(bytes, k, into)))
    }
    // all of them, so that none writes to the batch after this read has failed
    for (const outcome of await Promise.allSettled(late)) if (outcome.status === 'rejected') throw outcome.reason
    into.size = indices.length
  }
  return {
    ...source,
    shape: [SIDE, SIDE, CHANNEL_COUNT],
    task: { kind: 'classification', classCount: CLASS_COUNT },
    augmented: false,
    read,
    close: records.close,
  }
}

/** Writes a record's label and its planes, as pixels of three channels, to place k of a batch. */
function unpack(record: Uint8Array, k: number, into: { labels: Int32Array; examples: Float32Array }): void {
  const { labels, examples } = into
  labels[k] = record[0]!
  const at = k * PIXEL_BYTES
  for (let pixel = 0; pixel < PLANE; pixel++) {
    for (let channel = 0; channel < CHANNEL_COUNT; channel++) {
      examples[at + pixel * CHANNEL_COUNT + channel] = record[1 + channel * PLANE + pixel]! * (1 / 255)
    }
  }
}
