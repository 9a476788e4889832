import { describe, expect, it } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { permute } from '../data/permutation.ts'
import { type GradientNoise, gradientNoise } from './gradient-noise.ts'

const exampleCount = 240
const size = 7
const random = streamOf(1, 0)
/** Gradients of single examples, with a mean of their own and tails heavier than normal. */
const gradients = Array.from({ length: exampleCount }, () => {
  const scale = Math.exp(0.5 * standardNormal(random))
  return Float32Array.from({ length: size }, (_, i) => 0.3 + (1 + i) * scale * standardNormal(random))
})
const mean = meanOf(gradients)
const modes = [unit(0), unit(3)]
const variance = (along: (gradient: Float32Array) => number): number =>
  gradients.reduce((sum, gradient) => sum + along(gradient) ** 2, 0) / exampleCount
const exactModes = [0, 3].map((i) => variance((gradient) => gradient[i]! - mean[i]!))
const exactTrace = variance((gradient) => Math.hypot(...gradient.map((value, i) => value - mean[i]!)))

describe('noise of gradients', () => {
  it('is the covariance over examples, exactly, from all of them one by one', async () => {
    const { trace, modes: along } = await gradientNoise(gradients, { exampleCount, batchSize: 1, modes, centre: mean })
    expect(trace.value / exactTrace).toBeCloseTo(1, 6)
    expect(trace.standardError).toBe(0)
    along.forEach(({ value, standardError }, l) => {
      expect(value / exactModes[l]!).toBeCloseTo(1, 6)
      expect(standardError).toBe(0)
    })
  })

  it('does not depend on what it is taken about', async () => {
    const batches = chosen(8, 30, 1)
    const settings = { exampleCount, batchSize: 8, modes }
    const about = await gradientNoise(batches, { ...settings, centre: mean })
    const elsewhere = await gradientNoise(batches, { ...settings, centre: new Float32Array(size) })
    expect(elsewhere.trace.value / about.trace.value).toBeCloseTo(1, 5)
    expect(elsewhere.modes[1]!.value / about.modes[1]!.value).toBeCloseTo(1, 5)
  })

  for (const [batchSize, batches] of [
    [1, 60],
    [8, 12],
    [8, 30],
    [40, 6],
  ] as const) {
    it(`is unbiased from ${batches} batches of ${batchSize}, with honest standard errors`, async () => {
      const repeats = 1000
      const estimates: GradientNoise[] = []
      for (let repeat = 0; repeat < repeats; repeat++) {
        estimates.push(
          await gradientNoise(chosen(batchSize, batches, repeat), { exampleCount, batchSize, modes, centre: mean }),
        )
      }
      for (const [read, exact] of [
        [(one: GradientNoise) => one.trace, exactTrace],
        [(one: GradientNoise) => one.modes[1]!, exactModes[1]!],
      ] as const) {
        const values = estimates.map((one) => read(one).value)
        const average = values.reduce((sum, value) => sum + value, 0) / repeats
        const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (repeats - 1))
        expect(Math.abs(average - exact)).toBeLessThan((5 * spread) / Math.sqrt(repeats))
        const claimed = Math.sqrt(estimates.reduce((sum, one) => sum + read(one).standardError ** 2, 0) / repeats)
        // a spread from 1,000 samples is known to a few per cent; the claim may be above it, by what is said there
        expect(spread / claimed).toBeLessThan(1.2)
        expect(spread / claimed).toBeGreaterThan(batchSize * batches === exampleCount ? 0.4 : 0.75)
      }
    })
  }

  it('needs two disjoint batches of numbers', async () => {
    const settings = { exampleCount, batchSize: 120, modes, centre: mean }
    await expect(gradientNoise([mean], settings)).rejects.toThrow(/at least 2 batches, got 1/)
    await expect(gradientNoise([mean, mean, mean], settings)).rejects.toThrow(
      /at most 240 examples in all, got 3 of 120/,
    )
    const broken = Float32Array.from(mean).fill(Number.NaN)
    await expect(gradientNoise([mean, broken], settings)).rejects.toThrow(/gradients must be finite/)
  })
})

/** Mean gradients of disjoint random batches. */
function chosen(batchSize: number, batches: number, seed: number): Float32Array[] {
  const order = new Uint32Array(exampleCount)
  permute(order, streamOf(seed, 1))
  return Array.from({ length: batches }, (_, b) =>
    meanOf(Array.from(order.subarray(b * batchSize, (b + 1) * batchSize), (index) => gradients[index]!)),
  )
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => vectors.reduce((sum, v) => sum + v[i]!, 0) / vectors.length)
}

function unit(index: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (i === index ? 1 : 0))
}
