import { describe, expect, it } from 'vitest'
import { frequencyBands } from './frequency-bands.ts'

const frequencies = Array.from({ length: 128 }, (_, bin) => (2 * Math.PI * (bin + 1)) / 256)

describe('frequencyBands', () => {
  it('low bins stand alone, high ones share a band no wider than its ratio', () => {
    const over = frequencyBands(frequencies, 40)
    const centers = over(frequencies)
    expect(centers.slice(0, 3)).toEqual(frequencies.slice(0, 3))
    expect(centers.at(-1)).toBe(frequencies.at(-1))
    const ratio = (frequencies.at(-1)! / frequencies[0]!) ** (1 / 40)
    // a band's bins, counted by a value that is 1 at one bin alone, lie within one ratio
    for (const [band, center] of centers.entries()) {
      const members = frequencies.filter((_, bin) => over(frequencies.map((__, at) => Number(at === bin)))[band]! > 0)
      expect(members.at(-1)! / members[0]!).toBeLessThanOrEqual(ratio * (1 + 1e-12))
      expect(center).toBeCloseTo(members.reduce((sum, f) => sum + f, 0) / members.length, 12)
    }
  })

  it('every bin counts once', () => {
    const shares = frequencies.map((_, bin) =>
      frequencyBands(frequencies, 12)(frequencies.map((__, at) => Number(at === bin))).filter((value) => value > 0),
    )
    expect(shares.every((list) => list.length === 1)).toBe(true)
  })
})
