import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Report } from '../foundation/results.ts'
import { fixtureReport, fixtureRun } from './fixture.ts'
import { checkReportFolder } from './report-folder.ts'
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
  it('writes text, data and figures, and nothing beside them', async () => {
    const paths = await writeReport(target, smallReport(), fixtureRun())
    const texts = ['report.md', 'report.html', 'report.json', 'run.json']
    expect(paths.slice(0, 4)).toEqual(texts.map((name) => join(target, name)))
    expect(paths).toContain(join(target, 'figures', 'verdicts.svg'))
    expect(paths).toContain(join(target, 'figures', 'verdicts.png'))
    const lines = paths.filter((path) => !path.endsWith('.png'))
    for (const path of lines) expect((await readFile(path, 'utf8')).endsWith('\n')).toBe(true)
    expect(await readdir(folder)).toEqual(['report'])
    expect((await readdir(target)).sort()).toEqual(['figures', 'report.html', 'report.json', 'report.md', 'run.json'])
  })

  it('makes folders on the way, and gives the same bytes again for the same report', async () => {
    const [first, second] = [join(folder, 'a', 'b'), join(folder, 'c')]
    const paths = await writeReport(first, smallReport(), fixtureRun())
    const again = await writeReport(second, smallReport(), fixtureRun())
    for (const [i, path] of paths.entries()) {
      expect((await readFile(path)).equals(await readFile(again[i]!))).toBe(true)
    }
  })

  it('keeps the order of keys and indents by two', async () => {
    await writeReport(target, smallReport(), fixtureRun())
    const text = await readFile(join(target, 'report.json'), 'utf8')
    expect(text.startsWith('{\n  "schemaVersion": 1,\n  "program": {')).toBe(true)
    expect(text).toBe(`${JSON.stringify(smallReport(), null, 2)}\n`)
  })

  it('replaces an older report whole', async () => {
    await writeReport(target, smallReport(), fixtureRun())
    await writeReport(target, { ...smallReport(), meanCurves: [], seed: 8 }, fixtureRun())
    expect((await readReport(join(target, 'report.json'))).seed).toBe(8)
    expect(await readdir(join(target, 'figures'))).not.toContain('mean-trajectory-gaussian.svg')
    expect(await readdir(folder)).toEqual(['report'])
  })

  it('writes into an empty folder and through a link', async () => {
    await mkdir(join(folder, 'real'))
    await symlink(join(folder, 'real'), target)
    await writeReport(target, smallReport(), fixtureRun())
    expect(await readdir(join(folder, 'real'))).toContain('report.md')
  })

  it.each([
    ['a folder with files of somebody else', async () => writeNew('notes.txt', 'mine'), /holds notes\.txt/],
    [
      'a report.json of somebody else',
      async () => writeNew('report.json', '{"tests": 3}'),
      /not written by sgd-oracle/,
    ],
    ['a file', async () => writeFile(target, 'mine'), /it is a file/],
  ])('refuses %s and leaves it alone', async (_, prepare, message) => {
    await prepare()
    expect(await refusal(checkReportFolder(target))).toMatch(message)
    expect(await refusal(writeReport(target, smallReport(), fixtureRun()))).toMatch(message)
    expect(await readdir(folder)).toEqual(['report'])
  })

  it('refuses an older report that somebody put more into', async () => {
    await writeReport(target, smallReport(), fixtureRun())
    await writeFile(join(target, 'figures', 'mine.jpg'), '')
    expect(await refusal(writeReport(target, smallReport(), fixtureRun()))).toContain('mine.jpg')
    expect(await readdir(join(target, 'figures'))).toContain('mine.jpg')
  })

  it('is not blocked by what a killed run left behind', async () => {
    await mkdir(join(folder, '.report.writing-abc123', 'report'), { recursive: true })
    await writeFile(join(folder, '.report.writing-abc123', 'report', 'report.md'), 'half')
    await writeReport(target, smallReport(), fixtureRun())
    expect(await readFile(join(target, 'report.md'), 'utf8')).toMatch(/^# SGD/)
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
  it('reads back what was written', async () => {
    await writeReport(target, smallReport(), fixtureRun())
    expect(await readReport(join(target, 'report.json'))).toEqual(smallReport())
  })

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

async function writeNew(name: string, text: string): Promise<void> {
  await mkdir(target)
  await writeFile(join(target, name), text)
}
