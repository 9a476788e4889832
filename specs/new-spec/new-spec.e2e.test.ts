import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSpec } from './new-spec.ts'
import { docsRow } from './templates.ts'

/** A new hypothesis in a copy of the repository: it compiles, and fails until it is filled in. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'sgd-oracle-new-spec-'))
afterAll(() => rmSync(copy, { recursive: true }))

beforeAll(() => {
  for (const part of [
    'foundation',
    'harness',
    'observables',
    'oracle',
    'sim',
    'specs',
    'docs',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(root, part), join(copy, part), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  newSpec(copy, 'my-hypothesis')
})

function run(program: string, ...arguments_: string[]): { status: number | null; text: string } {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('VITEST')))
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...arguments_], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...clean, NO_COLOR: '1' },
  })
  return { status, text: stdout + stderr }
}

const text = (path: string): string => readFileSync(join(copy, path), 'utf8')

test('it compiles', { timeout: 120_000 }, () => {
  const written = ['specs/hypotheses/my-hypothesis.ts', 'specs/my-hypothesis.spec.ts', 'specs/outlines.ts']
  const { options, errors } = ts.parseJsonConfigFileContent(JSON.parse(text('tsconfig.json')), ts.sys, copy)
  expect(errors).toEqual([])
  const program = ts.createProgram(
    [...written, 'foundation/webassembly.d.ts'].map((path) => join(copy, path)),
    options,
  )
  // what it imports is checked as far as it is used; `npm run types` checks the rest
  const wrong = written.flatMap((path) => ts.getPreEmitDiagnostics(program, program.getSourceFile(join(copy, path))!))
  expect(wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([])
})

test('it fails, and says what is to be filled in', { timeout: 60_000 }, () => {
  writeFileSync(join(copy, 'vitest.config.ts'), "export default { test: { include: ['specs/*.spec.ts'] } }\n")
  const { status, text: said } = run('vitest/vitest.mjs', 'run', 'specs/my-hypothesis.spec.ts')
  expect(status).toBe(1)
  expect(said).toContain('planClaims: my-hypothesis: margins must be > 0 and ascend, got [NaN]')
})

test('a bar in a claim stays in its cell', () => {
  expect(docsRow('a-b', '|x|', 'y')).toBe('| [a-b](../specs/hypotheses/a-b.ts) | \\|x\\| | y |')
})

test('it is formatted, and has its place among the outlines and in the docs', () => {
  expect(text('specs/outlines.ts')).toContain('  outlineOf(myHypothesis, regression),\n]\n')
  expect(text('docs/hypotheses.md')).toMatch(
    /\| \[my-hypothesis\]\(\.\.\/specs\/hypotheses\/my-hypothesis\.ts\) \| FILL IN \| FILL IN \|\n$/,
  )
  const checked = run(
    '@biomejs/biome/bin/biome',
    'check',
    '--vcs-enabled=false',
    `--config-path=${root}`,
    ...['specs/hypotheses/my-hypothesis.ts', 'specs/my-hypothesis.spec.ts', 'specs/outlines.ts'],
  )
  expect(checked.status, checked.text).toBe(0)
})

test.each(['', 'My-hypothesis', 'my_hypothesis', '-my', 'my--hypothesis', '../my', '2nd'])(
  'the name %j is refused',
  (id) => {
    expect(() => newSpec(copy, id)).toThrow('new:spec: the name must be words of a–z and 0–9 joined by hyphens')
  },
)

test.each(['constant-speed', 'my-hypothesis', 'mutation', 'index'])(
  'the name %s is taken, and nothing is written',
  (id) => {
    const before = text('specs/outlines.ts')
    expect(() => newSpec(copy, id)).toThrow(/the name must be new, but specs\/.* is there/)
    expect(text('specs/outlines.ts')).toBe(before)
    expect(existsSync(join(copy, 'specs/hypotheses/mutation.ts'))).toBe(false)
  },
)
