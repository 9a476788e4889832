import { expect, test } from 'vitest'
import { leaveRecord } from '../harness/vitest/index.ts'
import { outlines } from './outlines.ts'

/**
 * Bugs that are planted in predictions are caught, or not, by the specs of the hypotheses, on what those measure anyway:
 * wherever a required claim can tell a bug, its spec has a test for it. Here every bug must have such a place, and every fault
 * of measurement must turn some hypothesis red.
 */

const named = <T extends { readonly name: string }>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [one.name, one])).values(),
]

test.for(named(outlines.flatMap(({ mutants }) => mutants)))('$name: some spec must catch it', ({ name, bug }) => {
  const planted = outlines.flatMap((outline) => outline.planted(name))
  const furthest = planted
    .toSorted((a, b) => b.distance / b.margin - a.distance / a.margin)
    .slice(0, 5)
    .map(
      ({ hypothesis, setting, quantity, distance, margin }) =>
        `${hypothesis}, ${setting}, ${quantity}: moved by ${distance.toPrecision(3)}, margin ${margin}`,
    )
    .join('\n')
  expect(
    planted.some(({ differs }) => differs),
    `an error in the list: ${name} (${bug}) moves no prediction by more than its margin\n${furthest}`,
  ).toBe(true)
  expect(
    planted.some(({ telling }) => telling),
    `no required claim can tell ${name} (${bug}) from the truth with its budget\n${furthest}`,
  ).toBe(true)
})

test('a small error is caught whichever theory it is in', () => {
  const small = named(outlines.flatMap(({ mutants }) => mutants)).filter((mutant) => mutant.small)
  expect(small.length).toBeGreaterThan(0)
  for (const { name } of small) {
    const planted = outlines.flatMap((outline) => outline.planted(name))
    const touched = new Set(planted.map(({ theory }) => theory))
    const caught = new Set(planted.filter(({ telling }) => telling).map(({ theory }) => theory))
    expect([...caught].toSorted(), name).toEqual([...touched].toSorted())
  }
})

test.for(named(outlines.flatMap(({ corruptions }) => corruptions)))(
  'measured wrongly: $name',
  async ({ name, bug }, context) => {
    for (const outline of outlines) {
      const caughtBy = await outline.measuredAgain(name)
      if (caughtBy.length === 0) continue
      leaveRecord(context, { mutant: { name, bug, hypothesis: outline.id, caughtBy } })
      return
    }
    expect.fail(`no hypothesis goes red though ${name} (${bug})`)
  },
)
