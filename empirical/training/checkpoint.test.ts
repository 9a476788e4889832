import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../foundation/formats/safetensors.ts'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'

describe('a checkpoint', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))
    path = join(folder, 'checkpoint.safetensors')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const at = (step: number): Checkpoint => ({
    identity: '{"model":"mlp","seed":1}',
    step,
    recordLength: 24 + 8 * step,
    batches: JSON.stringify({ position: step }),
    tensors: {
      'parameters.0.weight': { dtype: 'F32', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, step) },
      'velocities.0.weight': { dtype: 'F32', shape: [1], values: Float32Array.of(step) },
      nothing: { dtype: 'F32', shape: [0], values: new Float32Array(0) },
    },
  })

  it('gives back what was written, and only the newest', () => {
    writeCheckpoint(path, at(10))
    writeCheckpoint(path, at(20))
    expect(readCheckpoint(path, at(0).identity)).toEqual(at(20))
    expect(readdirSync(folder)).toEqual(['checkpoint.safetensors'])
  })

  it('stands though the next was killed half written, whose remains go', () => {
    writeCheckpoint(path, at(10))
    const half = readFileSync(path).subarray(0, 100)
    writeFileSync(join(folder, '.checkpoint.safetensors.writing-1234abcd'), half)
    expect(readCheckpoint(path, at(0).identity)).toEqual(at(10))
    expect(readdirSync(folder)).toEqual(['checkpoint.safetensors'])
  })

  it('of another run is refused, with where they part', () => {
    writeCheckpoint(path, at(10))
    expect(() => readCheckpoint(path, '{"model":"cnn","seed":1}')).toThrow(
      `readCheckpoint: ${path} is of another run: it has "{\\"model\\":\\"mlp\\",\\"seed\\":1}" where "{\\"model\\":\\"cnn\\",\\"seed\\":1}" is asked`,
    )
  })

  it('that is none is refused in one line', () => {
    writeFileSync(path, 'no tensors')
    expect(() => readCheckpoint(path, '')).toThrow('not a safetensors file')
    writeFileSync(path, encodeSafetensors({}, { step: '1' }))
    expect(() => readCheckpoint(path, '')).toThrow('is no checkpoint: it says of no step or run')
    writeCheckpoint(path, at(1))
    writeFileSync(path, readFileSync(path).subarray(0, -5))
    expect(() => readCheckpoint(path, at(1).identity)).toThrow('truncated')
  })

  it('leaves nothing behind when a tensor does not fill its shape', () => {
    const bad = { ...at(1), tensors: { a: { dtype: 'F32', shape: [3], values: new Float32Array(2) } } } as const
    expect(() => writeCheckpoint(path, bad)).toThrow('every element must be written once')
    expect(readdirSync(folder)).toEqual([])
  })
})
