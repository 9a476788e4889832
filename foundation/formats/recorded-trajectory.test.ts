import { describe, expect, it } from 'vitest'
import { readRecordedTrajectory } from './recorded-trajectory.ts'
import { encodeSafetensors, type Tensor } from './safetensors.ts'

const counted = (length: number): Float64Array => Float64Array.from({ length }, (_, at) => at + 0.5)
const shape = [2, 3, 1, 4]
const tensors: Record<string, Tensor> = {
  step: { dtype: 'I64', shape: [3], values: BigInt64Array.of(0n, 5n, 15n) },
  position: { dtype: 'F64', shape, values: counted(24) },
  velocity: { dtype: 'F64', shape, values: counted(24).map((value) => -value) },
}

const read = (changed: Record<string, Tensor>, metadata: Record<string, string> = {}) =>
  readRecordedTrajectory(encodeSafetensors({ ...tensors, ...changed }, metadata), 'a.safetensors')

describe('readRecordedTrajectory', () => {
  it('takes axes, steps, states and metadata as they are; what may be absent is', () => {
    const trajectory = read({}, { momentum: '0.9' })
    expect(trajectory).toMatchObject({ chainCount: 2, rowCount: 3, outputCount: 1, modeCount: 4 })
    expect([...trajectory.steps]).toEqual([0, 5, 15])
    expect(trajectory.position).toEqual(counted(24))
    expect(trajectory.velocity[23]).toBe(-23.5)
    expect(trajectory.metadata['momentum']).toBe('0.9')
    for (const absent of ['localDisplacement', 'globalDisplacement', 'eigenvalues', 'minimum']) {
      expect(trajectory).not.toHaveProperty(absent)
    }
  })

  it('converts single precision, and passes tensors of other names over', () => {
    const single: Tensor = { dtype: 'F32', shape, values: Float32Array.from(counted(24)) }
    const loss: Tensor = { dtype: 'F64', shape: [1], values: Float64Array.of(Number.NaN) }
    expect(read({ position: single, loss }).position).toEqual(counted(24))
  })

  it('reads what is known of all modes', () => {
    const trajectory = read({
      local_displacement: { dtype: 'F64', shape: [2, 3], values: counted(6) },
      global_displacement: { dtype: 'F64', shape: [2, 3], values: counted(6) },
      eigenvalues: { dtype: 'F64', shape: [4], values: counted(4) },
      minimum: { dtype: 'F64', shape: [1, 7], values: counted(7) },
    })
    expect(trajectory.localDisplacement).toEqual(counted(6))
    expect(trajectory.globalDisplacement).toEqual(counted(6))
    expect(trajectory.eigenvalues).toEqual(counted(4))
    expect(trajectory.minimum).toHaveLength(7)
  })

  it.each<[string, Record<string, Tensor>, string]>([
    [
      'axes',
      { position: { dtype: 'F64', shape: [24], values: counted(24) } },
      'position must have the axes [chain, row, output, mode], got shape [24]',
    ],
    [
      'no rows',
      { position: { dtype: 'F64', shape: [2, 0, 1, 4], values: counted(0) } },
      'position must have at least one row, got none',
    ],
    [
      'eigenvalues of other modes',
      { eigenvalues: { dtype: 'F64', shape: [3], values: counted(3) } },
      'eigenvalues must have shape [4]',
    ],
    [
      'an infinite number',
      { local_displacement: { dtype: 'F64', shape: [2, 3], values: counted(6).fill(Infinity, 4) } },
      'local_displacement[1, 1] must be finite, got Infinity',
    ],
    [
      'integers for states',
      { position: { dtype: 'I64', shape, values: new BigInt64Array(24) } },
      'position must hold F64 or F32',
    ],
    [
      'a step that is none',
      { step: { dtype: 'F64', shape: [3], values: Float64Array.of(0, 0.5, 1) } },
      'step[1] must be an integer ≥ 0, got 0.5',
    ],
    [
      'steps that stand still',
      { step: { dtype: 'I64', shape: [3], values: BigInt64Array.of(0n, 5n, 5n) } },
      'step must ascend, got 5 in row 2 after 5',
    ],
  ])('refuses %s in one line', (_, changed, message) => {
    expect(() => read(changed)).toThrow(/^a\.safetensors: [^\n]*$/)
    expect(() => read(changed)).toThrow(message)
  })
})
