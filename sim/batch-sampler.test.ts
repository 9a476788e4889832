import { describe, expect, it } from 'vitest'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { batchSampler } from './batch-sampler.ts'

function chiSquare(counts: Iterable<number>, expected: number): number {
  let sum = 0
  for (const count of counts) sum += (count - expected) ** 2 / expected
  return sum
}

describe('batchSampler', () => {
  it('with replacement draws every ordered batch equally often', () => {
    const sampler = batchSampler('with-replacement', 4, 3, streamOf(1, 0))
    const counts = new Int32Array(4 ** 3)
    const draws = 128_000
    let wrongSizes = 0
    for (let k = 0; k < draws; k++) {
      if (sampler.next() !== 3) wrongSizes++
      const [a, b, c] = sampler.batch
      counts[a! * 16 + b! * 4 + c!]!++
    }
    expect(wrongSizes).toBe(0)
    // χ² with 63 degrees exceeds 117 with probability 4e-5
    expect(chiSquare(counts, draws / counts.length)).toBeLessThan(117)
  })

  it('without replacement draws every ordered choice of distinct examples equally often, after any earlier batch', () => {
    const sampler = batchSampler('without-replacement', 5, 3, streamOf(2, 0))
    const counts = new Map<string, number>()
    const pairs = new Map<string, number>()
    const draws = 120_000
    let previous = ''
    let wrongSizes = 0
    for (let k = 0; k < draws; k++) {
      if (sampler.next() !== 3) wrongSizes++
      const key = sampler.batch.join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
      const first = `${previous}>${sampler.batch[0]}`
      if (k > 0) pairs.set(first, (pairs.get(first) ?? 0) + 1)
      previous = key
    }
    expect(wrongSizes).toBe(0)
    expect(counts.size).toBe(60)
    // χ² with 59 degrees exceeds 112 with probability 4e-5
    expect(chiSquare(counts.values(), draws / 60)).toBeLessThan(112)
    // independence of the batch before: 300 cells, standard deviation 24.5
    expect(pairs.size).toBe(300)
    expect(Math.abs(chiSquare(pairs.values(), (draws - 1) / 300) - 299)).toBeLessThan(4 * 24.5)
  })

  it('shuffled epochs deal every example once an epoch, in every order equally often', () => {
    const sampler = batchSampler('shuffled-epochs', 4, 2, streamOf(3, 0))
    const counts = new Map<string, number>()
    const epochs = 48_000
    let wrongSizes = 0
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order: number[] = []
      for (let k = 0; k < 2; k++) {
        if (sampler.next() !== 2) wrongSizes++
        order.push(...sampler.batch)
      }
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1)
    }
    expect(wrongSizes).toBe(0)
    expect(counts.size).toBe(24)
    // χ² with 23 degrees exceeds 60 with probability 4e-5
    expect(chiSquare(counts.values(), epochs / 24)).toBeLessThan(60)
  })

  it('shuffled epochs keep the short last batch', () => {
    const sampler = batchSampler('shuffled-epochs', 10, 4, streamOf(4, 0))
    for (let epoch = 0; epoch < 3; epoch++) {
      const order: number[] = []
      for (const size of [4, 4, 2]) {
        expect(sampler.next()).toBe(size)
        order.push(...sampler.batch.subarray(0, size))
      }
      expect(order.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
  })

  it('gives the whole data when a batch holds it', () => {
    for (const sampling of ['without-replacement', 'shuffled-epochs'] as const) {
      const sampler = batchSampler(sampling, 6, 6, streamOf(5, 0))
      for (let k = 0; k < 4; k++) {
        expect(sampler.next()).toBe(6)
        expect([...sampler.batch].sort()).toEqual([0, 1, 2, 3, 4, 5])
      }
    }
  })
})
