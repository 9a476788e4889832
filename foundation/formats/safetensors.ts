/**
 * The safetensors format: eight bytes with the header's length (little endian), a JSON header that gives each tensor's
 * element type, shape and place in the data, and the data, raw, little endian, row-major, without gaps.
 * Format: https://github.com/huggingface/safetensors, "Format". Typed arrays are taken to be little endian too, as they
 * are on every machine that Node is released for but IBM's.
 */

/** The typed array that holds each element type; a BOOL is a byte, 0 or 1. */
const arrays = {
  F64: Float64Array,
  F32: Float32Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const

export type Dtype = keyof typeof arrays

export type TensorValues =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array

export interface TensorInfo {
  readonly dtype: Dtype
  /** Sizes of the axes, outermost first; none for a single number. */
  readonly shape: readonly number[]
}

export interface Tensor extends TensorInfo {
  /** Row-major. */
  readonly values: TensorValues
}

export interface Safetensors {
  /** In the order of their data. */
  readonly tensors: ReadonlyMap<string, Tensor>
  readonly metadata: Readonly<Record<string, string>>
}

/** Where everything lies in a file whose tensors are known but for their values. */
export interface SafetensorsLayout {
  /** The header's length and the header. */
  readonly head: Uint8Array
  readonly places: ReadonlyMap<string, TensorPlace>
  /** Bytes of the whole file. */
  readonly size: number
}

export interface TensorPlace extends TensorInfo {
  /** From the start of the file, a multiple of the elements' size. */
  readonly byteOffset: number
  readonly elementCount: number
}

const LENGTH_BYTES = 8
/** The reference implementation's limit. */
const LONGEST_HEADER = 100_000_000
const METADATA = '__metadata__'

/**
 * Lays a file out: tensors of larger elements first, so that with a header padded to a multiple of eight every element lies
 * at a multiple of its size.
 *
 * @throws RangeError for the name `__metadata__`, a size that is no integer ≥ 0, a file past 2⁵³ bytes, or a header past
 * what readers take (100 MB)
 */
export function layOut(
  tensors: Readonly<Record<string, TensorInfo>>,
  metadata: Readonly<Record<string, string>>,
): SafetensorsLayout {
  const named = Object.entries(tensors).sort(([, a], [, b]) => itemSize(b.dtype) - itemSize(a.dtype))
  const entries: [string, unknown][] = Object.keys(metadata).length === 0 ? [] : [[METADATA, metadata]]
  const inData: [string, TensorPlace][] = []
  let end = 0
  for (const [name, { dtype, shape }] of named) {
    if (name === METADATA) throw new RangeError(`layOut: tensors must not be named ${METADATA}`)
    const begin = end
    const elementCount = requireElementCount(shape, `layOut: tensor ${shown(name)}`)
    end += itemSize(dtype) * elementCount
    inData.push([name, { dtype, shape, byteOffset: begin, elementCount }])
    entries.push([name, { dtype, shape, data_offsets: [begin, end] }])
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const headerLength = Math.ceil(json.length / 8) * 8
  if (headerLength > LONGEST_HEADER) {
    throw new RangeError(`layOut: the header must have at most ${LONGEST_HEADER} bytes, got ${headerLength}`)
  }
  const head = new Uint8Array(LENGTH_BYTES + headerLength).fill(0x20) // spaces
  new DataView(head.buffer).setBigUint64(0, BigInt(headerLength), true)
  head.set(json, LENGTH_BYTES)
  const size = head.length + end
  if (!Number.isSafeInteger(size)) throw new RangeError(`layOut: a file must have less than 2^53 bytes, got ${size}`)
  const places = inData.map(([name, place]): [string, TensorPlace] => [
    name,
    { ...place, byteOffset: head.length + place.byteOffset },
  ])
  return { head, places: new Map(places), size }
}

/**
 * A whole file in memory.
 *
 * @throws TypeError for values that are not of their tensor's type; RangeError for values that do not fill its shape, and as
 * `layOut` does
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const { head, places, size } = layOut(tensors, metadata)
  const file = new Uint8Array(size)
  file.set(head)
  for (const [name, place] of places) {
    const { values } = tensors[name]!
    const bytes = bytesOf(values, place.dtype, `encodeSafetensors: tensor ${shown(name)}`)
    if (values.length !== place.elementCount) {
      throw new RangeError(
        `encodeSafetensors: tensor ${shown(name)} must have ${place.elementCount} values for its shape [${place.shape.join(', ')}], got ${values.length}`,
      )
    }
    file.set(bytes, place.byteOffset)
  }
  return file
}

/** A tensor's values as the bytes of a file; throws TypeError, beginning with `caller`, if they are of another type. */
export function bytesOf(values: TensorValues, dtype: Dtype, caller: string): Uint8Array {
  if (!(values instanceof arrays[dtype])) {
    throw new TypeError(`${caller} must hold a ${arrays[dtype].name} for ${dtype}, got a ${values.constructor.name}`)
  }
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function itemSize(dtype: Dtype): number {
  return arrays[dtype].BYTES_PER_ELEMENT
}

/**
 * Reads a whole file; values are views of `bytes` where their place allows it, else copies.
 *
 * Whatever the format forbids is refused: a header that is cut, too long, not UTF-8, not JSON or gives a name twice; data
 * that overlap, leave gaps, lie beyond the file or are not used. The values themselves are not looked at.
 *
 * @param name of the file, which begins each error
 * @throws RangeError in one line for all that is refused, element types that no typed array holds (F16, BF16, F8) included
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const { header, dataOffset } = readHeader(bytes, name)
  const { [METADATA]: metadata, ...infos } = header
  const places = Object.entries(infos).map(([tensor, info]) => readPlace(info, `${name}: tensor ${shown(tensor)}`))
  const names = Object.keys(infos)
  const order = names
    .map((_, index) => index)
    .sort((a, b) => places[a]!.begin - places[b]!.begin || places[a]!.end - places[b]!.end)

  let end = 0
  let before = ''
  for (const index of order) {
    const { begin } = places[index]!
    if (begin < end) throw new RangeError(`${name}: tensors ${shown(before)} and ${shown(names[index]!)} overlap`)
    if (begin > end) throw new RangeError(`${name}: bytes ${end} to ${begin} of the data belong to no tensor`)
    end = places[index]!.end
    before = names[index]!
  }
  const given = bytes.length - dataOffset
  if (given < end)
    throw new RangeError(`${name}: truncated: the header promises ${end} bytes of data, ${given} are there`)
  if (given > end) throw new RangeError(`${name}: ${given - end} bytes are left over after the last tensor`)

  const tensors = order.map((index): [string, Tensor] => {
    const { dtype, shape, begin, end: tensorEnd } = places[index]!
    const values = valuesAt(bytes, dtype, dataOffset + begin, (tensorEnd - begin) / itemSize(dtype))
    return [names[index]!, { dtype, shape, values }]
  })
  return { tensors: new Map(tensors), metadata: readMetadata(metadata, name) }
}

function valuesAt(bytes: Uint8Array, dtype: Dtype, offset: number, length: number): TensorValues {
  const place = bytes.byteOffset + offset
  if (place % itemSize(dtype) === 0) return new arrays[dtype](bytes.buffer as ArrayBuffer, place, length)
  return new arrays[dtype](bytes.slice(offset, offset + length * itemSize(dtype)).buffer, 0, length)
}

function readHeader(bytes: Uint8Array, name: string): { header: Record<string, unknown>; dataOffset: number } {
  if (bytes.length < LENGTH_BYTES) {
    throw new RangeError(`${name}: not a safetensors file: ${bytes.length} bytes, the header's length alone takes 8`)
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true)
  if (length > BigInt(LONGEST_HEADER)) {
    throw new RangeError(
      `${name}: not a safetensors file: its header would have ${length} bytes, at most ${LONGEST_HEADER} are allowed`,
    )
  }
  const dataOffset = LENGTH_BYTES + Number(length)
  if (dataOffset > bytes.length) {
    throw new RangeError(
      `${name}: truncated: the header should have ${length} bytes, ${bytes.length - LENGTH_BYTES} are there`,
    )
  }
  const refuse = (why: string): RangeError => new RangeError(`${name}: not a safetensors file: its header ${why}`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(LENGTH_BYTES, dataOffset))
  } catch {
    throw refuse('is not UTF-8')
  }
  if (!text.startsWith('{')) throw refuse('does not begin with {')
  let header: Record<string, unknown>
  try {
    header = JSON.parse(text) as Record<string, unknown>
  } catch {
    throw refuse('is not JSON')
  }
  const twice = repeatedKey(text)
  if (twice !== undefined) throw refuse(`gives ${shown(twice)} twice`)
  return { header, dataOffset }
}

/** A key that one object of this JSON, known to be valid, gives twice: a parser would silently take the second. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = []
  for (const [token, key] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (key !== undefined) {
      const name = JSON.parse(key) as string
      const keys = open.at(-1)!
      if (keys.has(name)) return name
      keys.add(name)
    }
  }
  return undefined
}

function readPlace(info: unknown, caller: string): TensorInfo & { readonly begin: number; readonly end: number } {
  if (typeof info !== 'object' || info === null || Array.isArray(info)) {
    throw new RangeError(`${caller}: must be an object of dtype, shape and data_offsets, got ${shown(info)}`)
  }
  const { dtype, shape, data_offsets: offsets } = info as Record<string, unknown>
  if (!isDtype(dtype)) {
    throw new RangeError(`${caller}: dtype must be one of ${Object.keys(arrays).join(', ')}, got ${shown(dtype)}`)
  }
  if (!isSizes(shape)) {
    throw new RangeError(`${caller}: shape must be a list of integers ≥ 0, got ${shown(shape)}`)
  }
  if (!(isSizes(offsets) && offsets.length === 2 && offsets[0]! <= offsets[1]!)) {
    throw new RangeError(`${caller}: data_offsets must be two integers, 0 ≤ begin ≤ end, got ${shown(offsets)}`)
  }
  const [begin, end] = offsets as [number, number]
  const needed = itemSize(dtype) * requireElementCount(shape, caller)
  if (end - begin !== needed) {
    throw new RangeError(
      `${caller}: ${dtype} of shape [${shape.join(', ')}] takes ${needed} bytes, its data_offsets give ${end - begin}`,
    )
  }
  return { dtype, shape, begin, end }
}

function readMetadata(metadata: unknown, name: string): Readonly<Record<string, string>> {
  if (metadata === undefined) return {}
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new RangeError(`${name}: ${METADATA} must map strings to strings, got ${shown(metadata)}`)
  }
  const bad = Object.entries(metadata).find(([, value]) => typeof value !== 'string')
  if (bad !== undefined) {
    throw new RangeError(`${name}: ${METADATA}: ${shown(bad[0])} must be a string, got ${shown(bad[1])}`)
  }
  return metadata as Record<string, string>
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(arrays, value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function requireElementCount(shape: readonly number[], caller: string): number {
  if (!isSizes(shape)) throw new RangeError(`${caller}: shape must be a list of integers ≥ 0, got ${shown(shape)}`)
  const count = shape.reduce((product, size) => product * size, 1)
  // the largest elements have eight bytes
  if (Number.isSafeInteger(8 * count)) return count
  throw new RangeError(`${caller}: shape must be of less than 2^50 elements, got ${shown(shape)}`)
}

/** Names and values from a file may be of any length; a message is one line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
