import { gunzipSync } from 'node:zlib'

/**
 * The IDX format of MNIST and its relatives: two zero bytes, one byte for the element type, one for the number of axes,
 * the axes' sizes as big-endian 32-bit integers, and the elements, row-major.
 * Format: http://yann.lecun.com/exdb/mnist/, "FILE FORMATS FOR THE MNIST DATABASE".
 */

/** An array of unsigned bytes, the element type of all published image sets. */
export interface IdxArray {
  /** Sizes of the axes, outermost first. */
  readonly shape: readonly number[]
  /** Row-major. */
  readonly values: Uint8Array
}

/** Images with a class label each. */
export interface IdxImages {
  readonly exampleCount: number
  readonly height: number
  readonly width: number
  /** Grey levels 0–255. // [example, row, column] */
  readonly pixels: Uint8Array
  /** // [example] */
  readonly labels: Uint8Array
}

/** A file's bytes, and the name that begins each error about them. */
export interface NamedBytes {
  readonly bytes: Uint8Array
  readonly name: string
}

const UNSIGNED_BYTE = 0x08
const OTHER_TYPES: Readonly<Record<number, string>> = {
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
}

/**
 * Reads an IDX file of unsigned bytes, gzipped (as MNIST is published) or not; values are a view of what is given or unzipped.
 *
 * @throws RangeError in one line for bytes that are no such file, or not all of one
 */
export function readIdx({ bytes: given, name }: NamedBytes): IdxArray {
  const bytes = unzipped(given, name)
  if (bytes.length === 0) throw new RangeError(`${name}: the file is empty`)
  if (bytes.length < 4)
    throw new RangeError(`${name}: truncated: ${bytes.length} bytes, the magic number alone takes 4`)
  const type = bytes[2]!
  const axisCount = bytes[3]!
  if (bytes[0] !== 0 || bytes[1] !== 0 || !(type === UNSIGNED_BYTE || type in OTHER_TYPES) || axisCount === 0) {
    const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex')
    throw new RangeError(`${name}: not an IDX file: its magic number is 0x${magic}`)
  }
  if (type !== UNSIGNED_BYTE) throw new RangeError(`${name}: must hold unsigned bytes, got ${OTHER_TYPES[type]}`)
  const start = 4 + 4 * axisCount
  if (bytes.length < start) {
    throw new RangeError(`${name}: truncated: ${bytes.length} bytes, a header of ${axisCount} axes takes ${start}`)
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, start)
  const shape = Array.from({ length: axisCount }, (_, axis) => header.getUint32(4 + 4 * axis))
  const needed = shape.reduce((product, size) => product * size, 1)
  const there = bytes.length - start
  if (there < needed)
    throw new RangeError(`${name}: truncated: ${shape.join('×')} takes ${needed} bytes, ${there} are there`)
  if (there > needed) throw new RangeError(`${name}: ${there - needed} bytes are left over after ${shape.join('×')}`)
  return { shape, values: bytes.subarray(start) }
}

/**
 * Reads a pair of IDX files: images [example, row, column] and their labels [example].
 *
 * @param classCount labels are 0 to classCount − 1
 * @throws RangeError as `readIdx`, and if the axes are others, there are no images, counts differ, or a label is too large
 */
export function readIdxImages(imageFile: NamedBytes, labelFile: NamedBytes, classCount: number): IdxImages {
  const images = readIdx(imageFile)
  const { shape: labelShape, values: labels } = readIdx(labelFile)
  requireAxes(images.shape, 3, `${imageFile.name}: images must have the axes [example, row, column]`)
  requireAxes(labelShape, 1, `${labelFile.name}: labels must have one axis [example]`)
  const [exampleCount, height, width] = images.shape as [number, number, number]
  if (images.values.length === 0) throw new RangeError(`${imageFile.name}: no pixels in ${images.shape.join('×')}`)
  if (labels.length !== exampleCount) {
    throw new RangeError(
      `${labelFile.name}: must have a label for each of the ${exampleCount} images of ${imageFile.name}, got ${labels.length}`,
    )
  }
  const bad = labels.findIndex((label) => label >= classCount)
  if (bad !== -1) {
    throw new RangeError(
      `${labelFile.name}: label ${bad + 1} of ${exampleCount} must be at most ${classCount - 1}, got ${labels[bad]}`,
    )
  }
  return { exampleCount, height, width, pixels: images.values, labels }
}

function requireAxes(shape: readonly number[], count: number, message: string): void {
  if (shape.length !== count) throw new RangeError(`${message}, got ${shape.length}: ${shape.join('×')}`)
}

function unzipped(bytes: Uint8Array, name: string): Uint8Array {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes
  try {
    return gunzipSync(bytes)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'Z_BUF_ERROR' ? 'truncated' : `damaged (${message})`
    throw new RangeError(`${name}: a ${why} gzip file`)
  }
}
