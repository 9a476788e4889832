import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readCifar10 } from '../../foundation/formats/cifar10.ts'
import { cifar10Source } from './cifar10-source.ts'
import { readSome } from './memory.fixture.ts'

const SUBSET = fileURLToPath(new URL('../../../shared/data/cifar10-subset.bin', import.meta.url))
const RECORD = 3073

const folder = mkdtempSync(join(tmpdir(), 'cifar10-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Records of pseudo-random pixels, labelled 0, 1, …, 9, 0, …. */
function write(file: string, count: number, first: number): string {
  const bytes = new Uint8Array(count * RECORD)
  for (let at = 0; at < bytes.length; at++) bytes[at] = (Math.imul(at + first * RECORD, 0x9e3779b1) >>> 24) % 256
  for (let i = 0; i < count; i++) bytes[i * RECORD] = (first + i) % 10
  writeFileSync(join(folder, file), bytes)
  return join(folder, file)
}

/** What the other reader, of whole files, says of the records: planes of red, green and blue. */
function planes(bytes: Uint8Array): { features: Float64Array; targets: Float64Array } {
  return readCifar10(bytes, 'twin', { pool: 1, oneHot: false })
}

const paths = [write('one.bin', 7, 0), write('two.bin', 1, 7), write('three.bin', 400, 8)] // more than one chunk of the scan

test.each([
  ['no record', 0],
  ['a few records', 5 * RECORD + 100],
  ['all records', 408 * RECORD],
])('Files are read as one set, by position, with room for %s in the cache.', async (_, cacheBytes) => {
  const source = await cifar10Source(paths, cacheBytes)
  expect(source).toMatchObject({ name: 'one.bin', exampleCount: 408, shape: [32, 32, 3], task: { classCount: 10 } })
  const { features, targets } = planes(Buffer.concat(paths.map((path) => readFileSync(path))))
  for (const indices of [[407, 6, 7, 8, 0, 7], [3], [406, 406]]) {
    const batch = await readSome(source, indices)
    expect([...batch.labels]).toEqual(indices.map((index) => targets[index]))
    expect(batch.size).toBe(indices.length)
    let largest = 0
    for (const [k, index] of indices.entries()) {
      for (let at = 0; at < 3072; at++) {
        const [pixel, channel] = [Math.floor(at / 3), at % 3]
        const twin = features[index * 3072 + channel * 1024 + pixel]!
        largest = Math.max(largest, Math.abs(batch.examples[k * 3072 + at]! - twin))
      }
    }
    expect(largest).toBeLessThan(2 ** -24) // two roundings, one of them to float32, of a number in [0, 1]
  }
  await source.close()
})

test('A missing, truncated, empty or mislabelled file and a folder are each one line on opening.', async () => {
  const truncated = join(folder, 'truncated.bin')
  writeFileSync(truncated, new Uint8Array(2 * RECORD - 1))
  const empty = join(folder, 'empty.bin')
  writeFileSync(empty, '')
  const mislabelled = write('mislabelled.bin', 3, 0)
  const bytes = readFileSync(mislabelled)
  bytes[2 * RECORD] = 10
  writeFileSync(mislabelled, bytes)
  const refused: [string, string][] = [
    [join(folder, 'none.bin'), 'no such file or folder'],
    [folder, 'it is a folder'],
    [truncated, 'truncated: 6145 bytes are not a whole number of CIFAR-10 records of 3073: 3072 are left over'],
    [empty, 'the file is empty'],
    [mislabelled, 'record 3 of 3: the label must be at most 9, got 10'],
  ]
  for (const [path, why] of refused) {
    await expect(cifar10Source([paths[0]!, path])).rejects.toThrow(new RangeError(`${path}: ${why}`))
  }
})

test('A file that shrinks while it is open is named, as is an example that is not there.', async () => {
  const path = write('shrinks.bin', 4, 0)
  const source = await cifar10Source([path], RECORD)
  truncateSync(path, 2 * RECORD + 9)
  await expect(readSome(source, [0, 3, 2])).rejects.toThrow(
    new RangeError(`${path}: truncated: it ends within record 4`),
  )
  await expect(readSome(source, [0, 4])).rejects.toThrow(
    new RangeError('shrinks.bin: indices[1] must be less than the 4 examples, got 4'),
  )
  await source.close()
})

test.skipIf(!existsSync(SUBSET))('The real subset has its 984 images (skipped without shared/data).', async () => {
  const source = await cifar10Source([SUBSET])
  const { features, targets } = planes(readFileSync(SUBSET))
  const indices = Array.from({ length: 984 }, (_, index) => index)
  const { examples, labels } = await readSome(source, indices)
  expect(Float64Array.from(labels)).toEqual(targets)
  let largest = 0
  for (let at = 0; at < examples.length; at++) {
    const [i, pixel, channel] = [Math.floor(at / 3072), Math.floor((at % 3072) / 3), at % 3]
    largest = Math.max(largest, Math.abs(examples[at]! - features[i * 3072 + channel * 1024 + pixel]!))
  }
  expect(largest).toBeLessThan(2 ** -24)
  await source.close()
})
