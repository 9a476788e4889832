import { describe, expect, it } from 'vitest'
import { addLabelNoise } from './label-noise.ts'
import { teacherDataset } from './teacher.ts'

const clean = teacherDataset({ name: 't', seed: 3, exampleCount: 20_000, eigenvalues: [2, 1], labelNoise: 0 })

describe('addLabelNoise', () => {
  it.each([0, 0.6, 1])(
    'has variance s²[(1−a) + a t²/mean(t²)], a = %d, where targets are small and where they are large',
    (a) => {
      const noisy = addLabelNoise(clean, { seed: 3, standardDeviation: 0.5, heteroscedasticity: a })
      const meanSquare = clean.targets.reduce((sum, t) => sum + t ** 2, 0) / 20_000
      for (const inside of [(t: number) => t ** 2 < 0.3 * meanSquare, (t: number) => t ** 2 > 2 * meanSquare]) {
        let [count, squares, expected] = [0, 0, 0]
        clean.targets.forEach((target, i) => {
          if (!inside(target)) return
          const variance = 0.25 * (1 - a + (a * target ** 2) / meanSquare)
          if (variance === 0) return
          count++
          squares += (noisy.targets[i]! - target) ** 2 / variance
          expected += 1
        })
        // χ² over its degrees: standard error √(2/count), five of them
        expect(count).toBeGreaterThan(1000)
        expect(Math.abs(squares / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
      }
      expect(noisy.features).toBe(clean.features)
    },
  )

  it('draws uniform noise of the same variance, by its second and fourth moments', () => {
    const noisy = addLabelNoise(clean, { seed: 3, standardDeviation: 0.5, heteroscedasticity: 0, law: 'uniform' })
    const squares = clean.targets.map((target, i) => ((noisy.targets[i]! - target) / 0.5) ** 2)
    const mean = (power: number): number => squares.reduce((sum, square) => sum + square ** power, 0) / 20_000
    // e² has variance 4/5, e⁴ has 9 − 81/25; five standard errors
    expect(Math.abs(mean(1) - 1)).toBeLessThan(5 * Math.sqrt(0.8 / 20_000))
    expect(Math.abs(mean(2) - 9 / 5)).toBeLessThan(5 * Math.sqrt(5.76 / 20_000))
    expect(squares.every((square) => square <= 3)).toBe(true)
  })

  it('gives the same bytes for the same seed, others for another, and none of the teacher’s', () => {
    const options = { seed: 3, standardDeviation: 0.5, heteroscedasticity: 0 }
    const noisy = addLabelNoise(clean, options)
    const again = addLabelNoise(clean, options).targets
    const other = addLabelNoise(clean, { ...options, seed: 4 }).targets
    expect(again.every((target, i) => target === noisy.targets[i])).toBe(true)
    expect(other.some((target, i) => target === noisy.targets[i])).toBe(false)
    const taught = teacherDataset({ name: 't', seed: 3, exampleCount: 20_000, eigenvalues: [2, 1], labelNoise: 0.5 })
    let product = 0
    for (let i = 0; i < 20_000; i++)
      product += ((noisy.targets[i]! - clean.targets[i]!) * (taught.targets[i]! - clean.targets[i]!)) / 0.25
    expect(Math.abs(product / Math.sqrt(20_000))).toBeLessThan(5)
  })

  it('refuses noise out of range', () => {
    const options = { seed: 3, standardDeviation: 0.5, heteroscedasticity: 0.5 }
    expect(() => addLabelNoise(clean, { ...options, standardDeviation: -1 })).toThrow(
      new RangeError('addLabelNoise: standardDeviation must be finite and ≥ 0, got -1'),
    )
    expect(() => addLabelNoise(clean, { ...options, heteroscedasticity: 2 })).toThrow(
      new RangeError('addLabelNoise: heteroscedasticity must be in [0, 1], got 2'),
    )
    expect(() => addLabelNoise(clean, { ...options, seed: 0.5 })).toThrow(RangeError)
    expect(() => addLabelNoise({ ...clean, outputCount: 2 }, options)).toThrow(RangeError)
    expect(() => addLabelNoise({ ...clean, targets: new Float64Array(20_000) }, options)).toThrow(
      'targets must not all be 0',
    )
  })
})
