import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { readReport } from '../reports/index.ts'
import { runCommand } from './run-command.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const say = (...args: string[]): ReturnType<typeof runCommand> => runCommand(args)

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** A teacher's table: y = a − 2b + noise. */
function table(rows: number, noise: number): string {
  const state = streamOf(3, 0)
  const lines = Array.from({ length: rows }, () => {
    const [a, b] = [standardNormal(state), 0.3 * standardNormal(state)]
    return `${a},${b},${a - 2 * b + noise * standardNormal(state)}`
  })
  return ['a,b,y', ...lines].join('\n')
}

const good = file('good.csv', table(200, 0.5))

const badInputs: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ['no command', [], /a command is needed: verify, simulate, check, compare, empirical, predict or theories/],
  ['an unknown command', ['verfy'], /unknown command 'verfy'/],
  ['an unknown option', ['verify', '--lr', '0.1'], /unknown option '--lr'/],
  [
    'a missing file',
    ['verify', '--data', join(folder, 'none.csv'), '--target', 'y'],
    /cannot read --data .*none\.csv: no such file/,
  ],
  ['a folder for a file', ['verify', '--data', folder, '--target', 'y'], /it is a folder/],
  ['no target', ['verify', '--data', good], /--target is needed/],
  ['a target that is no column', ['verify', '--data', good, '--target', 'Class'], /"Class".*"a", "b", "y"/],
  ['a target without data', ['verify', '--target', 'y'], /--target needs --data/],
  [
    'a label for a number',
    ['verify', '--data', file('label.csv', 'a,y\n1,cat\n2,dog'), '--target', 'y'],
    /line 2.*"cat".*--one-hot/,
  ],
  [
    'a ragged row',
    ['verify', '--data', file('ragged.csv', 'a,y\n1,2\n3'), '--target', 'y'],
    /line 3: 1 cells? where the header has 2/,
  ],
  [
    'a cell that is not a number',
    ['verify', '--data', file('nan.csv', 'a,y\n1,2\nNaN,3'), '--target', 'y'],
    /line 3, column "a"/,
  ],
  [
    'an infinite cell',
    ['verify', '--data', file('inf.csv', 'a,y\n1,2\n3,Infinity'), '--target', 'y'],
    /line 3, column "y"/,
  ],
  ['an empty file', ['verify', '--data', file('empty.csv', ''), '--target', 'y'], /empty/],
  ['a truncated image file', ['verify', '--data', file('cut.bin', new Uint8Array(4000))], /4,?000 bytes/],
  [
    'a batch of more than all examples',
    ['verify', '--data', good, '--target', 'y', '--batch-size', '300'],
    /batch size must be below the 200 examples of good\.csv, got 300/,
  ],
  ['a batch of all examples', ['verify', '--data', good, '--target', 'y', '--batch-size', '200'], /has no noise/],
  ['a fractional batch', ['verify', '--batch-size', '3.5'], /--batch-size.*whole number ≥ 1, got "3\.5"/],
  ['momentum 1', ['verify', '--momentum', '1'], /--momentum.*in \[0, 1\), got "1"/],
  ['negative weight decay', ['verify', '--weight-decay', '-0.1'], /--weight-decay.*≥ 0/],
  ['a learning rate of zero', ['verify', '--learning-rate', '0'], /--learning-rate.*> 0/],
  ['a learning rate that is no number', ['verify', '--learning-rate', '0.1x'], /got "0\.1x"/],
  [
    'a learning rate past the limits',
    ['verify', '--learning-rate', '3'],
    /the mean's is 1\.\d+, the second moments' 0\.\d+/,
  ],
  ['a negative seed', ['verify', '--seed', '-1'], /--seed/],
  ['a pool for a table', ['verify', '--data', good, '--target', 'y', '--pool', '4'], /--pool is for images/],
  ['an unknown format', ['verify', '--data', good, '--format', 'xlsx'], /csv, cifar10/],
  [
    'interpolated data',
    ['verify', '--data', file('exact.csv', table(50, 0)), '--target', 'y'],
    /interpolated.*--weight-decay/,
  ],
  [
    'constant features',
    ['verify', '--data', file('constant.csv', 'a,y\n1,2\n1,3\n1,5'), '--target', 'y', '--batch-size', '1'],
    /a/,
  ],
  ['a request that is no file', ['predict', '--input', join(folder, 'none.json')], /cannot read .*none\.json/],
  ['a request that is no JSON', ['predict', '--input', file('cut.json', '{"momentum":')], /is not JSON/],
  ['no request', ['predict'], /--input/],
  [
    'an unknown theory',
    ['predict', '--theory', 'newton', '--input', file('r.json', '{}')],
    /request: theory: .*langevin/,
  ],
]

test.each(badInputs)('%s is refused in one line with exit code 2', async (_, args, says) => {
  const { code, out, err } = await say(...args)
  expect(err).toMatch(says)
  expect(err).toMatch(/^sgd-oracle: [^\n]+\n$/)
  expect(err).not.toMatch(/internal|undefined| at .*\.ts/)
  expect(out).toBe('')
  expect(code).toBe(2)
})

test('an --out folder that is not a report is refused before sampling, and left alone', async () => {
  const foreign = join(folder, 'thesis')
  mkdirSync(foreign)
  writeFileSync(join(foreign, 'chapter.tex'), 'x')
  const { code, err } = await say('verify', '--data', good, '--target', 'y', '--out', foreign)
  expect(code).toBe(2)
  expect(err).toMatch(/^sgd-oracle: --out: [^\n]+\n$/)
  expect(readdirSync(foreign)).toEqual(['chapter.tex'])
})

test('--dry-run prints every claim with its cost, and samples and writes nothing', async () => {
  const before = readdirSync(folder)
  const { code, out, err } = await say('verify', '--data', good, '--target', 'y', '--dry-run')
  expect(code).toBe(0)
  expect(err).toBe('')
  for (const part of ['constant-speed: all modes', 'stability limits of η', 'margin', 'budget', 'shuffled-epochs']) {
    expect(out).toContain(part)
  }
  expect(readdirSync(folder)).toEqual(before)
})

test('--help and --version succeed', async () => {
  expect((await say('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await say('verify', '--help')).out).toContain('--learning-rate')
})

test('predict answers an object with an object and an array with an array', async () => {
  const request = { learningRate: 0.1, momentum: 0.9, weightDecay: 0, batchSize: 4, noiseVariance: 1, eigenvalues: [1] }
  const one = await say('predict', '--input', file('one.json', JSON.stringify(request)))
  const many = await say('predict', '--input', file('many.json', JSON.stringify([request, request])))
  expect(one.code).toBe(0)
  expect(JSON.parse(many.out)).toEqual([JSON.parse(one.out), JSON.parse(one.out)])
})

test('predict takes a spectrum from data, and --theory all asks everybody', async () => {
  const request = file('data.json', JSON.stringify({ learningRate: 0.01, momentum: 0.5, weightDecay: 0, batchSize: 4 }))
  const { code, out, err } = await say(
    'predict',
    '--input',
    request,
    '--theory',
    'all',
    '--data',
    good,
    '--target',
    'y',
  )
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(JSON.parse(out).map(({ theory }: { theory: string }) => theory)).toContain('mini-batch with replacement')
})

test('theories lists everyone with a source and what is predicted', async () => {
  const { out } = await say('theories')
  for (const line of ['langevin', 'ultra-slow', '  predicts: globalDisplacement', '  needs: --data', 'Şimşekli']) {
    expect(out).toContain(line)
  }
})

test('verify writes a report of claims that are all decided, without a path in it', { timeout: 120_000 }, async () => {
  const out = join(folder, 'report')
  const {
    code,
    err,
    out: said,
  } = await say(
    'verify',
    '--data',
    good,
    '--target',
    'y',
    '--batch-size',
    '8',
    '--momentum',
    '0.5',
    '--workers',
    '1',
    '--out',
    out,
  )
  expect(err).not.toContain('internal')
  expect(code).toBe(0)
  expect(said).toContain(`Report: ${join(out, 'report.md')}`)
  expect(readFileSync(join(out, 'report.json'), 'utf8')).not.toContain(folder)
  const report = await readReport(join(out, 'report.json'))
  expect(report.claims.filter(({ hypothesis }) => hypothesis === 'constant-speed')).toHaveLength(4)
  for (const { verdict, answerable, reason } of report.claims) {
    expect(verdict).not.toBe('inconclusive')
    expect(answerable || reason).toBeTruthy()
  }
})
