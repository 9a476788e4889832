import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { dataOrder, dataOrderStart } from '../data/data-order.ts'
import { type ExampleSource, emptyBatch } from '../data/example-source.ts'
import { linearTeacher, mlpTeacher } from '../data/teacher.ts'
import { linear } from '../models/families/linear.ts'
import { multilayerPerceptron } from '../models/families/multilayer-perceptron.ts'
import { initialParameters } from '../models/initial-parameters.ts'
import { type Model, planModel } from '../models/model.ts'
import { initialStatistics } from '../models/parameter-list.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { readCheckpoint } from './checkpoint.ts'
import { columnOf, readRecord } from './record.ts'
import { type TrainingOptions, train } from './train.ts'

const hyperparameters: Hyperparameters = { learningRate: 0.05, momentum: 0.8, weightDecay: 0.01, batchSize: 8 }

describe('training', () => {
  beforeAll(() => openBackend('wasm'))
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'train-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const regression = (): ExampleSource =>
    linearTeacher({ exampleCount: 40, featureCount: 3, outputCount: 2, noise: 0.3, seed: 4 })
  const classification = (): ExampleSource =>
    mlpTeacher({ exampleCount: 60, featureCount: 5, hiddenCount: 6, classCount: 3, noise: 1, seed: 4 })
  const start = (model: Model) => ({ parameters: initialParameters(model, 1), statistics: initialStatistics(model) })
  const linearModel = planModel(linear({ inputShape: [3], outputs: 2 }))
  const perceptron = planModel(multilayerPerceptron({ inputShape: [5], hidden: [8], outputs: 3 }))

  const options = (model: Model, more: Partial<TrainingOptions>): TrainingOptions => ({
    model,
    loss: model === linearModel ? 'mean-squared-error' : 'cross-entropy',
    source: model === linearModel ? regression() : classification(),
    start: start(model),
    hyperparameters,
    order: 'shuffled-epochs',
    seed: 3,
    steps: 57,
    eigenvectors: [],
    folder,
    identity: 'test',
    checkpointEvery: 20,
    resume: false,
    ...more,
  })

  /** Eq. 2 in doubles, on linear regression, with the batches that `dataOrder` gives. */
  async function twin(source: ExampleSource, steps: number) {
    const all = emptyBatch(source, 40)
    await source.read(
      Uint32Array.from({ length: 40 }, (_, i) => i),
      all,
    )
    const [W, b] = initialParameters(linearModel, 1).map((values) => Float64Array.from(values)) // [output, feature], [output]
    const theta = Float64Array.from([...W!, ...b!])
    const first = theta.slice()
    const v = new Float64Array(8)
    const order = dataOrder({ sampling: 'shuffled-epochs', exampleCount: 40, batchSize: 8 }, dataOrderStart(3))
    const indices = new Uint32Array(8)
    const loss: number[] = []
    const work: number[] = []
    for (let k = 0; k < steps; k++) {
      order.next(indices)
      const gradient = new Float64Array(8)
      let total = 0
      for (const i of indices) {
        for (let o = 0; o < 2; o++) {
          let residual = theta[6 + o]! - all.values[2 * i + o]!
          for (let f = 0; f < 3; f++) residual += theta[3 * o + f]! * all.examples[3 * i + f]!
          total += residual ** 2 / 2 / 8
          for (let f = 0; f < 3; f++) gradient[3 * o + f]! += (residual * all.examples[3 * i + f]!) / 8
          gradient[6 + o]! += residual / 8
        }
      }
      loss.push(total)
      work.push(theta.reduce((sum, value, i) => sum + (value - first[i]!) * (gradient[i]! + 0.01 * value), 0))
      for (let i = 0; i < 8; i++) {
        v[i] = 0.8 * v[i]! - gradient[i]! - 0.01 * theta[i]!
        theta[i]! += 0.05 * v[i]!
      }
    }
    return { theta, v, first, loss, work }
  }

  it('takes the steps of eq. 2: those of a twin in doubles, to float32’s rounding', async () => {
    const end = await train(options(linearModel, {}))
    const { theta, v, first, loss } = await twin(regression(), 57)
    const near = (a: Iterable<number>, b: Iterable<number>): void => {
      const other = [...b]
      for (const [i, value] of [...a].entries()) expect(value).toBeCloseTo(other[i]!, 5)
    }
    near(
      end.parameters.flatMap((values) => [...values]),
      theta,
    )
    near(
      end.velocities.flatMap((values) => [...values]),
      v,
    )
    const record = readRecord(end.record)
    near(columnOf(record, 'loss'), loss)
    const distance = theta.reduce((sum, value, i) => sum + (value - first[i]!) ** 2, 0)
    expect(columnOf(record, 'global_displacement').at(-1)).toBeCloseTo(distance, 5)
    expect(columnOf(record, 'local_displacement').at(-1)).toBeCloseTo(
      0.05 ** 2 * v.reduce((sum, value) => sum + value ** 2, 0),
      7,
    )
  })

  it('projects position and velocity on what it is given', async () => {
    const along = (weight: number, bias: number): Float32Array[] => [
      Float32Array.of(weight, 0, 0, 0, 0, 0),
      Float32Array.of(0, bias),
    ]
    const end = await train(options(linearModel, { eigenvectors: [along(1, 0), along(0.6, 0.8)] }))
    const record = readRecord(end.record)
    const before = start(linearModel).parameters
    const moved = [end.parameters[0]![0]! - before[0]![0]!, end.parameters[1]![1]! - before[1]![1]!] as const
    expect(columnOf(record, 'position_1').at(-1)).toBeCloseTo(moved[0], 6)
    expect(columnOf(record, 'position_2').at(-1)).toBeCloseTo(0.6 * moved[0] + 0.8 * moved[1], 6)
    expect(columnOf(record, 'velocity_1').at(-1)).toBeCloseTo(end.velocities[0]![0]!, 6)
  })

  it('keeps the identity of the virial with the mini-batch gradient, which is pure algebra', async () => {
    const steps = 57
    const record = readRecord((await train(options(linearModel, {}))).record)
    const { work } = await twin(regression(), steps)
    // Σ_k Δ_k·(g_k + λθ_k) = η Σ ‖v_k+1‖² − (W_n + (1−β) Σ_{0<k<n} W_k), W = Δ·v
    const W = columnOf(record, 'position_velocity')
    const speed = columnOf(record, 'local_displacement').reduce((sum, value) => sum + value, 0) / 0.05 ** 2
    const between = W.slice(0, -1).reduce((sum, value) => sum + value, 0)
    const total = work.reduce((sum, value) => sum + value, 0)
    expect(0.05 * speed - W.at(-1)! - 0.2 * between).toBeCloseTo(total, 4)
  })

  it('measures the loss and the virial of all data every so many steps', async () => {
    const end = await train(options(linearModel, { fullGradientEvery: 19 }))
    const record = readRecord(end.record)
    const full = columnOf(record, 'full_loss')
    expect([...full.keys()].filter((row) => Number.isFinite(full[row]!))).toEqual([18, 37, 56])
    const source = regression()
    const all = emptyBatch(source, 40)
    await source.read(
      Uint32Array.from({ length: 40 }, (_, i) => i),
      all,
    )
    const [W, b] = end.parameters as [Float32Array, Float32Array]
    const before = start(linearModel).parameters as [Float32Array, Float32Array]
    let loss = 0
    let virial = 0
    for (let i = 0; i < 40; i++) {
      for (let o = 0; o < 2; o++) {
        let residual = b[o]! - all.values[2 * i + o]!
        for (let f = 0; f < 3; f++) residual += W[3 * o + f]! * all.examples[3 * i + f]!
        loss += residual ** 2 / 80
        for (let f = 0; f < 3; f++) {
          virial += ((W[3 * o + f]! - before[0][3 * o + f]!) * residual * all.examples[3 * i + f]!) / 40
        }
        virial += ((b[o]! - before[1][o]!) * residual) / 40
      }
    }
    for (const [list, values] of [W, b].entries()) {
      for (const [i, value] of values.entries()) virial += 0.01 * value * (value - before[list]![i]!)
    }
    expect(full.at(-1)).toBeCloseTo(loss, 5)
    expect(columnOf(record, 'virial').at(-1)).toBeCloseTo(virial, 5)
  })

  it('interrupted and resumed ends with the bytes of a run that was not', async () => {
    const run = (resume: boolean, into: string, signal?: AbortSignal, onSteps?: (done: number) => void) =>
      train(
        options(perceptron, {
          folder: into,
          resume,
          steps: 330,
          checkpointEvery: 70,
          fullGradientEvery: 50,
          ...(signal && { signal }),
          ...(onSteps && { onSteps }),
        }),
      )
    const whole = join(folder, 'whole')
    const parts = join(folder, 'parts')
    const expected = await run(false, whole)
    for (const after of [100, 200]) {
      const interruption = new AbortController()
      const interrupted = run(true, parts, interruption.signal, (done) => {
        if (done >= after) interruption.abort(new Error('interrupted'))
      })
      await expect(interrupted).rejects.toThrow('interrupted')
    }
    const end = await run(true, parts)
    expect(end.parameters).toEqual(expected.parameters)
    expect(end.velocities).toEqual(expected.velocities)
    for (const file of ['record.bin', 'checkpoint.safetensors']) {
      expect(readFileSync(join(parts, file)).equals(readFileSync(join(whole, file)))).toBe(true)
    }
    expect((await run(true, parts)).parameters).toEqual(expected.parameters)
  })

  it('stops where numbers are no longer finite, and leaves the last good checkpoint', async () => {
    const wild = { ...hyperparameters, learningRate: 50 }
    const diverging = train(options(linearModel, { hyperparameters: wild, steps: 500, checkpointEvery: 5 }))
    await expect(diverging).rejects.toThrow(/^step \d+: loss or parameters are no longer finite numbers$/)
    const { step, tensors } = readCheckpoint(join(folder, 'checkpoint.safetensors'), 'test')
    expect(step % 5).toBe(0)
    for (const { values } of Object.values(tensors))
      expect([...values].every((value) => Number.isFinite(Number(value)))).toBe(true)
    expect(readRecord(join(folder, 'record.bin')).rowCount).toBeGreaterThanOrEqual(step)
  })

  it('refuses the checkpoint of another run', async () => {
    await train(options(linearModel, {}))
    await expect(train(options(linearModel, { resume: true, identity: 'other' }))).rejects.toThrow('is of another run')
  })

  it('leaves no tensor behind, over a thousand steps', async () => {
    const before = tf.memory().numTensors
    const counts: number[] = []
    await train(
      options(perceptron, {
        steps: 1000,
        checkpointEvery: 400,
        fullGradientEvery: 100,
        onSteps: () => counts.push(tf.memory().numTensors),
      }),
    )
    expect(new Set(counts).size).toBe(1)
    expect(tf.memory().numTensors).toBe(before)
  })
})
