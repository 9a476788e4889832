import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { prepareDataset } from '../foundation/dataset.ts'
import { readCsv } from '../foundation/formats/csv.ts'
import { readSafetensors, type Safetensors } from '../foundation/formats/safetensors.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { regressionSource, startAtMinimum } from '../sim/index.ts'
import { runCommand } from './run-command.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-simulate-'))
afterAll(() => rmSync(folder, { recursive: true }))

// a thread takes a second to load from source
const say = (...args: string[]): ReturnType<typeof runCommand> => runCommand(['simulate', '--workers', '1', ...args])

/** A folder of its own, so that whatever is left in it is seen. */
let folders = 0
function fresh(): string {
  const path = join(folder, `${folders++}`)
  mkdirSync(path)
  return path
}

/** Two features and a label of three classes that depends on them. */
function table(): string {
  const state = streamOf(3, 0)
  const rows = Array.from({ length: 120 }, () => {
    const [a, b] = [standardNormal(state), 0.3 * standardNormal(state)]
    return `${a},${b},${Math.max(0, Math.min(2, Math.round(1 + a - b + 0.5 * standardNormal(state))))}`
  })
  return ['a,b,class', ...rows].join('\n')
}

const data = join(folder, 'digits.csv')
writeFileSync(data, table())
const short = ['--data', data, '--target', 'class', '--steps', '50', '--every', '5']

function read(path: string): Safetensors {
  return readSafetensors(readFileSync(path), path)
}

const file = join(folder, 'plain')
writeFileSync(file, '')
const directory = join(folder, 'directory.safetensors')
mkdirSync(directory)
const device = join(folder, 'device.safetensors')
symlinkSync('/dev/null', device)
const out = join(folder, 'refused.safetensors')

const badInputs: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ['no --out', [], /required option '--out <file>'/],
  ['another kind of file', ['--out', data], /--out must end in \.safetensors, got .*digits\.csv/],
  ['a folder for a file', ['--out', directory], /--out: .*it is a folder/],
  ['a device', ['--out', device], /--out: .*it is no regular file/],
  [
    'a folder that is a file',
    ['--out', join(file, 'a.safetensors')],
    /cannot write --out .*: a file is in the place of a folder/,
  ],
  [
    'a name that is too long',
    ['--out', join(folder, `${'a'.repeat(250)}.safetensors`)],
    /cannot write --out .*: the name is too long/,
  ],
  ['no steps', ['--out', out, '--steps', '0'], /--steps.*whole number ≥ 1, got "0"/],
  ['half a chain', ['--out', out, '--chains', '0.5'], /--chains.*whole number ≥ 1, got "0\.5"/],
  ['rows further apart than the end', ['--out', out, '--steps', '10', '--every', '11'], /at most the 10 steps, got 11/],
  ['a mode that is not there', ['--out', out, ...short, '--modes', '1,3'], /from 1 to 2, .* of digits\.csv .*, got 3/],
  ['mode 0', ['--out', out, '--modes', '0-3'], /modes must be from 1 to 12, .*got 0-3/],
  ['a huge range of modes', ['--out', out, '--modes', '1-999999999999'], /modes must be from 1 to 12/],
  ['modes twice', ['--out', out, '--modes', '1-3,2'], /given once each, got 2 twice/],
  ['modes in words', ['--out', out, '--modes', 'all'], /numbers and ranges such as 1-10,30, got "all"/],
  ['an unknown scheme', ['--out', out, '--sampling', 'sgd'], /choices are gaussian, student-t, with-replacement/],
  ['an unknown start', ['--out', out, '--start', 'here'], /choices are minimum, origin, stationary/],
  [
    'frozen noise of no examples',
    ['--out', out, '--frozen', '--sampling', 'gaussian'],
    /gaussian sampling, got frozen/,
  ],
  [
    'a stationary start where nothing is stationary',
    ['--out', out, '--learning-rate', '0.5', '--start', 'stationary'],
    /below the mean-square limit 0\.\d+/,
  ],
  ['a batch of all examples', ['--out', out, ...short, '--batch-size', '120'], /has no noise/],
  ['a target without data', ['--out', out, '--target', 'class'], /--target needs --data/],
  [
    'a file larger than the disk',
    ['--out', out, '--chains', '1e9', '--steps', '1e9'],
    /needs 2\.08e\+5 GB, the disk has/,
  ],
  ['a file larger than any', ['--out', out, '--steps', '1e15', '--every', '1'], /less than 2\^50 elements/],
]

test.each(badInputs)('%s is refused in one line with exit code 2, and nothing is written', async (_, args, says) => {
  const before = readdirSync(folder)
  const { code, out: said, err } = await say(...args)
  expect(err).toMatch(says)
  expect(err).toMatch(/^sgd-oracle: [^\n]+\n$/)
  expect(err).not.toMatch(/internal|undefined|\.ts:/)
  expect(said).toBe('')
  expect(code).toBe(2)
  expect(readdirSync(folder)).toEqual(before)
})

test('the same seed gives the same bytes, another seed others, and no path is in them', async () => {
  const place = fresh()
  const bytes = async (name: string, seed: string): Promise<Buffer> => {
    const path = join(place, name)
    const { code } = await say(...short, '--chains', '3', '--start', 'stationary', '--seed', seed, '--out', path)
    expect(code).toBe(0)
    return readFileSync(path)
  }
  const first = await bytes('a.safetensors', '4')
  expect((await bytes('b.safetensors', '4')).equals(first)).toBe(true)
  expect((await bytes('c.safetensors', '5')).equals(first)).toBe(false)
  expect(first.includes(folder)).toBe(false)
  expect(readdirSync(place)).toEqual(['a.safetensors', 'b.safetensors', 'c.safetensors'])
})

test('it says what it runs and what it wrote, and replaces an older file', async () => {
  const path = join(fresh(), 'a.safetensors')
  writeFileSync(path, 'old')
  const { code, out: said, err } = await say(...short, '--one-hot', '--chains', '2', '--out', path)
  expect(code).toBe(0)
  expect(said).toBe(`Trajectory: ${path} (2 chains × 11 rows × 3 outputs × 2 modes)\n`)
  expect(err).toMatch(
    /^digits\.csv: 120 examples, 2 modes, η = 0\.\d+ \(.*\), with-replacement; 2 chains of 50 steps, a row every 5\n/,
  )
  expect(err).toContain('  100 % of the steps, chain ')
  expect(read(path).metadata).toMatchObject({ kind: 'trajectory', dataset: 'digits.csv', output_count: '3' })
})

test('the options reach the source: several outputs, against the source itself', async () => {
  const path = join(fresh(), 'a.safetensors')
  const options = '--one-hot --no-standardize --no-center --learning-rate 0.03 --momentum 0.5 --weight-decay 0.1'
  const more = '--batch-size 7 --seed 11 --sampling shuffled-epochs --frozen --modes 2,1 --chains 2'
  expect((await say(...short, ...options.split(' '), ...more.split(' '), '--out', path)).code).toBe(0)

  const dataset = prepareDataset(readCsv(readFileSync(data, 'utf8'), 'digits.csv', { target: 'class', oneHot: true }), {
    standardize: false,
    center: false,
  })
  const problem = regressionProblem(dataset.features, dataset.targets, 120, 0.1)
  const hyperparameters = { learningRate: 0.03, momentum: 0.5, weightDecay: 0.1, batchSize: 7 }
  const source = regressionSource(problem, hyperparameters, {
    sampling: 'shuffled-epochs',
    noise: 'frozen',
    seed: 11,
    start: startAtMinimum(problem),
  })
  const states: Record<'position' | 'velocity', number[]> = { position: [], velocity: [] }
  for (const chain of [0, 1]) {
    source.run(chain, 50, (step, position, velocity) => {
      if (step % 5 !== 0) return
      for (const output of [0, 2, 4]) {
        states.position.push(position[output + 1]!, position[output]!)
        states.velocity.push(velocity[output + 1]!, velocity[output]!)
      }
    })
  }
  const { tensors, metadata } = read(path)
  for (const name of ['position', 'velocity'] as const) {
    expect(tensors.get(name)!.shape).toEqual([2, 11, 3, 2])
    expect([...(tensors.get(name)!.values as Float64Array)]).toEqual(states[name])
  }
  const minimum = tensors.get('minimum')!.values
  for (const output of [0, 1, 2]) {
    for (const mode of [0, 1]) expect(minimum[2 * output + mode]).toBe(problem.minimum[3 * mode + output])
  }
  expect(metadata).toEqual({
    kind: 'trajectory',
    schema_version: '1',
    program: expect.stringMatching(/^sgd-oracle \d+\.\d+\.\d+/),
    dataset: 'digits.csv',
    example_count: '120',
    feature_count: '2',
    output_count: '3',
    mode_count: '2',
    null_mode_count: '0',
    standardized: 'false',
    centered: 'false',
    one_hot: 'true',
    learning_rate: '0.03',
    momentum: '0.5',
    weight_decay: '0.1',
    batch_size: '7',
    sampling: 'shuffled-epochs',
    frozen: 'true',
    seed: '11',
    start: 'minimum',
    chains: '2',
    steps: '50',
    every: '5',
    modes: '[2,1]',
    spectrum: JSON.stringify([...problem.eigenvalues]),
    noise_variance: String(problem.noiseVariance),
    noise_variances_at_minimum: expect.stringMatching(/^\[0\.\d+,0\.\d+\]$/),
    mean_limit: expect.stringMatching(/^\d+\.\d+$/),
    mean_square_limit_with_replacement: expect.stringMatching(/^1\.\d+$/),
    mean_square_limit_without_replacement: expect.stringMatching(/^1\.\d+$/),
  })
})

const python = spawnSync('python3', ['-c', 'import numpy']).status === 0

test.skipIf(!python)(
  'Python reads the file by its format alone (skipped without python3 and numpy)',
  { timeout: 30_000 },
  async () => {
    const path = join(fresh(), 'a.safetensors')
    expect((await say(...short, '--one-hot', '--chains', '2', '--out', path)).code).toBe(0)
    const script = `
import json, struct, sys, numpy
data = open(sys.argv[1], 'rb').read()
(length,) = struct.unpack('<Q', data[:8])
header = json.loads(data[8:8 + length])
metadata = header.pop('__metadata__')
types = {'F64': '<f8', 'I64': '<i8'}
tensors = {name: numpy.frombuffer(data[8 + length:][slice(*info['data_offsets'])], types[info['dtype']]).reshape(info['shape'])
           for name, info in header.items()}
eta, velocity, position = float(metadata['learning_rate']), tensors['velocity'], tensors['position']
print(json.dumps({
    'aligned': length % 8, 'steps': tensors['step'].tolist(), 'shape': position.shape,
    'local': abs(tensors['local_displacement'] - eta**2 * (velocity**2).sum((2, 3))).max(),
    'global': abs(tensors['global_displacement'] - ((position - position[:, :1])**2).sum((2, 3))).max(),
    'largest': tensors['global_displacement'].max(),
    'spectrum': numpy.abs(tensors['eigenvalues'] - json.loads(metadata['spectrum'])).max()}))
`
    const { stdout, stderr } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' })
    expect(stderr).toBe('')
    const said = JSON.parse(stdout)
    expect(said).toMatchObject({ aligned: 0, shape: [2, 11, 3, 2], spectrum: 0 })
    expect(said.steps).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
    expect(said.largest).toBeGreaterThan(0)
    // all modes are in the file, so its states give its displacements, to the rounding of a few sums
    expect(said.local).toBeLessThan(1e-14 * said.largest)
    expect(said.global).toBeLessThan(1e-14 * said.largest)
  },
)

test('a chain that diverges is one line, exit code 1, and the older file stands', async () => {
  const place = fresh()
  const path = join(place, 'a.safetensors')
  writeFileSync(path, 'old')
  const { code, out: said, err } = await say('--learning-rate', '3', '--chains', '2', '--out', path)
  expect(code).toBe(1)
  expect(said).toBe('')
  expect(err.trimEnd().split('\n').slice(1)).toEqual([
    expect.stringMatching(
      /^sgd-oracle: learning rate 3 is past the stability limit of the mean, 1\.\d+: chains diverge$/,
    ),
    expect.stringMatching(/^sgd-oracle: .*chain 0 diverged.* at step \d+.*; .*a\.safetensors was left as it was$/),
  ])
  expect(readdirSync(place)).toEqual(['a.safetensors'])
  expect(readFileSync(path, 'utf8')).toBe('old')
})

test('Ctrl-C leaves the older file and nothing else, says so, exit code 130', { timeout: 30_000 }, async () => {
  const place = fresh()
  const path = join(place, 'a.safetensors')
  writeFileSync(path, 'old')
  const listeners = process.listenerCount('SIGINT')
  const running = say(...short, '--chains', '1000000', '--every', '50', '--out', path)
  while (readdirSync(place).length < 2) await wait(5)
  await wait(20)
  process.emit('SIGINT')
  const { code, out: said, err } = await running
  expect(code).toBe(130)
  expect(said).toBe('')
  expect(err).toMatch(/\nsgd-oracle: interrupted; .*a\.safetensors was left as it was\n$/)
  expect(readdirSync(place)).toEqual(['a.safetensors'])
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})

/** The command in a process of its own, once its file is in the making. */
async function started(place: string): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const args = ['--chains', '1000000', '--steps', '50', '--every', '50', '--out', join(place, 'a.safetensors')]
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'simulate', ...args], { stdio: 'pipe' })
  const ended = once(child, 'exit')
  while (!readdirSync(place).some((name) => name.startsWith('.a.safetensors.writing-'))) {
    const over = await Promise.race([ended, wait(20, undefined)])
    if (over !== undefined) throw new Error(`ended early: ${over}`)
  }
  return child
}

test.concurrent.each([
  ['SIGINT', 130],
  ['SIGKILL', null],
] as const)(
  'a process that gets %s exits with %s and leaves the older file',
  { timeout: 60_000 },
  async (signal, code) => {
    const place = fresh()
    writeFileSync(join(place, 'a.safetensors'), 'old')
    const child = await started(place)
    try {
      await wait(200)
      child.kill(signal)
      expect((await once(child, 'exit'))[0]).toBe(code)
    } finally {
      child.kill('SIGKILL')
    }
    expect(readFileSync(join(place, 'a.safetensors'), 'utf8')).toBe('old')
    expect(readdirSync(place).length).toBe(signal === 'SIGINT' ? 1 : 2) // what a kill leaves is hidden
  },
)

test('any number of workers writes the same bytes', async () => {
  const files = []
  for (const workers of ['1', '2', '3']) {
    const out = join(fresh(), 'a.safetensors')
    const { code, err } = await say(...short, '--chains', '5', '--workers', workers, '--out', out)
    expect(code, err).toBe(0)
    files.push(readFileSync(out))
  }
  expect(files[1]!.equals(files[0]!)).toBe(true)
  expect(files[2]!.equals(files[0]!)).toBe(true)
})

test('noise of Student’s kind and examples in a fixed order, and what they refuse', async () => {
  const out = join(fresh(), 'a.safetensors')
  expect((await say(...short, '--sampling', 'fixed-order', '--out', out)).code).toBe(0)
  const heavy = ['--sampling', 'student-t', '--degrees-of-freedom', '3']
  expect((await say(...short, ...heavy, '--out', out)).code).toBe(0)
  expect(read(out).metadata['degrees_of_freedom']).toBe('3')
  for (const [args, says] of [
    [['--sampling', 'student-t'], /student-t sampling needs degreesOfFreedom > 0, got none/],
    [['--degrees-of-freedom', '3'], /degreesOfFreedom is for student-t sampling only, got 3/],
    [['--degrees-of-freedom', '-1'], /must be a number > 0, got "-1"/],
    [['--sampling', 'fixed-order', '--start', 'stationary'], /no stationary state to start from/],
    [['--workers', '0'], /--workers.*≥ 1, got "0"/],
  ] as const) {
    const { code, err } = await say(...short, ...args, '--out', join(fresh(), 'b.safetensors'))
    expect(code).toBe(2)
    expect(err).toMatch(says)
  }
})
