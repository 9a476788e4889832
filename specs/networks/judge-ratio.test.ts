import { expect, test } from 'vitest'
import type { NetworkClaim } from '../../foundation/network-results.ts'
import { judgeRatio } from './judge-ratio.ts'

const claim: NetworkClaim = {
  run: 'run',
  quantity: 'quantity',
  source: 'source',
  theory: 'theory',
  prediction: 2,
  measured: 3,
  ratioInterval: [1.4, 1.6],
}

test('a ratio is held against 1', () => {
  expect(judgeRatio(claim, 0.1, 16)).toMatchObject({ verdict: 'disagrees', ratio: 1.5 })
  expect(judgeRatio(claim, 0.45, 16)?.verdict).toBe('inconclusive')
  expect(judgeRatio(claim, 0.7, 16)?.verdict).toBe('agrees')
})

test('equivalence takes the 1 − 2φ interval, narrower than the 1 − α one', () => {
  // half width 0.1 · t(0.999; 15)/t(0.9995; 15) = 0.1 · 3.733/4.073
  expect(judgeRatio(claim, 0.592, 16)?.verdict).toBe('agrees')
  expect(judgeRatio(claim, 0.591, 16)?.verdict).toBe('inconclusive')
})

test('a known ratio brings its own error along', () => {
  const { verdict, interval } = judgeRatio(claim, 0.2, 16, { ratio: 1.5, interval: [1.3, 1.7] })!
  expect(verdict).toBe('agrees')
  const half = Math.hypot(0.1, 0.2) / 1.5
  expect(interval[0]).toBeCloseTo(1 - half, 12)
  expect(interval[1]).toBeCloseTo(1 + half, 12)
})

test('without an interval there is nothing to judge', () => {
  const { ratioInterval: _, ...bare } = claim
  expect(judgeRatio(bare, 0.1, 16)).toBeUndefined()
})
