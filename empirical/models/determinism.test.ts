import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type WorkerPool, workerPool } from '../../foundation/worker-pool.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { fewSteps } from './few-steps.fixture.ts'

let pool: WorkerPool<number, { readonly values: Float32Array; readonly tensors: number }>

beforeAll(async () => {
  await openBackend('wasm')
  pool = workerPool(new URL('./training-worker.fixture.ts', import.meta.url), {}, 2)
})
afterAll(() => pool.close())

describe('training and Hessian-vector products on wasm', () => {
  it('give the same bytes again, in this thread and in others that each have a backend, and leave no tensor behind', async () => {
    const seeds = [1, 100, 1, 100, 1, 100]
    const here = new Map([1, 100].map((seed) => [seed, fewSteps(seed)]))
    expect(fewSteps(1)).toEqual(here.get(1))
    expect(here.get(1)).not.toEqual(here.get(100))
    let task = 0
    for await (const { values, tensors } of pool.map(seeds)) {
      expect(values).toEqual(here.get(seeds[task++]!))
      expect(tensors).toBe(0)
    }
  })
})
