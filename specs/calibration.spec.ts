import { expect, test } from 'vitest'
import { type RandomState, streamOf } from '../foundation/random/xoshiro128.ts'
import type { CalibrationRow } from '../foundation/results.ts'
import { leaveRecord, seedFor, specBudget } from '../harness/vitest/index.ts'
import { correlatedReplicas, uncorrectedLooks } from './calibration/broken.ts'
import { falseAlarmsByImportance } from './calibration/extrapolation.ts'
import { gaussianMeans, infiniteVariance, type KnownSource, knownSources } from './calibration/sources.ts'
import { calibrationRow, countErrors, harness, type Procedure, type Rates } from './calibration/trials.ts'
import { specLedger } from './regression/settings.ts'

/** The judge on samples whose truth is known: does it err as seldom as it says? */

/** 100,000 in a run of 50 times the usual budget or more. */
const seeds = 2000 * Math.min(50, Math.max(1, Math.floor(specBudget())))

const rates: readonly Rates[] = [
  { alpha: 0.05, phi: 0.05 },
  { alpha: 0.01, phi: 0.01 },
  { alpha: 1e-3, phi: 1e-3 },
]

/** At most so often: of 2,000 trials none. */
const neverMeans = 1e-4

/** Streams 3000 … 3099 are the calibration's. */
function stream(index: number): RandomState {
  return streamOf(seedFor(3000 + index), 0)
}

/** Two rows a rate: false alarms, where the source has theories that are right, and false passes. */
async function rowsOf(
  procedure: Procedure,
  procedureName: string,
  source: KnownSource,
  index: number,
): Promise<CalibrationRow[]> {
  const counts = await countErrors(source, procedure, rates, seeds, stream(index))
  return counts.flatMap(({ trials, falseAlarms, falsePasses, refused }, at) => {
    expect(refused, `${source.name}: trials that were not answerable`).toBe(0)
    const common = { source: source.name, procedure: procedureName }
    const { alpha: design, phi } = rates[at]!
    const alarms = { ...common, error: 'false alarm' as const, design, trials, errors: falseAlarms }
    const passTrials = trials * source.wrong.length
    const passes = { ...common, error: 'false pass' as const, design: phi, trials: passTrials, errors: falsePasses }
    return (source.right.length === 0 ? [passes] : [alarms, passes]).map((row) =>
      calibrationRow(row, source.looks.length),
    )
  })
}

const inWords = ({ error, design, errors, trials, lower, upper }: CalibrationRow): string =>
  `${error} at ${design}: ${errors} of ${trials}, rate in [${lower}, ${upper}]`

test.for(knownSources.map((source, index) => ({ name: source.name, source, index })))(
  'errors are as seldom as designed: $name',
  async ({ source, index }, context) => {
    const rows = await rowsOf(harness, 'harness', source, index)
    leaveRecord(context, { calibration: rows })
    for (const row of rows) {
      expect(row.finding, inWords(row)).not.toBe('exceeds')
      if (row.answerable) expect(row.finding, inWords(row)).toBe('within')
    }
  },
)

test.for([
  { name: 'each look spends the whole rate', procedure: uncorrectedLooks, source: gaussianMeans, index: 20 },
  { name: 'intervals as if correlated samples were not', procedure: harness, source: correlatedReplicas, index: 21 },
])('a broken variant is caught: $name', async ({ name, procedure, source, index }, context) => {
  const rows = await rowsOf(procedure, `broken: ${name}`, source, index)
  leaveRecord(context, { calibration: rows })
  for (const error of ['false alarm', 'false pass'] as const) {
    const found = rows.filter((row) => row.error === error && row.answerable)
    expect(found.length, error).toBeGreaterThan(0)
    for (const row of found) expect(row.finding, inWords(row)).toBe('exceeds')
  }
})

test.for(infiniteVariance.map((source, index) => ({ name: source.name, source, index: 30 + index })))(
  'infinite variance never agrees, though planned as if it were finite: $name',
  async ({ source, index }, context) => {
    const rows = await rowsOf(harness, 'harness', source, index)
    leaveRecord(context, { calibration: rows })
    for (const row of rows) expect(row.errors, inWords(row)).toBeLessThanOrEqual(row.trials * neverMeans)
  },
)

test('at the working rate, one in a billion, false alarms on Gaussian replicas are as many as were spent', async (context) => {
  const found = await falseAlarmsByImportance(specLedger, seeds, stream(40))
  leaveRecord(context, { extrapolation: found })
  const { rate, standardError, spentOneSided } = found
  expect(standardError / spentOneSided).toBeLessThan(0.1)
  // Looks hardly ever alarm together out there, so their rates add up to what was spent, and never to more.
  expect(rate).toBeLessThan(spentOneSided + 5 * standardError)
  expect(rate).toBeGreaterThan(0.9 * spentOneSided - 5 * standardError)
  expect(rate).toBeLessThan(specLedger.alphaPerClaim)
})
