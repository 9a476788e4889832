import { expect, test } from 'vitest'
import { thisMachine } from '../../foundation/machine.ts'
import { specRunSchema } from '../../foundation/results.ts'
import { specRunOf } from './spec-run.ts'

type Module = Parameters<typeof specRunOf>[0][number]

const here = thisMachine()
const there = { ...here, cpu: 'another' }

/** A file whose tests began and took so many milliseconds; skipped ones did neither. */
function moduleOf(
  machine: typeof here | undefined,
  times: readonly ([start: number, took: number] | undefined)[],
): Module {
  const tests = times.map((time) => ({
    diagnostic: () => (time === undefined ? undefined : { startTime: time[0], duration: time[1] }),
  }))
  return {
    meta: () => (machine === undefined ? {} : { sgdOracleMachine: machine }),
    children: { allTests: () => tests },
  } as unknown as Module
}

const how = { testRunner: 'vitest 0.0.0', merged: true }

test('from the first test to the end of the last, of files that found something; machines by their files', () => {
  const modules = [
    moduleOf(undefined, [[0, 90_000]]),
    moduleOf(here, [[5000, 10], undefined]),
    moduleOf(there, [
      [3000, 4000],
      [2000, 100],
    ]),
    moduleOf(there, [[6000, 500]]),
  ]
  expect(specRunSchema.parse(specRunOf(modules, how))).toMatchObject({
    ...how,
    startedAt: '1970-01-01T00:00:02.000Z',
    seconds: 5,
    machines: [
      { ...there, files: 2 },
      { ...here, files: 1 },
    ],
  })
})

test('where nothing ran there is no time', () => {
  const run = specRunSchema.parse(specRunOf([moduleOf(undefined, [undefined])], how))
  expect(run.machines).toEqual([])
  expect(run.startedAt).toBeUndefined()
})
