import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSafetensors } from '../../foundation/formats/safetensors.ts'
import { createSafetensors } from '../../foundation/formats/safetensors-writer.ts'
import { explicitOperator, networkLikeSpectrum } from './explicit-operator.fixture.ts'
import { type LanczosEigenpairsState, lanczosEigenpairs } from './lanczos-eigenpairs.ts'
import { restoreState, storeState } from './state-tensors.ts'

describe('a state of measurement, stored', () => {
  it('goes on from a file as if nothing had happened, to the last bit', async () => {
    const operator = explicitOperator(networkLikeSpectrum(60, 8), 1)
    const settings = { count: 3, maxProducts: 25, basisSize: 8, tolerance: 0, seed: 1 }
    const folder = mkdtempSync(join(tmpdir(), 'curvature-'))
    const path = join(folder, 'state.safetensors')
    try {
      const whole = await lanczosEigenpairs(operator, settings, {
        onProgress: (done, _total, state) => {
          if (done !== 13) return
          const { tensors, outline } = storeState(state)
          const file = createSafetensors(path, tensors, { outline })
          for (const [name, { values }] of Object.entries(tensors)) file.write(name, 0, values)
          file.finish()
        },
      })
      const { tensors, metadata } = readSafetensors(readFileSync(path), path)
      const from = restoreState({ tensors: Object.fromEntries(tensors), outline: metadata['outline']! })
      expect(await lanczosEigenpairs(operator, settings, { from: from as LanczosEigenpairsState })).toEqual(whole)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is nothing without its tensors', () => {
    const { outline } = storeState({ basis: [Float32Array.of(1)], iteration: 2 })
    expect(() => restoreState({ tensors: {}, outline })).toThrow('restoreState: tensors must hold curvature.basis.0')
  })
})
