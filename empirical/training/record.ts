import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

/**
 * What a training run measured at every step, as it is written: one line of JSON that names the columns, then rows of
 * doubles, little endian, one for each step from the first. A number that was not measured at a step is NaN.
 */
export interface TrainingRecord {
  readonly columns: readonly string[]
  readonly rowCount: number
  /** // [row, column] */
  readonly values: Float64Array
}

/** A record in the making. Rows are kept in memory until `flush`. */
export interface RecordWriter {
  /** Adds one row. // [column] */
  append(row: ArrayLike<number>): void
  /** Brings all rows to the disk; gives the file's length in bytes from then on. */
  flush(): number
  close(): void
}

const DOUBLE = Float64Array.BYTES_PER_ELEMENT
const LINE_FEED = 10
/** Bytes of rows that are written at once, if no flush comes before. */
const BUFFER = 1 << 18
/** A header that is longer is no header. */
const LONGEST_HEADER = 1 << 20

/** Begins a record, in place of an older one. */
export function createRecord(path: string, columns: readonly string[]): RecordWriter {
  const file = openSync(path, 'w')
  const header = headerOf(columns)
  writeAll(file, header, 0)
  return writer(file, header.length, columns.length)
}

/**
 * Goes on with a record that a checkpoint covers to `byteLength`: what was written later is cut off, to be computed again.
 *
 * @throws RangeError if the file has other columns, or fewer bytes than the checkpoint says were written
 */
export function continueRecord(path: string, columns: readonly string[], byteLength: number): RecordWriter {
  const file = openSync(path, 'r+')
  try {
    const header = headerOf(columns)
    const found = Buffer.alloc(header.length)
    readSync(file, found, 0, header.length, 0)
    if (!found.equals(header)) throw new RangeError(`continueRecord: ${path} is the record of another run`)
    const size = fstatSync(file).size
    const wholeRows = (byteLength - header.length) % (columns.length * DOUBLE) === 0
    if (!(byteLength >= header.length && byteLength <= size && wholeRows)) {
      throw new RangeError(
        `continueRecord: ${path} must hold the ${byteLength} bytes that its checkpoint covers, it has ${size}`,
      )
    }
    ftruncateSync(file, byteLength)
    return writer(file, byteLength, columns.length)
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/**
 * Reads a record; a row that a kill has cut short is left out.
 *
 * @throws RangeError in one line if the file is no record
 */
export function readRecord(path: string): TrainingRecord {
  const bytes = readFileSync(path)
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(LINE_FEED)
  const columns = end === -1 ? undefined : columnsOf(bytes.toString('utf8', 0, end))
  if (columns === undefined) throw new RangeError(`readRecord: ${path} is no record: its first line must name columns`)
  const start = end + 1
  const rowCount = Math.floor((bytes.length - start) / (columns.length * DOUBLE))
  const data = bytes.buffer.slice(
    bytes.byteOffset + start,
    bytes.byteOffset + start + rowCount * columns.length * DOUBLE,
  )
  return { columns, rowCount, values: new Float64Array(data) }
}

/**
 * One column of a record. // [row]
 *
 * @throws RangeError if there is none of that name
 */
export function columnOf({ columns, rowCount, values }: TrainingRecord, name: string): Float64Array {
  const column = columns.indexOf(name)
  if (column === -1) throw new RangeError(`columnOf: name must be one of ${columns.join(', ')}, got ${name}`)
  return Float64Array.from({ length: rowCount }, (_, row) => values[row * columns.length + column]!)
}

function headerOf(columns: readonly string[]): Buffer {
  return Buffer.from(`${JSON.stringify({ columns })}\n`)
}

function columnsOf(line: string): string[] | undefined {
  try {
    const { columns } = JSON.parse(line) as { columns?: unknown }
    const named = Array.isArray(columns) && columns.length > 0 && columns.every((name) => typeof name === 'string')
    return named ? columns : undefined
  } catch {
    return undefined
  }
}

function writer(file: number, from: number, columnCount: number): RecordWriter {
  const rows = new Float64Array(Math.max(1, Math.floor(BUFFER / (columnCount * DOUBLE))) * columnCount)
  const bytes = new Uint8Array(rows.buffer)
  let position = from
  let filled = 0
  const write = (): void => {
    writeAll(file, bytes.subarray(0, filled * DOUBLE), position)
    position += filled * DOUBLE
    filled = 0
  }
  return {
    append: (row) => {
      if (row.length !== columnCount) {
        throw new RangeError(`append: row must have ${columnCount} values, got ${row.length}`)
      }
      rows.set(row, filled)
      filled += columnCount
      if (filled === rows.length) write()
    },
    flush: () => {
      write()
      fsyncSync(file)
      return position
    },
    close: () => {
      write()
      closeSync(file)
    },
  }
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done)
  }
}
