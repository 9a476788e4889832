import { describe, expect, it } from 'vitest'
import { exampleResults } from '../../foundation/benchmark-results.fixture.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { type RandomState, streamOf } from '../../foundation/random/xoshiro128.ts'
import { compareResults } from './benchmarks.ts'

/** Eleven rounds of a time with log-normal noise of the given size, under a load that both sides of a round feel. */
function rounds(state: RandomState, time: number, peerTime: number, noise: number): [number[], number[]] {
  const ours: number[] = []
  const peers: number[] = []
  for (let round = 0; round < 11; round++) {
    const load = Math.exp(Math.abs(standardNormal(state)))
    ours.push(time * load * Math.exp(noise * standardNormal(state)))
    peers.push(peerTime * load * Math.exp(noise * standardNormal(state)))
  }
  return [ours, peers]
}

const verdictOf = (base: [number[], number[]], head: [number[], number[]]): string =>
  compareResults(exampleResults(...base), exampleResults(...head)).changes[0]!.verdict

describe('compareResults', () => {
  it('flags a planted slow-down of 20 %, whatever the load, and the speed-up the other way round', () => {
    const state = streamOf(1, 0)
    for (let run = 0; run < 200; run++) {
      const base = rounds(state, 400, 500, 0.02)
      const head = rounds(state, 480, 500, 0.02)
      expect(verdictOf(base, head)).toBe('worse')
      expect(verdictOf(head, base)).toBe('better')
    }
  })

  it('rarely flags an honest rerun, however noisy', () => {
    const state = streamOf(2, 0)
    let flagged = 0
    for (const noise of [0.005, 0.05, 0.3]) {
      for (let run = 0; run < 1000; run++) {
        if (verdictOf(rounds(state, 400, 500, noise), rounds(state, 400, 500, noise)) === 'worse') flagged++
      }
    }
    // of the C(22, 11) orders of two times 11 equal rounds, 122 have the second smallest of one above the second largest
    // of the other: 1.7e-4, in 3,000 runs 0.5 on average, and more than 5 with a probability of 1e-5
    expect(flagged).toBeLessThanOrEqual(5)
  })

  it('lets 10 % pass even where noise is tiny, and 11 % where noise is as large', () => {
    const base = exampleResults([1, 1, 1], [1, 1, 1])
    const times = (factor: number): ReturnType<typeof exampleResults> =>
      exampleResults([factor, factor, factor], [1, 1, 1])
    expect(compareResults(base, times(1.1)).changes[0]!.verdict).toBe('same')
    expect(compareResults(base, times(1.101)).changes[0]!.verdict).toBe('worse')
    const noisy = exampleResults([1.05, 1.11, 1.3], [1, 1, 1])
    expect(compareResults(exampleResults([0.9, 1, 1.05], [1, 1, 1]), noisy).changes[0]!.verdict).toBe('same')
  })

  it('a slow-down that the peer shares is none', () => {
    const { changes } = compareResults(exampleResults([1, 1], [2, 2]), exampleResults([3, 3], [6, 6]))
    expect(changes).toMatchObject([{ case: 'a', peer: 'gcc -O3', change: 0, verdict: 'same' }])
  })

  it('compares nothing across other sizes, and names what one side lacks', () => {
    const base = exampleResults([1], [1])
    const head = exampleResults([1], [1])
    head.cases[0]!.title = 'mini-batch SGD: N = 4000, d = 32'
    expect(compareResults(base, head)).toEqual({
      changes: [],
      missing: ['a, gcc -O3: not in head', 'a, gcc -O3: not in base'],
      notes: [],
    })
  })

  it('names other machines, versions and settings', () => {
    const base = exampleResults([1], [1])
    const head = exampleResults([1], [1])
    head.machine.cpu = 'another'
    head.versions['gcc'] = 'gcc 13.1.0'
    head.versions['NumPy'] = '2.4.6'
    head.roundMilliseconds = 10
    expect(compareResults(base, head).notes).toEqual([
      'processor: a processor in base, another in head',
      'gcc: gcc 12.2.0 in base, gcc 13.1.0 in head',
      'NumPy: none in base, 2.4.6 in head',
      'milliseconds a round: 100 in base, 10 in head',
    ])
  })
})
