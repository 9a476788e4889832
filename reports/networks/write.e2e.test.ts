import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixtureRun } from '../fixture.ts'
import { networkFixture } from './fixture.ts'
import { readNetworkReport, writeNetworkReport } from './write.ts'

const fixture = networkFixture()
/** Without the drawings that take long. */
const small = { ...fixture, planes: [], sweeps: [], runs: fixture.runs.map((run) => ({ ...run, modes: [] })) }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sgd-oracle-network-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('writeNetworkReport', () => {
  it('writes text, data and every figure that the text links, and reads them back', async () => {
    const target = join(folder, 'report')
    const paths = await writeNetworkReport(target, fixture, fixtureRun())
    expect((await readdir(target)).sort()).toEqual(['figures', 'report.html', 'report.json', 'report.md', 'run.json'])
    expect(await readdir(folder)).toEqual(['report'])
    const text = await readFile(join(target, 'report.md'), 'utf8')
    const linked = [...text.matchAll(/\]\((figures\/[^)]+)\)/g)].map(([, path]) => join(target, path!))
    expect(linked.sort()).toEqual(paths.filter((path) => path.endsWith('.svg')).sort())
    expect(await readNetworkReport(join(target, 'report.json'))).toEqual(fixture)
  })

  it('replaces an older report, and writes nothing when the new one is none', async () => {
    const target = join(folder, 'report')
    await writeNetworkReport(target, small, fixtureRun())
    const wrong = { ...small, claims: [{ ...small.claims[0]!, run: 'nobody' }] }
    await expect(writeNetworkReport(target, wrong, fixtureRun())).rejects.toThrow(
      'writeNetworkReport: report.claims[0].run: must be the label of a run, got nobody',
    )
    expect(await readNetworkReport(join(target, 'report.json'))).toEqual(small)
    await writeNetworkReport(target, { ...small, findings: [] }, fixtureRun())
    expect((await readNetworkReport(join(target, 'report.json'))).findings).toEqual([])
    expect(await readdir(folder)).toEqual(['report'])
  })
})
