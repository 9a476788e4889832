import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkReportFolder, type ReportFile, reportJson, writeReportFolder } from './report-folder.ts'

/** A report as the folder sees it: files, one of which says whose they are. */
const report = (seed: number, ...figures: readonly string[]): ReportFile[] => [
  ['report.md', '# a report\n'],
  ['report.json', reportJson({ program: { name: 'sgd-oracle' }, seed })],
  ...figures.map((name): ReportFile => [`figures/${name}`, '<svg/>\n']),
]

let folder: string
let target: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgd-oracle-folder-'))
  target = join(folder, 'report')
})
afterEach(() => rm(folder, { recursive: true }))

const write = (files: readonly ReportFile[]): Promise<string[]> =>
  writeReportFolder(target, async () => files, 'writeReportFolder')

describe('writeReportFolder', () => {
  it('writes its files and nothing beside them, on a path of new folders', async () => {
    target = join(folder, 'a', 'b')
    const paths = await write(report(1, 'verdicts.svg'))
    expect(paths).toEqual(['report.md', 'report.json', 'figures/verdicts.svg'].map((name) => join(target, name)))
    expect(await readdir(join(folder, 'a'))).toEqual(['b'])
    expect((await readdir(target)).sort()).toEqual(['figures', 'report.json', 'report.md'])
  })

  it('replaces an older report whole', async () => {
    await write(report(1, 'verdicts.svg', 'old.svg'))
    await write(report(2, 'verdicts.svg'))
    expect(JSON.parse(await readFile(join(target, 'report.json'), 'utf8'))).toMatchObject({ seed: 2 })
    expect(await readdir(join(target, 'figures'))).toEqual(['verdicts.svg'])
    expect(await readdir(folder)).toEqual(['report'])
  })

  it('leaves the older report where the new one cannot be made', async () => {
    await write(report(1))
    const failing = writeReportFolder(target, () => Promise.reject(new Error('no figure')), 'writeReportFolder')
    await expect(failing).rejects.toThrow('no figure')
    expect(JSON.parse(await readFile(join(target, 'report.json'), 'utf8'))).toMatchObject({ seed: 1 })
    expect(await readdir(folder)).toEqual(['report'])
  })

  it('writes into an empty folder and through a link', async () => {
    await mkdir(join(folder, 'real'))
    await symlink(join(folder, 'real'), target)
    await write(report(1))
    expect(await readdir(join(folder, 'real'))).toContain('report.md')
  })

  it('is not blocked by what a killed run left behind', async () => {
    await mkdir(join(folder, '.report.writing-abc123', 'report'), { recursive: true })
    await writeFile(join(folder, '.report.writing-abc123', 'report', 'report.md'), 'half')
    await write(report(1))
    expect(await readFile(join(target, 'report.md'), 'utf8')).toBe('# a report\n')
  })

  const writeNew = async (name: string, text: string): Promise<void> => {
    await mkdir(target)
    await writeFile(join(target, name), text)
  }
  it.each([
    ['a folder with files of somebody else', async () => writeNew('notes.txt', 'mine'), /holds notes\.txt/],
    [
      'a report.json of somebody else',
      async () => writeNew('report.json', '{"tests": 3}'),
      /not written by sgd-oracle/,
    ],
    ['a file', async () => writeFile(target, 'mine'), /it is a file/],
    [
      'an older report that somebody put more into',
      async () => {
        await write(report(1, 'verdicts.svg'))
        await writeFile(join(target, 'figures', 'mine.jpg'), '')
      },
      /its figures hold mine\.jpg/,
    ],
  ])('refuses %s in one line, before it is asked for files, and leaves it alone', async (_, prepare, message) => {
    await prepare()
    const refused = (caller: string): RegExp => new RegExp(`^${caller}: directory must be .*${message.source}.*$`)
    await expect(checkReportFolder(target)).rejects.toThrow(refused('checkReportFolder'))
    const never = (): Promise<ReportFile[]> => Promise.reject(new Error('asked for files'))
    await expect(writeReportFolder(target, never, 'somebody')).rejects.toThrow(refused('somebody'))
    expect(await readdir(folder)).toEqual(['report'])
  })
})
