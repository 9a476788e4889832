import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Report } from '../foundation/results.ts'
import { fixtureReport, fixtureRun } from './fixture.ts'
import { readReport, writeReport } from './write.ts'

/** One panel is enough here. */
function smallReport(): Report {
  const report = fixtureReport()
  return {
    ...report,
    meanCurves: report.meanCurves.slice(0, 1),
    errorBudget: [],
    displacementCurves: [],
    varianceCurves: [],
  }
}

let folder: string
let target: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgd-oracle-write-'))
  target = join(folder, 'report')
})
afterEach(() => rm(folder, { recursive: true }))

/** The one line that a promise fails with. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: Error) => reason,
  )
  expect(error).toBeInstanceOf(RangeError)
  expect(error!.message).not.toContain('\n')
  return error!.message
}

describe('writeReport', () => {
  it('writes text, data and figures, the same bytes again for the same report, and reads them back', async () => {
    const paths = await writeReport(target, smallReport(), fixtureRun())
    const texts = ['report.md', 'report.html', 'report.json', 'run.json']
    expect(paths.slice(0, 4)).toEqual(texts.map((name) => join(target, name)))
    expect(paths).toContain(join(target, 'figures', 'verdicts.svg'))
    expect(paths).toContain(join(target, 'figures', 'verdicts.png'))
    const lines = paths.filter((path) => !path.endsWith('.png'))
    for (const path of lines) expect((await readFile(path, 'utf8')).endsWith('\n')).toBe(true)
    expect(await readdir(folder)).toEqual(['report'])
    expect((await readdir(target)).sort()).toEqual(['figures', 'report.html', 'report.json', 'report.md', 'run.json'])

    const again = await writeReport(join(folder, 'again'), smallReport(), fixtureRun())
    for (const [i, path] of paths.entries()) {
      expect((await readFile(path)).equals(await readFile(again[i]!))).toBe(true)
    }

    const text = await readFile(join(target, 'report.json'), 'utf8')
    expect(text.startsWith('{\n  "schemaVersion": 1,\n  "program": {')).toBe(true)
    expect(text).toBe(`${JSON.stringify(smallReport(), null, 2)}\n`)
    expect(await readReport(join(target, 'report.json'))).toEqual(smallReport())
  })

  it('writes nothing when the report is not one, and says where in one line', async () => {
    const report = smallReport()
    report.claims[3]!.margin = Number.NaN
    expect(await refusal(writeReport(target, report, fixtureRun()))).toMatch(
      /^writeReport: report\.claims\[3\]\.margin: /,
    )
    const run = { ...fixtureRun(), cores: 1.5 }
    expect(await refusal(writeReport(target, smallReport(), run))).toMatch(/^writeReport: run\.cores: /)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('readReport', () => {
  it('says in one line what is wrong with a file', async () => {
    const file = join(folder, 'report.json')
    await writeFile(file, '{')
    expect(await refusal(readReport(file))).toBe(`readReport: ${file} is not JSON`)
    await writeFile(file, JSON.stringify({ ...fixtureReport(), schemaVersion: 2 }))
    expect(await refusal(readReport(file))).toContain('.schemaVersion: ')
    await writeFile(file, JSON.stringify({}))
    expect(await refusal(readReport(file))).toMatch(/\(and \d+ more\)$/)
  })
})
