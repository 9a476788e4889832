import { expect, test } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { estimateLongRun } from '../batch-means.ts'
import { estimateRatio } from '../estimate.ts'
import './to-agree-with.ts'

const state = streamOf(1, 0)
const around = (mean: number, deviation: number, count: number): number[] =>
  Array.from({ length: count }, () => mean + deviation * standardNormal(state))

// known to 1 %
const estimate = estimateRatio(around(5, 0.5, 100), 'log')

test('an estimate agrees inside its margin, and does not outside', () => {
  expect(estimate).toAgreeWith(5, 0.1)
  expect(estimate).not.toAgreeWith(7, 0.1)
})

test('an estimate that cannot tell passes neither way', () => {
  expect(() => expect(estimate).toAgreeWith(5, 0.01)).toThrow('to agree with 5, it is inconclusive')
  expect(() => expect(estimate).not.toAgreeWith(5, 0.01)).toThrow('not to agree with 5, it is inconclusive')
})

test('a failure says what was measured, against what, and how surely', () => {
  const attempt = (): void => expect(estimate).toAgreeWith(7, 0.1)
  for (const part of [
    /estimate: [45]\.\d+ from 100 replicas, standard error 0\.0\d* \(of its logarithm\)/,
    /difference: -0\.2\d*, relative, margin 0\.1/,
    /1−α interval: \[4\.\d+, 5\.\d+\] at α \d\.\de-\d+/,
    /1−2φ interval: \[4\.\d+, 5\.\d+\] at φ \d\.\de-\d+ of 0\.001/,
  ]) {
    expect(attempt).toThrow(part)
  }
})

test('a long run is as good', () => {
  const { estimate: mean } = estimateLongRun({ numerator: around(3, 1, 10_000) }, 'linear')
  expect(mean).toAgreeWith(3, 0.2)
  expect(() => expect(mean).toAgreeWith(9, 0.2)).toThrow(/batches of \d+/)
})

test('anything else is not an estimate', () => {
  expect(() => expect(5).toAgreeWith(5, 0.1)).toThrow('toAgreeWith: expects an estimate')
  expect(() => expect(estimate).toAgreeWith(Number.NaN, 0.1)).toThrow(
    'toAgreeWith: prediction must be a finite number, got NaN',
  )
  expect(() => expect(estimate).toAgreeWith(5, 0)).toThrow('toAgreeWith: margin must be > 0, got 0')
})
