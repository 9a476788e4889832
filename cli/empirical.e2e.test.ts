import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExperiment } from '../empirical/experiment/experiment-config.ts'
import { readCheckpoint } from '../empirical/training/checkpoint.ts'
import { thisMachine } from '../foundation/machine.ts'
import { networkReportSchema } from '../foundation/network-results.ts'
import { runSchema } from '../foundation/results.ts'
import { runCommand } from './run-command.fixture.ts'

const step = { learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 }
const tiny = {
  name: 'tiny',
  about: 'A few seconds of everything.',
  figures: ['7'],
  data: {
    kind: 'mlp-teacher',
    exampleCount: 80,
    featureCount: 3,
    hiddenCount: 3,
    classCount: 2,
    noise: 1,
    seed: 1,
    normalisation: 'none',
    testCount: 16,
  },
  network: { family: 'mlp', hidden: [3] },
  loss: 'cross-entropy',
  pretraining: { phases: [{ ...step, batchSize: 16, steps: 120 }] },
  curvature: {
    count: 2,
    iterations: 5,
    traceProbes: 4,
    densityProbes: 2,
    densitySteps: 5,
    noiseBatches: 8,
    noiseBatchSize: 4,
  },
  runs: [{ ...step, batchSize: 8, order: 'with-replacement', steps: 120, seeds: [1] }],
  // the last learning rate cannot be stable: λη alone is past the limit
  sweeps: [{ parameter: 'learningRate', values: [0.02, 1000] }],
  checkpointEvery: 50,
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-empirical-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

let written = 0
function configFile(config: object): string {
  const path = join(folder, `config-${written++}.json`)
  writeFileSync(path, JSON.stringify(config))
  return path
}

function empirical(
  config: object,
  out: string,
  ...more: string[]
): Promise<{ code: number; out: string; err: string }> {
  const args = ['empirical', configFile(config), '--backend', 'cpu', '--workers', '1', '--out', join(folder, out)]
  return runCommand([...args, ...more])
}

/** What is wrong, said in one line. */
function complaint(err: string): string {
  expect(err).not.toMatch(/\n\s+at /)
  const lines = err.split('\n').filter((line) => line.startsWith('sgd-oracle:'))
  expect(lines).toHaveLength(1)
  return lines[0]!
}

describe('sgd-oracle empirical', () => {
  it('estimates, trains and reports; a run that diverges is reported, and the others go on', async () => {
    const { code, out, err } = await empirical(tiny, 'whole')
    expect(code).toBe(1)
    expect(err).toMatch(
      /tiny: 120 steps of pre-training, at most 24 Hessian-vector products, 3 runs of 360 steps in all; about/,
    )
    expect(complaint(err)).toMatch(/run η = 1000: step \d+: loss or parameters are no longer finite/)
    expect(out).toContain('Report: ')
    const report = networkReportSchema.parse(JSON.parse(readFileSync(join(folder, 'whole/report/report.json'), 'utf8')))
    expect(report.runs.map(({ label }) => label)).toEqual(['default', 'η = 0.02'])
    const run = runSchema.parse(JSON.parse(readFileSync(join(folder, 'whole/report/run.json'), 'utf8')))
    expect(run).toMatchObject({ ...thisMachine(), workers: 1 })
    expect(run.continued).toBeUndefined()
    expect(report.sweeps[0]!.runs).toEqual(['η = 0.02', 'default'])
    expect(report.findings[0]).toMatch(/^The run η = 1000 failed: step \d+/)

    const again = await empirical(tiny, 'whole')
    expect(again.err).toMatch(/tiny: 1 run of 120 steps in all, 2 runs finished already; about/)
    expect(again.err).not.toContain('pre-training')
    const runs = ['run.json', 'report.html'].map((name) => readFileSync(join(folder, 'whole/report', name), 'utf8'))
    expect(runSchema.parse(JSON.parse(runs[0]!)).continued).toBe(true)
    expect(runs[1]).toContain('without the parts that were there from an earlier command')
    const changed = await empirical({ ...tiny, network: { family: 'mlp', hidden: [4] } }, 'whole', '--resume')
    expect(changed.code).toBe(2)
    expect(complaint(changed.err)).toMatch(/folder must be new or hold the same experiment.*of other network$/)
  })

  it('takes the user’s table and sets a part aside', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)},${['a', 'b', 'c'][i % 3]}`)
    const table = join(folder, 'table.csv')
    writeFileSync(table, `x,y,kind\n${rows.join('\n')}\n`)
    const { err } = await empirical({ ...tiny, sweeps: [] }, 'table', '--data', table, '--target', 'kind')
    expect(err).not.toContain('sgd-oracle:')
    const { data, experiment, command } = JSON.parse(readFileSync(join(folder, 'table/report/report.json'), 'utf8'))
    expect(data).toMatchObject({ name: 'table.csv', examples: 44, testExamples: 16 })
    expect(experiment.name).toBe('tiny-on-table')
    expect(command).toContain('--target kind')
  })

  it('stops at the step where pre-training diverges, and keeps the last good checkpoint', async () => {
    const phases = [{ ...step, learningRate: 1000, batchSize: 16, steps: 200 }]
    const { code, err } = await empirical({ ...tiny, pretraining: { phases }, checkpointEvery: 1 }, 'diverged')
    expect(code).toBe(1)
    expect(complaint(err)).toMatch(
      /step \d+: loss or parameters are no longer finite numbers; the last good checkpoint/,
    )
    const path = join(folder, 'diverged/pretraining/1/checkpoint.safetensors')
    const identity = readFileSync(path, 'utf8').match(/"identity":"((?:[^"\\]|\\.)*)"/)![1]!
    const { tensors } = readCheckpoint(path, JSON.parse(`"${identity}"`))
    expect(
      Object.values(tensors).every(({ values }) => [...values].every((value) => Number.isFinite(Number(value)))),
    ).toBe(true)
  })

  it('ends with 130 and one line when it is interrupted, and goes on with --resume', async () => {
    const long = { ...tiny, sweeps: [], pretraining: { phases: [{ ...step, batchSize: 16, steps: 1000 }] } }
    const before = process.listenerCount('SIGINT')
    const waiting = setInterval(() => {
      if (process.listenerCount('SIGINT') > before) process.emit('SIGINT')
    }, 50)
    const interrupted = await empirical(long, 'interrupted')
    clearInterval(waiting)
    expect(interrupted.code).toBe(130)
    expect(complaint(interrupted.err)).toMatch(/^sgd-oracle: interrupted; --resume goes on/)
    expect((await empirical(long, 'interrupted', '--resume')).code).toBe(0)
  })

  it.each<[string, object, RegExp]>([
    ['an unknown field', { ...tiny, colour: 1 }, /Unrecognized key: "colour"/],
    ['an unknown family', { ...tiny, network: { family: 'perceptron' } }, /network: family: Invalid/],
    [
      'an unknown layer',
      { ...tiny, network: { family: 'layers', layers: [{ kind: 'dropout' }] } },
      /network: layers\[0\]\.kind: Invalid/,
    ],
    [
      'a network that the data do not fit',
      { ...tiny, network: { family: 'cnn', filters: [2] } },
      /network: inputShape/,
    ],
    [
      'a network that is too large for the memory',
      { ...tiny, network: { family: 'mlp', hidden: [20_000, 20_000] } },
      /one example must fit into 3\.50 GiB, it takes about 13\.\d/,
    ],
    [
      'weights that are not there',
      { ...tiny, pretraining: { weights: 'none.safetensors' } },
      /none\.safetensors: no such file/,
    ],
    [
      'a phase of larger batches than there are examples, before it trains',
      { ...tiny, pretraining: { phases: [tiny.pretraining.phases[0], { ...step, batchSize: 65, steps: 9 }] } },
      /pretraining\.phases\[1\]: batchSize must be at most the 64 examples/,
    ],
    [
      'a run of larger batches than there are examples',
      { ...tiny, runs: [{ ...tiny.runs[0], batchSize: 65, order: 'shuffled-epochs' }] },
      /S=65.*at most the 64 examples/,
    ],
    [
      'noise of batches of more than half of the examples',
      { ...tiny, curvature: { ...tiny.curvature, noiseBatchSize: 33 } },
      /curvature\.noiseBatchSize: must be at most half of the 64 examples/,
    ],
    [
      'a sweep over half a batch',
      { ...tiny, sweeps: [{ parameter: 'batchSize', values: [8, 12.5] }] },
      /sweeps\[0\]\.values\[1\]/,
    ],
    [
      'a sweep to momentum 1',
      { ...tiny, sweeps: [{ parameter: 'momentum', values: [0.5, 1] }] },
      /sweeps\[0\]\.values\[1\]/,
    ],
  ])('refuses %s in one line', async (_, config, message) => {
    const { code, err } = await empirical(config, `refused-${written}`)
    expect(code).toBe(2)
    expect(complaint(err)).toMatch(message)
  })

  it('refuses data files that are not what they should be in one line', async () => {
    const images = join(folder, 'images.bin')
    const refused = async (...more: string[]): Promise<string> => {
      const { code, err } = await empirical(tiny, `data-${written}`, ...more)
      expect(code).toBe(2)
      return complaint(err)
    }
    writeFileSync(images, Buffer.alloc(3073 * 20 - 5))
    expect(await refused('--data', images)).toMatch(/images\.bin/)
    const record = Buffer.alloc(3073 * 20)
    record[3073 * 7] = 12
    writeFileSync(images, record)
    expect(await refused('--data', images)).toMatch(/12/)
    expect(await refused('--data', join(folder, 'none.csv'), '--target', 'x')).toMatch(/no such file/)
    expect(await refused('--data', join(folder, 'table.csv'))).toMatch(/--target is needed/)
    expect(await refused('--target', 'x')).toMatch(/--target needs --data/)
    expect(await refused('--data', join(folder, 'table.csv'), '--target', 'none')).toMatch(/none/)
  })

  it('refuses a backend that is not there', async () => {
    const { code, err } = await runCommand(['empirical', configFile(tiny), '--backend', 'webgpu'])
    expect(code).toBe(2)
    expect(complaint(err)).toMatch(/webgpu/)
  })

  it('every experiment that is shipped reads', () => {
    const shipped = new URL('../empirical/experiments/', import.meta.url)
    const files = readdirSync(shipped)
    expect(files.filter((file) => file.endsWith('-small.json')).length).toBeGreaterThanOrEqual(5)
    for (const file of files) {
      const config = readExperiment(JSON.parse(readFileSync(new URL(file, shipped), 'utf8')), file)
      expect(`${config.name}.json`).toBe(file)
    }
  })
})
