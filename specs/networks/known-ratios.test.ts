import { expect, test } from 'vitest'
import type { NetworkClaim } from '../../foundation/network-results.ts'
import { disagreements, knownRatioOf } from './known-ratios.ts'

const measured = (ratio: number, half: number, quantity = 'rotation over predicted, modes 1–8'): NetworkClaim => ({
  run: 'run',
  quantity,
  source: 'source',
  theory: 'theory',
  prediction: 2,
  measured: 2 * ratio,
  ratioInterval: [ratio - half, ratio + half],
})

const known = (claim: NetworkClaim): boolean => {
  const found = disagreements([{ order: 'shuffled-epochs', claim }], 7, 16)
  return knownRatioOf(found, 'shuffled-epochs', claim.quantity) !== undefined
}

test('what differs from theory is known, unless it agrees with room for another seed’s scatter', () => {
  // margin 0.1; of the interval that counts for agreement twice the half width is 1.83 of what is given
  expect(known(measured(1.3, 0.05))).toBe(true)
  expect(known(measured(1.05, 0.04))).toBe(true) // agrees, but another seed may not
  expect(known(measured(1.03, 0.02))).toBe(false)
  expect(known(measured(1.05, 0.06))).toBe(false) // may be 1
  expect(known(measured(1.05, 0.04, 'speed at S = 32'))).toBe(false) // margin 0.15
})

test('is known for its order of data and its quantity only', () => {
  const found = disagreements([{ order: 'with-replacement', claim: measured(0.94, 0.05) }], 7, 16)
  expect(found).toEqual({
    seed: 7,
    ratios: [
      {
        order: 'with-replacement',
        quantity: 'rotation over predicted, modes 1–8',
        ratio: 0.94,
        interval: [0.89, 0.99],
      },
    ],
  })
  expect(knownRatioOf(found, 'shuffled-epochs', 'rotation over predicted, modes 1–8')).toBeUndefined()
})
