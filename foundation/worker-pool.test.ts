import { afterAll, describe, expect, it } from 'vitest'
import { DivergedError } from './phase-space.ts'
import { type WorkerPool, workerPool } from './worker-pool.ts'

type Echo = WorkerPool<number, { square: number; zeros: Float64Array }>

async function collect(pool: Echo, tasks: number[]): Promise<{ square: number; zeros: Float64Array }[]> {
  const results: { square: number; zeros: Float64Array }[] = []
  for await (const result of pool.map(tasks)) results.push(result)
  return results
}

describe('workerPool', () => {
  const pools: Echo[] = []
  const open = (workers: number): Echo => {
    const pool: Echo = workerPool(new URL('./worker-pool.fixture.ts', import.meta.url), { offset: 1 }, workers)
    pools.push(pool)
    return pool
  }
  afterAll(() => Promise.all(pools.map((pool) => pool.close())))

  it('gives the results in the order of the tasks, whichever thread is faster, and serves again', async () => {
    const pool = open(2)
    const tasks = Array.from({ length: 40 }, (_, k) => (k * 7) % 11)
    for (let round = 0; round < 2; round++) {
      const results = await collect(pool, tasks)
      expect(results.map(({ square }) => square)).toEqual(tasks.map((task) => (task + 1) ** 2))
      expect(results.map(({ zeros }) => zeros.length)).toEqual(tasks)
    }
  })

  it('passes on what a task throws, a divergence as such', async () => {
    await expect(collect(open(1), [1, -1])).rejects.toThrow(new DivergedError('task -1 diverged'))
    await expect(collect(open(1), [1, 1e6])).rejects.toThrow('task 1000000 failed')
  })

  it('says that a worker module is missing', async () => {
    const pool: Echo = workerPool(new URL('./nowhere.ts', import.meta.url), {}, 1)
    await expect(collect(pool, [1])).rejects.toThrow('nowhere.ts')
  })
})
