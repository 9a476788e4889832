import { expect, it } from 'vitest'
import { relativeDifference } from './agreement.ts'

it('is the largest difference in units of the largest number', () => {
  expect(relativeDifference([1, -4, 2], [1, -4, 2.5])).toBe(0.125)
  expect(relativeDifference([0, 0], [0, 0])).toBe(0)
  expect(relativeDifference([0, 0], [0, 1e-300])).toBe(Number.POSITIVE_INFINITY)
})

it('is infinite where there is nothing to compare', () => {
  expect(relativeDifference([1], [1, 1])).toBe(Number.POSITIVE_INFINITY)
  expect(relativeDifference([1, 2], [1, Number.NaN])).toBe(Number.POSITIVE_INFINITY)
  expect(relativeDifference([Number.NaN], [Number.NaN])).toBe(Number.POSITIVE_INFINITY)
})
