import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readIdx, readIdxImages } from './idx.ts'

/** The format's writer, for round trips. */
function idx(shape: readonly number[], values: ArrayLike<number>, type = 8): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * shape.length + values.length)
  bytes.writeUInt32BE(type * 256 + shape.length)
  for (const [axis, size] of shape.entries()) bytes.writeUInt32BE(size, 4 + 4 * axis)
  bytes.set(Array.from(values), 4 + 4 * shape.length)
  return bytes
}

const named = (bytes: Uint8Array, name = 'f') => ({ bytes, name })

test('The magic numbers of MNIST, 2051 and 2049, lead to images and labels.', () => {
  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 60)
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 0)
  expect(readIdxImages(named(images), named(labels), 10)).toEqual({
    exampleCount: 2,
    height: 1,
    width: 3,
    pixels: Uint8Array.of(10, 20, 30, 40, 50, 60),
    labels: Uint8Array.of(7, 0),
  })
})

test('Any array of bytes is read back, gzipped or not (seed 1).', () => {
  const shapes = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(shapes, fc.boolean(), (shape, zipped) => {
      const count = shape.reduce((product, size) => product * size, 1)
      const values = Uint8Array.from({ length: count }, (_, at) => (at * 37) % 256)
      const file = idx(shape, values)
      const read = readIdx(named(zipped ? gzipSync(file) : file))
      expect(read.shape).toEqual(shape)
      expect(Uint8Array.from(read.values)).toEqual(values)
    }),
    { seed: 1 },
  )
})

const zipped = gzipSync(idx([4], [1, 2, 3, 4]))
const damaged = Uint8Array.from(zipped, (byte, at) => (at === zipped.length - 6 ? byte ^ 1 : byte)) // in the checksum

test.each<[string, Uint8Array, string]>([
  ['an empty file', new Uint8Array(0), 'f: the file is empty'],
  ['half a magic number', Uint8Array.of(0, 0), 'f: truncated: 2 bytes, the magic number alone takes 4'],
  ['text', Buffer.from('label,pixel'), 'f: not an IDX file: its magic number is 0x6c616265'],
  ['an unknown type', idx([1], [0], 7), 'f: not an IDX file: its magic number is 0x00000701'],
  ['no axes', idx([], [0]), 'f: not an IDX file: its magic number is 0x00000800'],
  ['floats', idx([1], [0, 0, 0, 0], 13), 'f: must hold unsigned bytes, got 32-bit floats'],
  ['half a header', idx([5, 5], []).subarray(0, 9), 'f: truncated: 9 bytes, a header of 2 axes takes 12'],
  ['too few elements', idx([2, 3], [1, 2, 3, 4, 5]), 'f: truncated: 2×3 takes 6 bytes, 5 are there'],
  ['too many elements', idx([2, 3], [1, 2, 3, 4, 5, 6, 7]), 'f: 1 bytes are left over after 2×3'],
  ['a truncated gzip file', zipped.subarray(0, zipped.length - 9), 'f: a truncated gzip file'],
  ['a damaged gzip file', damaged, 'f: a damaged (incorrect data check) gzip file'],
])('It refuses %s.', (_, bytes, message) => {
  expect(() => readIdx(named(bytes))).toThrow(new RangeError(message)) // the whole message
})

const images = idx([2, 1, 1], [5, 6])
test.each<[string, Uint8Array, Uint8Array, string]>([
  [
    'labels for images',
    idx([2], [0, 1]),
    idx([2], [0, 1]),
    'i: images must have the axes [example, row, column], got 1: 2',
  ],
  ['images for labels', images, images, 'l: labels must have one axis [example], got 3: 2×1×1'],
  ['no images', idx([0, 1, 1], []), idx([0], []), 'i: no pixels in 0×1×1'],
  ['counts that differ', images, idx([3], [0, 1, 2]), 'l: must have a label for each of the 2 images of i, got 3'],
  ['a label that is too large', images, idx([2], [2, 3]), 'l: label 2 of 2 must be at most 2, got 3'],
])('A pair is refused for %s.', (_, imageBytes, labelBytes, message) => {
  expect(() => readIdxImages(named(imageBytes, 'i'), named(labelBytes, 'l'), 3)).toThrow(new RangeError(message))
})
