import { expect, test } from 'vitest'
import { seedFor, specBudget, specSeed } from './environment.ts'

test('the seed is an integer, or the day in UTC', () => {
  expect(specSeed('')).toBe(0)
  expect(specSeed('17')).toBe(17)
  expect(specSeed('date', new Date('2026-11-24T23:59:59Z'))).toBe(20261124)
  for (const wrong of ['-1', '1.5', 'today', '4294967296'])
    expect(() => specSeed(wrong)).toThrow('SGD_ORACLE_SEED must be')
})

test('the budget is a factor', () => {
  expect(specBudget('')).toBe(1)
  expect(specBudget('100')).toBe(100)
  for (const wrong of ['0', '-2', 'much', 'Infinity'])
    expect(() => specBudget(wrong)).toThrow('SGD_ORACLE_BUDGET must be')
})

test('streams of one run and of neighbouring runs have different seeds, and small ones their own number', () => {
  expect(seedFor(112, 0)).toBe(112)
  const seeds = [0, 1, 20261124].flatMap((run) => [0, 1, 4095].map((stream) => seedFor(stream, run)))
  expect(new Set(seeds).size).toBe(seeds.length)
  expect(Number.isSafeInteger(seedFor(4095, 2 ** 32 - 1))).toBe(true)
})
