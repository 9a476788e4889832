import { type FileHandle, open } from 'node:fs/promises'
import { fileProblem } from './file-problem.ts'

/** Files of records of one length, read by position. */
export interface RecordFiles {
  readonly recordCount: number
  /** A record, numbered through all files: at once if it is in the cache. Not to be written to. */
  record(index: number): Uint8Array | Promise<Uint8Array>
  close(): Promise<void>
}

export interface RecordFilesOptions {
  /** Begins what is said of a file of another length, such as "CIFAR-10 records". */
  readonly what: string
  readonly recordBytes: number
  /** Records are kept until so many bytes are full, and then no more are. */
  readonly cacheBytes: number
  /** Is shown every record once when the files are opened. */
  inspect(record: Uint8Array, place: RecordPlace): void
}

/** Where a record stands: the how-manieth of how many in which file. */
export interface RecordPlace {
  readonly path: string
  readonly number: number
  readonly count: number
}

interface OpenFile {
  readonly path: string
  readonly handle: FileHandle
  readonly count: number
  /** Records in the files before. */
  readonly before: number
}

const SCAN_BYTES = 2 ** 20

/**
 * Opens files of records and reads each once through.
 *
 * The cache never gives a record up: for records drawn uniformly no policy does better, and a repeated pass in fixed order
 * gains by it where the least recently used would always be gone.
 *
 * @throws RangeError naming the file if it cannot be read, is empty or not a whole number of records, or shrinks meanwhile
 */
export async function openRecords(paths: readonly string[], options: RecordFilesOptions): Promise<RecordFiles> {
  const { recordBytes, cacheBytes, inspect } = options
  const files: OpenFile[] = []
  const close = async (): Promise<void> => {
    await Promise.all(files.splice(0).map(({ handle }) => handle.close()))
  }
  try {
    let recordCount = 0
    for (const path of paths) {
      const file = await openFile(path, options, recordCount)
      files.push(file)
      recordCount += file.count
    }
    const slotCount = Math.min(recordCount, Math.floor(cacheBytes / recordBytes))
    const slots = new Uint8Array(slotCount * recordBytes)
    const slotOf = new Int32Array(recordCount).fill(-1)
    let filled = 0
    const keep = (index: number, record: Uint8Array): void => {
      if (filled === slotCount || slotOf[index] !== -1) return
      slots.set(record, filled * recordBytes)
      slotOf[index] = filled++
    }

    const chunkRecords = Math.max(1, Math.floor(SCAN_BYTES / recordBytes))
    for (const file of files) {
      for (let first = 0; first < file.count; first += chunkRecords) {
        const count = Math.min(chunkRecords, file.count - first)
        const chunk = await readRecords(file, first, count, recordBytes)
        for (let k = 0; k < count; k++) {
          const record = chunk.subarray(k * recordBytes, (k + 1) * recordBytes)
          inspect(record, { path: file.path, number: first + k + 1, count: file.count })
          keep(file.before + first + k, record)
        }
      }
    }

    const load = async (index: number): Promise<Uint8Array> => {
      const file = files.find(({ before, count }) => index < before + count)
      if (file === undefined)
        throw new RangeError(`${paths[0]}: record ${index + 1} is read after the files were closed`)
      return readRecords(file, index - file.before, 1, recordBytes)
    }
    return {
      recordCount,
      record: (index) => {
        const slot = slotOf[index]!
        return slot === -1 ? load(index) : slots.subarray(slot * recordBytes, (slot + 1) * recordBytes)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openFile(path: string, options: RecordFilesOptions, before: number): Promise<OpenFile> {
  let handle: FileHandle
  try {
    handle = await open(path)
  } catch (error) {
    throw fileProblem(path, error)
  }
  try {
    const status = await handle.stat()
    if (status.isDirectory()) throw new RangeError(`${path}: it is a folder`)
    return { path, handle, count: requireWhole(path, status.size, options), before }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function requireWhole(path: string, size: number, { what, recordBytes }: RecordFilesOptions): number {
  if (size === 0) throw new RangeError(`${path}: the file is empty`)
  const rest = size % recordBytes
  if (rest !== 0) {
    throw new RangeError(
      `${path}: truncated: ${size} bytes are not a whole number of ${what} of ${recordBytes}: ${rest} are left over`,
    )
  }
  return size / recordBytes
}

async function readRecords(file: OpenFile, first: number, count: number, recordBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count * recordBytes)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.handle
      .read(bytes, done, bytes.length - done, first * recordBytes + done)
      .catch((error: unknown) => {
        throw fileProblem(file.path, error)
      })
    if (bytesRead === 0) {
      throw new RangeError(
        `${file.path}: truncated: it ends within record ${first + Math.floor(done / recordBytes) + 1}`,
      )
    }
    done += bytesRead
  }
  return bytes
}
