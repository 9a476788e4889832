import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { prepareDataset } from '../../foundation/dataset.ts'
import { readSafetensors, type Safetensors } from '../../foundation/formats/safetensors.ts'
import { createSafetensors } from '../../foundation/formats/safetensors-writer.ts'
import { DivergedError, samplingSchemes } from '../../foundation/phase-space.ts'
import type { TrajectoryRows } from '../../observables/index.ts'
import { discreteTheory } from '../../oracle/discrete.ts'
import { regressionSource, teacherDataset } from '../../sim/index.ts'
import {
  type ChainJob,
  planSimulation,
  runSimulation,
  type SimulationPlan,
  type SimulationRequest,
  simulateChain,
  simulationStarts,
} from './simulate.ts'

const folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-simulate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const dataset = prepareDataset(
  teacherDataset({ name: 'teacher', seed: 1, exampleCount: 90, eigenvalues: [2, 0.5, 0.2], labelNoise: 0.5 }),
  { standardize: true, center: true },
)

const request: SimulationRequest = {
  dataset,
  momentum: 0.8,
  weightDecay: 0,
  batchSize: 8,
  sampling: 'with-replacement',
  frozen: false,
  seed: 5,
  start: 'minimum',
  chains: 3,
  steps: 40,
}

const plan = (changes: Partial<SimulationRequest> = {}): SimulationPlan =>
  planSimulation({ ...request, ...changes }, '0.0.0')

async function written(given: SimulationPlan): Promise<Safetensors> {
  const path = join(folder, 'a.safetensors')
  await runSimulation(given, createSafetensors(path, given.tensors, given.metadata))
  return readSafetensors(readFileSync(path), 'a')
}

const numbers = ({ tensors }: Safetensors, name: string): number[] => [...(tensors.get(name)!.values as Float64Array)]

/** A chain's rows, all in one. */
function rowsOf(job: ChainJob, chain: number): Record<'position' | 'velocity' | 'global_displacement', number[]> {
  const all = { position: [] as number[], velocity: [] as number[], global_displacement: [] as number[] }
  simulateChain(job, chain, ({ position, velocity, globalDisplacement }: TrajectoryRows) => {
    all.position.push(...position)
    all.velocity.push(...velocity)
    all.global_displacement.push(...globalDisplacement)
  })
  return all
}

const combinations = samplingSchemes
  .flatMap((sampling) => simulationStarts.map((start) => [sampling, start] as const))
  .filter(([sampling, start]) => !(sampling === 'fixed-order' && start === 'stationary')) // nothing is stationary there

test.each(combinations)('the file holds what the source streams: %s from %s', async (sampling, start) => {
  const given = plan({
    sampling,
    start,
    ...(sampling === 'student-t' ? { degreesOfFreedom: 4 } : {}),
    weightDecay: 0.1,
    every: 7,
    modes: [
      [3, 3],
      [1, 1],
    ],
  })
  const { problem, hyperparameters, job } = given
  const { learningRate } = hyperparameters
  const file = await written(given)
  expect(numbers(file, 'step').map(Number)).toEqual([0, 7, 14, 21, 28, 35])
  expect(numbers(file, 'eigenvalues')).toEqual([problem.eigenvalues[2], problem.eigenvalues[0]])
  expect(numbers(file, 'minimum')).toEqual([...problem.minimum]) // one output

  const expected = { position: [], velocity: [], local: [], global: [] } as Record<string, number[]>
  const source = regressionSource(problem, hyperparameters, job.source)
  for (let chain = 0; chain < 3; chain++) {
    let first: number[] = []
    source.run(chain, 40, (step, position, velocity) => {
      if (step === 0) first = [...position]
      if (step % 7 !== 0) return
      expected['position']!.push(position[2]!, position[0]!)
      expected['velocity']!.push(velocity[2]!, velocity[0]!)
      expected['local']!.push(velocity.reduce((sum, v) => sum + (learningRate * v) ** 2, 0))
      expected['global']!.push(position.reduce((sum, x, l) => sum + (x - first[l]!) ** 2, 0))
    })
    if (start === 'origin') expect(first).toEqual([...problem.minimum].map((mu) => -mu))
  }
  expect(file.tensors.get('position')!.shape).toEqual([3, 6, 1, 2])
  expect(numbers(file, 'position')).toEqual(expected['position'])
  expect(numbers(file, 'velocity')).toEqual(expected['velocity'])
  for (const [name, values] of [
    ['local_displacement', expected['local']!],
    ['global_displacement', expected['global']!],
  ] as const) {
    // sums of three squares, multiplied in another order: a few roundings
    for (const [at, value] of numbers(file, name).entries()) {
      expect(Math.abs(value - values[at]!)).toBeLessThanOrEqual(1e-15 * values[at]!)
    }
  }
})

test('rows follow from the job and the chain alone: a copy of the job, chains in any order, the same bytes', async () => {
  const given = plan({ start: 'stationary', every: 2 })
  const file = await written(given)
  const copy = structuredClone(given.job)
  for (const chain of [2, 0, 1]) {
    const rows = rowsOf(copy, chain)
    for (const name of ['position', 'velocity', 'global_displacement'] as const) {
      const length = rows[name].length
      expect(numbers(file, name).slice(chain * length, (chain + 1) * length)).toEqual(rows[name])
    }
  }
})

test('metadata and tensors are enough to ask a theory: speed of stationary chains under Gaussian noise', async () => {
  const chains = 2000
  const file = await written(plan({ sampling: 'gaussian', start: 'stationary', chains, steps: 1 }))
  const read = (key: string): unknown => JSON.parse(file.metadata[key]!)
  const eigenvalues = Float64Array.from(read('spectrum') as number[])
  const hyperparameters = {
    learningRate: read('learning_rate') as number,
    momentum: read('momentum') as number,
    weightDecay: read('weight_decay') as number,
    batchSize: read('batch_size') as number,
  }
  const noiseVariances = eigenvalues.map(() => read('noise_variance') as number)
  const predicted = discreteTheory({ eigenvalues, noiseVariances }, hyperparameters).predictions.localDisplacement!()
  const speeds = numbers(file, 'local_displacement').filter((_, at) => at % 2 === 1)
  const mean = speeds.reduce((sum, speed) => sum + speed, 0) / chains
  const variance = speeds.reduce((sum, speed) => sum + (speed - mean) ** 2, 0) / (chains - 1)
  expect(Math.abs(mean - predicted) / Math.sqrt(variance / chains)).toBeLessThan(5)
})

test('about a thousand rows a chain come out by default, and up to 32 modes', () => {
  const shape = (steps: number): readonly number[] => plan({ steps }).tensors['position']!.shape
  expect(shape(1)).toEqual([3, 2, 1, 3])
  expect(shape(1999)).toEqual([3, 2000, 1, 3])
  expect(shape(2000)).toEqual([3, 1001, 1, 3])
  expect(shape(1e6)).toEqual([3, 1001, 1, 3])
  expect(shape(10_500)).toEqual([3, 1051, 1, 3])
})

test('steps beyond the last row are not simulated, and the file says so', () => {
  const { metadata, tensors } = plan({ steps: 40, every: 7 })
  expect(metadata['steps']).toBe('35')
  expect(tensors['step']!.shape).toEqual([6])
})

test('more rows than fit into a block of memory', async () => {
  const file = await written(plan({ steps: 140_000, every: 1, chains: 1, sampling: 'gaussian', modes: [[1, 1]] }))
  const steps = file.tensors.get('step')!.values
  expect(steps).toHaveLength(140_001)
  expect(steps.findIndex((step: number | bigint, row: number) => step !== BigInt(row))).toBe(-1)
})

test('progress counts every step once', async () => {
  const given = plan({ steps: 100, every: 3 })
  const steps = [0, 0, 0]
  const writer = createSafetensors(join(folder, 'b.safetensors'), given.tensors, given.metadata)
  await runSimulation(given, writer, { onSteps: (simulated, chain) => (steps[chain]! += simulated) })
  expect(steps).toEqual([99, 99, 99])
})

test('a chain that diverges, or an interruption, leaves no file', async () => {
  const before = readdirSync(folder)
  const path = join(folder, 'none.safetensors')
  const unstable = plan({ learningRate: 5, steps: 3000 })
  expect(unstable.warning).toMatch(/^learning rate 5 is past the stability limit of the mean, 2\.305: chains diverge$/)
  const begin = (given: SimulationPlan) => createSafetensors(path, given.tensors, given.metadata)
  await expect(runSimulation(unstable, begin(unstable))).rejects.toThrow(DivergedError)
  const stable = plan()
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(runSimulation(stable, begin(stable), { signal })).rejects.toThrow('enough')
  expect(readdirSync(folder)).toEqual(before)
})

test('a state that is finite where its squares are not has diverged', () => {
  const { job } = plan({ learningRate: 5, steps: 3000, every: 1 })
  // the state itself overflows about twice as late, and is looked at every 1024 steps
  let last = 0
  expect(() => simulateChain(job, 0, (rows) => (last = rows.firstRow + rows.rowCount))).toThrow(
    /^simulateChain: chain 0 diverged, its displacement was not finite at step \d+; learningRate 5 is unstable here$/,
  )
  expect(last).toBeLessThan(1024)
})

test('past the second moments’ limit batches of examples are warned of, other noise is not', () => {
  const { limits } = plan()
  const learningRate = (limits.meanSquare.withReplacement + limits.mean) / 2
  const { withReplacement } = limits.meanSquare
  expect(withReplacement).toBeLessThan(limits.mean)
  expect(plan({ learningRate }).warning).toContain('the second moments')
  expect(plan({ learningRate, frozen: true }).warning).toBeUndefined()
  expect(plan({ learningRate, sampling: 'gaussian' }).warning).toBeUndefined()
  expect(plan().warning).toBeUndefined()
})

test.each<[Partial<SimulationRequest>, string]>([
  [{ steps: 0 }, 'steps must be an integer ≥ 1, got 0'],
  [{ chains: 1.5 }, 'chains must be an integer ≥ 1, got 1.5'],
  [{ every: 0 }, 'every must be an integer ≥ 1, got 0'],
  [{ every: 41 }, 'every must be at most the 40 steps, got 41'],
  [{ modes: [[1, 4]] }, 'modes must be from 1 to 3, the modes of teacher that move, got 1-4'],
  [{ modes: [[0, 0]] }, 'modes must be from 1 to 3, the modes of teacher that move, got 0'],
  [{ modes: [[3, 2]] }, 'modes must be from 1 to 3, the modes of teacher that move, got 3-2'],
  [
    {
      modes: [
        [1, 2],
        [2, 2],
      ],
    },
    'modes must be given once each, got 2 twice',
  ],
  [{ modes: [] }, 'modes must hold at least one mode, got none'],
  [
    { sampling: 'gaussian', frozen: true },
    'regressionSource: noise must be state-dependent or absent with gaussian sampling, got frozen',
  ],
  [{ seed: -1 }, 'regressionSource: seed must be an integer in [0, 2^53), got -1'],
])('%j is refused', (changes, message) => {
  expect(() => plan(changes)).toThrow(new RangeError(message)) // the whole message
})
