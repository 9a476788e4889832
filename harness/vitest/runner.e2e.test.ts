import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { thisMachine } from '../../foundation/machine.ts'
import { type SpecReport, type SpecRun, specReportSchema, specRunSchema } from '../../foundation/results.ts'

/** Hypotheses in a real vitest run, on sources whose truth is known: one that is right and one that is not. */

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const runner = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sgd-oracle-runner-'))
afterAll(() => rmSync(scratch, { recursive: true }))

interface Run {
  readonly status: number | null
  readonly text: string
  readonly report: string
}

const seed = '7'

function vitest(name: string, arguments_: readonly string[]): Run {
  const file = join(scratch, name, 'report.json')
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(VITEST|SGD_ORACLE)/.test(key)))
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, ...arguments_, '--no-color'], {
    cwd: fixtures,
    encoding: 'utf8',
    env: { ...clean, NO_COLOR: '1', SGD_ORACLE_SEED: seed, SPEC_REPORT: file },
  })
  let report = ''
  try {
    report = readFileSync(file, 'utf8')
  } catch {
    // a shard with another reporter writes none
  }
  return { status, text: stdout + stderr, report }
}

let whole: Run
beforeAll(() => {
  whole = vitest('whole', ['run'])
}, 60_000)

const ranAs = (name: string): SpecRun =>
  specRunSchema.parse(JSON.parse(readFileSync(join(scratch, name, 'run.json'), 'utf8')))
const parsed = ({ report }: Run): SpecReport => specReportSchema.parse(JSON.parse(report))

test('a required claim that is off turns the run red, and the report has every claim, rival and bug', () => {
  expect(whole.status).toBe(1)
  const { claims, mutants, summary } = parsed(whole)
  expect(claims.map(({ file, setting, quantity, verdict }) => [file, setting, quantity, verdict])).toEqual([
    ['right.case.ts', 'as it is', 'variance', 'agrees'],
    ['right.case.ts', 'as it is', 'variance, too finely', 'not-answerable'],
    ['right.case.ts', 'as it is', 'a sum', 'agrees'],
    ['wrong.case.ts', 'as it is', 'variance', 'agrees'],
    ['wrong.case.ts', 'as it is', 'variance, too finely', 'not-answerable'],
    ['wrong.case.ts', 'as it is', 'a sum', 'agrees'],
    ['wrong.case.ts', 'off (by 30 %)', 'variance', 'disagrees'],
    ['wrong.case.ts', 'off (by 30 %)', 'variance, too finely', 'not-answerable'],
    ['wrong.case.ts', 'off (by 30 %)', 'a sum', 'disagrees'],
  ])
  expect(summary.passed).toBe(false)
  expect(summary.required).toEqual({ agrees: 4, disagrees: 2, inconclusive: 0, notAnswerable: 3 })
  // near is listed, not silently passed
  const near = claims[0]!.comparisons.find(({ theory }) => theory === 'near')
  expect(near).toMatchObject({ separable: false, role: 'rival' })
  expect(mutants).toMatchObject([{ name: 'twice', caughtBy: [{ hypothesis: 'right' }, { hypothesis: 'wrong' }] }])
})

test('people are told the seed, the counts and the slowest files', () => {
  expect(whole.text).toContain('seed 7, budget × 1: 9 claims')
  expect(whole.text).toMatch(/slowest files:\n {2}\d+\.\d s {2}\w+\.case\.ts/)
})

test('a failure says everything, and its replay command runs that test alone, to the same verdict', () => {
  for (const part of ['predicted: 1.3', 'margin: 0.1 (relative; for the test)', 'smallest detectable', 'seed 28672']) {
    expect(whole.text).toContain(part)
  }
  expect(whole.text).toMatch(/look 1, 512 replicas: \d\.\d+ ± 0\.\d+, 1−α \[.*\] at α .*, 1−2φ \[.*\] at φ /)
  const [, file, pattern] = whole.text.match(
    /replay: SGD_ORACLE_SEED=7 npx vitest run (wrong\.case\.ts) -t '([^']*variance agrees[^']*)'/,
  )!
  const again = vitest('again', ['run', file!, '-t', pattern!])
  expect(again.text).toMatch(/Tests +1 failed \| \d+ skipped/)
  const look = ({ claims }: SpecReport): unknown =>
    claims.find(({ setting, quantity }) => setting === 'off (by 30 %)' && quantity === 'variance')!.looks
  expect(look(parsed(again))).toEqual(look(parsed(whole)))
}, 60_000)

test('beside the report stands when and where it was measured', () => {
  const { machines, merged, startedAt, seconds, testRunner } = ranAs('whole')
  expect(machines).toEqual([{ ...thisMachine(), files: 2 }])
  expect(merged).toBe(false)
  expect(testRunner).toMatch(/^vitest \d+\./)
  const age = Date.now() - Date.parse(startedAt!)
  expect(age).toBeGreaterThan(1000 * seconds!)
  expect(age).toBeLessThan(120_000)
})

test('shards, merged, make the same report byte for byte, and name the machines that measured', () => {
  const blobs = join(scratch, 'blobs')
  for (const shard of [1, 2]) {
    const blob = ['--reporter=blob', `--outputFile=${join(blobs, `${shard}.json`)}`]
    expect(vitest('shard', ['run', `--shard=${shard}/2`, ...blob]).report).toBe('')
  }
  const [, second] = [1, 2].map((shard) => join(blobs, `${shard}.json`))
  const { cpu } = thisMachine()
  writeFileSync(second!, readFileSync(second!, 'utf8').replaceAll(JSON.stringify(cpu), '"another processor"'))
  const merged = vitest('merged', [`--merge-reports=${blobs}`])
  expect(merged.report).toBe(whole.report)
  expect(merged.status).toBe(1)
  const run = ranAs('merged')
  expect(run.merged).toBe(true)
  expect(run.machines.map(({ cpu, files }) => [cpu, files])).toEqual([
    [cpu, 1],
    ['another processor', 1],
  ])
}, 60_000)
