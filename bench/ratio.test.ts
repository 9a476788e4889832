import { describe, expect, it } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { median, medianInterval, meetsGoal, pairedRatio } from './ratio.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('medianInterval', () => {
  it('has the ranks of the sign test at 95 %', () => {
    // for n = 1, 2, …: the largest r ≥ 1 with 2·P(Binomial(n, ½) < r) ≤ 5 %; for n = 9, 2·(1 + 9)/512 ≤ 5 % < 2·(1 + 9 + 36)/512
    const ranks = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6]
    expect(ranks.map((_, i) => medianInterval(upTo(i + 1))[0])).toEqual(ranks)
    expect(medianInterval(upTo(20))).toEqual([6, 15])
  })

  it('covers the median as often as it says, of a skewed distribution too', () => {
    const state = streamOf(1, 0)
    const repetitions = 20_000
    let covered = 0
    for (let r = 0; r < repetitions; r++) {
      const [low, high] = medianInterval(upTo(11).map(() => Math.exp(standardNormal(state))))
      if (low <= 1 && 1 <= high) covered++
    }
    const exact = 1 - (2 * (1 + 11)) / 2 ** 11
    // 5 standard errors
    expect(Math.abs(covered / repetitions - exact)).toBeLessThan(5 * Math.sqrt((exact * (1 - exact)) / repetitions))
  })

  it('does not depend on the order', () => {
    expect(medianInterval([3, 9, 1, 7, 5, 2, 8, 4, 6])).toEqual([2, 8])
  })
})

describe('pairedRatio', () => {
  it('takes the ratio within each round, so that load which both feel cancels', () => {
    const load = [1, 5, 2, 9, 1, 3, 4]
    const ratio = pairedRatio(
      load.map((x) => 0.5 * x),
      load,
    )
    expect(ratio).toEqual({ median: 0.5, interval: [0.5, 0.5] })
  })

  it('refuses rounds that do not pair', () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow('pairedRatio: peers must have the rounds of ours')
    expect(() => pairedRatio([], [])).toThrow(RangeError)
  })
})

it('a median of an even number is the middle of two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([5, 1, 3])).toBe(3)
  expect(() => median([])).toThrow(RangeError)
})

it('a goal is met if the interval reaches it, and not by the median alone', () => {
  expect(meetsGoal({ median: 1.1, interval: [0.99, 1.2] }, 1)).toBe(true)
  expect(meetsGoal({ median: 1.1, interval: [1.01, 1.2] }, 1)).toBe(false)
  expect(meetsGoal({ median: 1, interval: [1, 1] }, 1)).toBe(true)
})
