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
  expect(judgeRatio(claim, 0.1)).toMatchObject({ verdict: 'disagrees', ratio: 1.5 })
  expect(judgeRatio(claim, 0.45)?.verdict).toBe('inconclusive')
  expect(judgeRatio(claim, 0.7)?.verdict).toBe('agrees')
})

test('a known ratio brings its own error along', () => {
  const { verdict, interval } = judgeRatio(claim, 0.2, { ratio: 1.5, interval: [1.3, 1.7] })!
  expect(verdict).toBe('agrees')
  const half = Math.hypot(0.1, 0.2) / 1.5
  expect(interval[0]).toBeCloseTo(1 - half, 12)
  expect(interval[1]).toBeCloseTo(1 + half, 12)
})

test('without an interval there is nothing to judge', () => {
  const { ratioInterval: _, ...bare } = claim
  expect(judgeRatio(bare, 0.1)).toBeUndefined()
})
