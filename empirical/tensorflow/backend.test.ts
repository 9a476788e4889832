import process from 'node:process'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it, vi } from 'vitest'
import { describeBackend, openBackend } from './backend.ts'
import type { BackendName } from './backend-names.ts'

/** vitest answers for optional peers itself, that it could not resolve them. */
const notThere = '(is not installed|does not load: Could not resolve .*)'

describe('openBackend', () => {
  it('takes wasm where there is no GPU package, says why not the earlier ones, and prints nothing', async () => {
    const spies = (['log', 'warn', 'info', 'error'] as const).map((method) => vi.spyOn(console, method))
    const write = vi.spyOn(process.stdout, 'write')
    const handlers = (): number[] =>
      ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event))
    const before = handlers()
    const open = await openBackend()
    expect(tf.getBackend()).toBe('wasm')
    expect(open.name).toBe('wasm')
    expect(open.passedOver.map(({ name }) => name)).toEqual(['tfjs-node-gpu', 'webgpu'])
    const line = new RegExp(
      `^backend wasm \\(SIMD, one thread\\); not tfjs-node-gpu: package @tensorflow/tfjs-node-gpu ${notThere}; ` +
        `not webgpu: package webgpu ${notThere}$`,
    )
    expect(describeBackend(open)).toMatch(line)
    tf.scalar(1).dispose()
    for (const spy of [...spies, write]) expect(spy).not.toHaveBeenCalled()
    expect(handlers()).toEqual(before)
    vi.restoreAllMocks()
  })

  it('opens what is asked for, again and again, or says why it cannot', async () => {
    expect((await openBackend('cpu')).name).toBe('cpu')
    expect(tf.getBackend()).toBe('cpu')
    expect((await openBackend('wasm')).passedOver).toEqual([])
    expect(tf.getBackend()).toBe('wasm')
    await expect(openBackend('webgpu')).rejects.toThrow(
      new RegExp(`^openBackend: no backend could be opened: webgpu: package webgpu ${notThere}$`),
    )
    await expect(openBackend('cuda' as BackendName)).rejects.toThrow(
      new RangeError('openBackend: wanted must be one of tfjs-node-gpu, webgpu, wasm, cpu, got cuda'),
    )
  })
})
