import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TestModule, Vitest } from 'vitest/node'
import { specReportSchema } from '../../foundation/results.ts'
import { verdictReporter } from './reporter.ts'

/** The rest of the reporter is held to real runs in runner.e2e.test.ts. */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-reporter-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A test file of a project with one test, which caught a bug or left nothing. */
function moduleOf(project: string, bug: string | undefined): TestModule {
  const caughtBy = [{ setting: 'setting', quantity: 'quantity' }]
  const left = bug === undefined ? {} : { sgdOracle: { mutant: { name: bug, bug, hypothesis: 'one', caughtBy } } }
  const found = { meta: () => left, diagnostic: () => ({ startTime: 0, duration: 1 }) }
  return {
    project: { name: project },
    relativeModuleId: `${project}.spec.ts`,
    meta: () => ({}),
    diagnostic: () => ({ duration: 1 }),
    children: { allTests: () => [found] },
  } as unknown as TestModule
}

async function report(modules: readonly TestModule[]): Promise<{ files: string[]; said: string }> {
  let said = ''
  const reporter = verdictReporter({
    file: join(folder, 'report.json'),
    projects: ['theory'],
    print: (text) => {
      said += text
    },
  })
  reporter.onInit!({ version: '0', config: {} } as Vitest)
  await reporter.onTestRunEnd!(modules, [], 'passed')
  return { files: readdirSync(folder).sort(), said }
}

test('reports of its projects alone', async () => {
  const { files, said } = await report([moduleOf('theory', 'κ without S'), moduleOf('empirical', 'off by one')])
  expect(files).toEqual(['report.json', 'run.json'])
  const { mutants } = specReportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))
  expect(mutants.map(({ name }) => name)).toEqual(['κ without S'])
  expect(said).toContain('theory.spec.ts')
  expect(said).not.toContain('empirical.spec.ts')
})

test('says and writes nothing of a run of other projects, and names files where nothing was found', async () => {
  expect(await report([moduleOf('empirical', 'off by one')])).toEqual({ files: [], said: '' })
  const { files, said } = await report([moduleOf('theory', undefined)])
  expect(files).toEqual([])
  expect(said).toContain('theory.spec.ts')
})
