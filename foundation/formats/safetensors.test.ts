import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Dtype, encodeSafetensors, layOut, readSafetensors, type Tensor } from './safetensors.ts'

/** Written by the reference implementation, see fixtures/safetensors-files.py. */
function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`fixtures/${name}.safetensors`, import.meta.url))
}

/** A file of any header, given as text, and data. */
function file(header: string, data: Uint8Array = new Uint8Array(0), length = Buffer.byteLength(header)): Uint8Array {
  const head = Buffer.alloc(8)
  head.writeBigUInt64LE(BigInt(length))
  return Buffer.concat([head, Buffer.from(header), data])
}

const tensor = (dtype: string, shape: unknown, offsets: unknown): string =>
  JSON.stringify({ dtype, shape, data_offsets: offsets })

describe('readSafetensors', () => {
  it('reads what the reference implementation writes', () => {
    const { tensors, metadata } = readSafetensors(fixture('mixed'), 'mixed')
    expect(metadata).toEqual({ quote: 'a "b"\n', θ: 'μ' })
    expect(Object.fromEntries(tensors)).toEqual({
      flags: { dtype: 'BOOL', shape: [3], values: Uint8Array.of(1, 0, 1) },
      bytes: { dtype: 'U8', shape: [3], values: Uint8Array.of(0, 1, 255) },
      small: { dtype: 'I8', shape: [2], values: Int8Array.of(-128, 127) },
      short: { dtype: 'I16', shape: [1, 2], values: Int16Array.of(-32768, 32767) },
      int: { dtype: 'I32', shape: [2], values: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
      long: { dtype: 'I64', shape: [2], values: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
      single: { dtype: 'F32', shape: [2, 2], values: Float32Array.of(0.5, -0.1, Number.POSITIVE_INFINITY, 1e-45) },
      double: { dtype: 'F64', shape: [1, 2, 3], values: Float64Array.from({ length: 6 }, (_, k) => k / 7) },
      scalar: { dtype: 'F64', shape: [], values: Float64Array.of(Math.PI) },
      empty: { dtype: 'F64', shape: [3, 0], values: new Float64Array(0) },
      'Größe θ': { dtype: 'F64', shape: [1], values: Float64Array.of(1) },
    })
  })

  it('views the data where they are aligned, and copies them elsewhere', () => {
    const bytes = fixture('one')
    const aligned = new Uint8Array(bytes)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    for (const [given, views] of [
      [aligned, true],
      [shifted.subarray(1), false],
    ] as const) {
      const { tensors } = readSafetensors(given, 'one')
      expect(tensors.get('b')!.values).toEqual(Float64Array.of(1.5, -2))
      expect(tensors.get('b')!.values.buffer === given.buffer).toBe(views)
      expect(tensors.get('d')!.values.buffer).toBe(given.buffer) // bytes lie anywhere
    }
  })

  it('takes tensors in any order in the header, spaces behind it, and fields that it does not know', () => {
    const header = `{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2],"note":[]},"a":${tensor('U8', [1], [0, 1])}}   `
    const { tensors, metadata } = readSafetensors(file(header, Uint8Array.of(7, 8)), 'f')
    expect([...tensors.keys()]).toEqual(['a', 'b'])
    expect(tensors.get('b')!.values).toEqual(Uint8Array.of(8))
    expect(metadata).toEqual({})
  })

  const eight = new Uint8Array(8)
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), "not a safetensors file: 0 bytes, the header's length alone takes 8"],
    ['seven bytes', new Uint8Array(7), "not a safetensors file: 7 bytes, the header's length alone takes 8"],
    ['a cut header', file('{"a":', eight, 99), 'truncated: the header should have 99 bytes, 13 are there'],
    [
      'a header too long',
      file('{}', eight, 100_000_001),
      'not a safetensors file: its header would have 100000001 bytes, at most 100000000 are allowed',
    ],
    [
      'text',
      Buffer.from('step,position\n0,1'),
      'not a safetensors file: its header would have 8317990372943164531 bytes, at most 100000000 are allowed',
    ],
    ['a header that is no JSON', file('{"a":}'), 'not a safetensors file: its header is not JSON'],
    ['a header of nothing', file(''), 'not a safetensors file: its header does not begin with {'],
    ['a header after a space', file(' {}'), 'not a safetensors file: its header does not begin with {'],
    ['a header after a byte order mark', file('\ufeff{}'), 'not a safetensors file: its header does not begin with {'],
    ['a list', file('[]'), 'not a safetensors file: its header does not begin with {'],
    [
      'a header that is not UTF-8',
      Buffer.concat([file('', undefined, 4), Buffer.from([0x7b, 0x22, 0xff, 0x22])]),
      'not a safetensors file: its header is not UTF-8',
    ],
    [
      'a name given twice',
      file(`{"a":${tensor('U8', [8], [0, 8])},"\\u0061":${tensor('U8', [8], [0, 8])}}`, eight),
      'not a safetensors file: its header gives "a" twice',
    ],
    [
      'metadata given twice',
      file('{"__metadata__":{"x{":"1","y":"}","x{":"1"}}'),
      'not a safetensors file: its header gives "x{" twice',
    ],
    ['metadata that are a list', file('{"__metadata__":[1]}'), '__metadata__ must map strings to strings, got [1]'],
    ['a number in metadata', file('{"__metadata__":{"x":1}}'), '__metadata__: "x" must be a string, got 1'],
    [
      'a tensor that is a number',
      file('{"a":1}'),
      'tensor "a": must be an object of dtype, shape and data_offsets, got 1',
    ],
    [
      'an unknown type',
      file(`{"a":${tensor('F16', [4], [0, 8])}}`, eight),
      'tensor "a": dtype must be one of F64, F32, I64, U64, I32, U32, I16, U16, I8, U8, BOOL, got "F16"',
    ],
    [
      'a type of the language',
      file(`{"a":${tensor('constructor', [4], [0, 8])}}`, eight),
      'tensor "a": dtype must be one of F64, F32, I64, U64, I32, U32, I16, U16, I8, U8, BOOL, got "constructor"',
    ],
    [
      'no shape',
      file('{"a":{"dtype":"U8","data_offsets":[0,8]}}', eight),
      'tensor "a": shape must be a list of integers ≥ 0, got none',
    ],
    [
      'a negative size',
      file(`{"a":${tensor('U8', [-8], [0, 8])}}`, eight),
      'tensor "a": shape must be a list of integers ≥ 0, got [-8]',
    ],
    [
      'sizes beyond 2⁵³',
      file(`{"a":${tensor('U8', [2 ** 40, 2 ** 40], [0, 8])}}`, eight),
      'tensor "a": shape must be of less than 2^50 elements, got [1099511627776,1099511627776]',
    ],
    [
      'offsets the wrong way round',
      file(`{"a":${tensor('U8', [8], [8, 0])}}`, eight),
      'tensor "a": data_offsets must be two integers, 0 ≤ begin ≤ end, got [8,0]',
    ],
    [
      'offsets before the data',
      file(`{"a":${tensor('U8', [8], [-8, 0])}}`, eight),
      'tensor "a": data_offsets must be two integers, 0 ≤ begin ≤ end, got [-8,0]',
    ],
    [
      'offsets of another size than the shape',
      file(`{"a":${tensor('F32', [3], [0, 8])}}`, eight),
      'tensor "a": F32 of shape [3] takes 12 bytes, its data_offsets give 8',
    ],
    [
      'data beyond the file',
      file(`{"a":${tensor('F64', [2], [0, 16])}}`, eight),
      'truncated: the header promises 16 bytes of data, 8 are there',
    ],
    [
      'data left over',
      file(`{"a":${tensor('U8', [5], [0, 5])}}`, eight),
      '3 bytes are left over after the last tensor',
    ],
    [
      'a gap',
      file(`{"a":${tensor('U8', [2], [0, 2])},"b":${tensor('U8', [4], [4, 8])}}`, eight),
      'bytes 2 to 4 of the data belong to no tensor',
    ],
    [
      'an overlap',
      file(`{"a":${tensor('U8', [5], [0, 5])},"b":${tensor('U8', [4], [4, 8])}}`, eight),
      'tensors "a" and "b" overlap',
    ],
    [
      'a tensor within another',
      file(`{"a":${tensor('U8', [8], [0, 8])},"b":${tensor('U8', [1], [0, 1])}}`, eight),
      'tensors "b" and "a" overlap',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes, 'f')).toThrow(new RangeError(`f: ${message}`)) // the whole message
  })

  it('refuses every truncation of a file (of whatever length), in one line', () => {
    const bytes = fixture('mixed')
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSafetensors(bytes.subarray(0, length), 'f')).toThrow(/^f: [^\n]+$/)
    }
  })

  it('refuses or reads any damage to a header, but throws nothing else (seed 1)', () => {
    const bytes = fixture('mixed')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 3 }), (changes) => {
        const damaged = new Uint8Array(bytes)
        for (const [at, value] of changes) damaged[at] = value
        try {
          readSafetensors(damaged, 'f')
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          expect((error as Error).message).toMatch(/^f: [^\n]+$/)
        }
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})

describe('encodeSafetensors', () => {
  it('writes the bytes that the reference implementation writes', () => {
    const bytes = encodeSafetensors(
      {
        d: { dtype: 'U8', shape: [3], values: Uint8Array.of(7, 8, 9) },
        b: { dtype: 'F64', shape: [2], values: Float64Array.of(1.5, -2) },
        c: { dtype: 'F32', shape: [1], values: Float32Array.of(0.25) },
      },
      { seed: '1' },
    )
    expect(Buffer.from(bytes).equals(fixture('one'))).toBe(true)
  })

  it('writes what readSafetensors reads, every element at a multiple of its size (seed 2)', () => {
    const kinds = {
      F64: (values: number[]) => Float64Array.from(values),
      F32: (values: number[]) => Float32Array.from(values),
      I64: (values: number[]) => BigInt64Array.from(values, BigInt),
      I16: (values: number[]) => Int16Array.from(values),
      U8: (values: number[]) => Uint8Array.from(values),
    }
    const anyTensor = fc
      .tuple(fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])), fc.array(fc.nat(3), { maxLength: 3 }))
      .map(([dtype, shape]): Tensor => {
        const count = shape.reduce((product, size) => product * size, 1)
        return { dtype, shape, values: kinds[dtype](Array.from({ length: count }, (_, k) => k - 1)) }
      })
    const anyName = fc.string({ unit: 'binary' }).filter((name) => name !== '__metadata__')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyName, anyTensor), { maxLength: 6 }),
        fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
        (entries, metadata) => {
          const tensors = Object.fromEntries(entries)
          const bytes = encodeSafetensors(tensors, metadata)
          const read = readSafetensors(bytes, 'f')
          expect(Object.fromEntries(read.tensors)).toEqual(tensors)
          expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata))
          for (const { values } of read.tensors.values()) expect(values.buffer).toBe(bytes.buffer)
        },
      ),
      { seed: 2, numRuns: 200 },
    )
  })

  it('writes an empty file as the reference implementation does', () => {
    // the reference's own test: length 8, "{}", six spaces
    expect([...encodeSafetensors({}, {})]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 123, 125, 32, 32, 32, 32, 32, 32])
  })

  it('refuses values that are not what type and shape say', () => {
    expect(() => encodeSafetensors({ a: { dtype: 'F64', shape: [2], values: Float32Array.of(1, 2) } }, {})).toThrow(
      new TypeError('encodeSafetensors: tensor "a" must hold a Float64Array for F64, got a Float32Array'),
    )
    expect(() => encodeSafetensors({ a: { dtype: 'U8', shape: [2, 2], values: Uint8Array.of(1) } }, {})).toThrow(
      new RangeError('encodeSafetensors: tensor "a" must have 4 values for its shape [2, 2], got 1'),
    )
  })
})

describe('layOut', () => {
  it('refuses what no file can hold', () => {
    const of = (shape: number[], name = 'a') => layOut({ [name]: { dtype: 'F64' as Dtype, shape } }, {})
    expect(() => of([1], '__metadata__')).toThrow(new RangeError('layOut: tensors must not be named __metadata__'))
    expect(() => of([1.5])).toThrow(
      new RangeError('layOut: tensor "a": shape must be a list of integers ≥ 0, got [1.5]'),
    )
    expect(() => of([2 ** 50])).toThrow(RangeError)
    expect(of([2 ** 49]).size).toBeGreaterThan(2 ** 52)
  })
})
