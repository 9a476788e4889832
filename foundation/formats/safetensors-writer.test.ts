import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeSafetensors, type TensorInfo } from './safetensors.ts'
import { createSafetensors } from './safetensors-writer.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-safetensors-'))
  path = join(folder, 'a.safetensors')
})
afterEach(() => rmSync(folder, { recursive: true }))

const tensors: Record<string, TensorInfo> = {
  flag: { dtype: 'U8', shape: [1] },
  position: { dtype: 'F64', shape: [3, 2] },
}

test('Slices in any order give the file that is encoded at once, and nothing else in the folder.', () => {
  const writer = createSafetensors(path, tensors, { seed: '1' })
  writer.write('position', 4, Float64Array.of(5, 6))
  writer.write('flag', 0, Uint8Array.of(9))
  writer.write('position', 0, Float64Array.of(0, 1, 2, 3, 4).subarray(1))
  expect(existsSync(path)).toBe(false)
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.a\.safetensors\.writing-[0-9a-f]{8}$/)])
  writer.finish()
  expect(readdirSync(folder)).toEqual(['a.safetensors'])
  const whole = encodeSafetensors(
    {
      flag: { ...tensors['flag']!, values: Uint8Array.of(9) },
      position: { ...tensors['position']!, values: Float64Array.of(1, 2, 3, 4, 5, 6) },
    },
    { seed: '1' },
  )
  expect(readFileSync(path).equals(whole)).toBe(true)
  writer.abandon() // to no effect
  expect(existsSync(path)).toBe(true)
})

test('An older file stands until the new one is complete, and after one that is abandoned or incomplete.', () => {
  writeFileSync(path, 'old')
  const abandoned = createSafetensors(path, tensors, {})
  abandoned.write('flag', 0, Uint8Array.of(1))
  expect(readFileSync(path, 'utf8')).toBe('old')
  abandoned.abandon()
  abandoned.abandon()

  const incomplete = createSafetensors(path, tensors, {})
  incomplete.write('position', 0, Float64Array.of(1, 2))
  expect(() => incomplete.finish()).toThrow(
    new RangeError(`createSafetensors: every element must be written once, ${path} lacks 5`),
  )
  expect(readdirSync(folder)).toEqual(['a.safetensors'])
  expect(readFileSync(path, 'utf8')).toBe('old')

  const complete = createSafetensors(path, { flag: tensors['flag']! }, {})
  complete.write('flag', 0, Uint8Array.of(1))
  complete.finish()
  expect(readFileSync(path).at(-1)).toBe(1)
})

test('Folders on the way are made, and a link keeps pointing to the file.', () => {
  const deep = join(folder, 'runs', 'today', 'a.safetensors')
  const first = createSafetensors(deep, { none: { dtype: 'F64', shape: [0] } }, {})
  first.finish()
  symlinkSync(deep, path)
  const second = createSafetensors(path, { flag: tensors['flag']! }, {})
  second.write('flag', 0, Uint8Array.of(7))
  second.finish()
  expect(lstatSync(path).isSymbolicLink()).toBe(true)
  expect(readFileSync(deep).at(-1)).toBe(7)
})

test('What is not in the file cannot be written.', () => {
  const writer = createSafetensors(path, tensors, {})
  expect(() => writer.write('speed', 0, Float64Array.of(1))).toThrow(
    new RangeError("createSafetensors: tensor must be one of the file's, got speed"),
  )
  expect(() => writer.write('position', 5, Float64Array.of(1, 2))).toThrow(
    new RangeError('createSafetensors: tensor position must be written within its 6 elements, got 2 at 5'),
  )
  for (const offset of [-1, 0.5]) expect(() => writer.write('position', offset, Float64Array.of(1))).toThrow(RangeError)
  expect(() => writer.write('position', 0, Float32Array.of(1))).toThrow(TypeError)
  writer.abandon()
  const closed = new RangeError(`createSafetensors: ${path} must be open, it is closed`)
  expect(() => writer.write('flag', 0, Uint8Array.of(1))).toThrow(closed)
  expect(() => writer.finish()).toThrow(closed)
  expect(readdirSync(folder)).toEqual([])
})

test('Places that cannot be written are refused at once, and nothing is left there.', () => {
  mkdirSync(path)
  expect(() => createSafetensors(path, tensors, {})).toThrow(
    new RangeError(`createSafetensors: path must be a new or a regular file, got ${path}: it is a folder`),
  )
  expect(() => createSafetensors('/dev/null', tensors, {})).toThrow(/got \/dev\/null: it is no regular file/)
  const below = join(folder, 'file')
  writeFileSync(below, '')
  expect(() => createSafetensors(join(below, 'a.safetensors'), tensors, {})).toThrow(/ENOTDIR|EEXIST/)
  expect(readdirSync(folder).sort()).toEqual(['a.safetensors', 'file'])
})

test('A file larger than the disk is refused before a byte is written.', () => {
  const huge: Record<string, TensorInfo> = { position: { dtype: 'F64', shape: [2 ** 49] } }
  expect(() => createSafetensors(path, huge, {})).toThrow(
    /^createSafetensors: .*a\.safetensors needs 4\.50e\+6 GB, the disk has [\d.]+ GB left$/,
  )
  expect(readdirSync(folder)).toEqual([])
})
