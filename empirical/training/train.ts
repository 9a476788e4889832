import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '../../foundation/formats/safetensors.ts'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { meanOverBatches } from '../curvature/mean-over-batches.ts'
import { disposeBatch, tensorBatch, tensorBatches } from '../curvature/tensor-batches.ts'
import type { DataSampling } from '../data/data-order.ts'
import type { ExampleSource } from '../data/example-source.ts'
import { trainingBatches, trainingBatchesStart, trainingBatchesState } from '../data/training-batches.ts'
import type { Loss } from '../models/loss.ts'
import type { Model } from '../models/model.ts'
import { batchLossAndGradient, type Objective } from '../models/objective.ts'
import { downloadParameters, type StatisticList, uploadParameters, uploadStatistics } from '../models/parameter-list.ts'
import { trainingGradient } from '../models/running-statistics.ts'
import { innerProduct } from '../tensorflow/inner-product.ts'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { disposeState, type PhaseState, phaseState, takeStep } from './phase-state.ts'
import { continueRecord, createRecord } from './record.ts'
import { rowBuffer } from './row-buffer.ts'
import { tracker } from './tracking.ts'

/** A network's numbers, in PyTorch's order of axes and of the model's lists. */
export interface NetworkPoint {
  readonly parameters: readonly Float32Array[]
  /** v; absent: 0. */
  readonly velocities?: readonly Float32Array[]
  /** Running means and variances of batch normalisations. */
  readonly statistics: readonly Float32Array[]
}

export interface TrainingOptions {
  readonly model: Model
  readonly loss: Loss
  readonly source: ExampleSource
  readonly start: NetworkPoint
  readonly hyperparameters: Hyperparameters
  readonly order: DataSampling
  /** Of the order of data and of random crops and flips. */
  readonly seed: number
  readonly steps: number
  /** Of unit length; θ − θ_0 and v are projected on them at every step. // [mode][parameter] */
  readonly eigenvectors: readonly (readonly Float32Array[])[]
  /** Every so many steps the loss over all data and Δᵀ(∇L + λθ) are computed too; absent: never. */
  readonly fullGradientEvery?: number
  /** Holds `record.bin` and `checkpoint.safetensors`; made if it is not there. */
  readonly folder: string
  /** What else makes the run what it is, as text. */
  readonly identity: string
  readonly checkpointEvery: number
  /** Go on from the folder's checkpoint, if it has one; else begin anew. */
  readonly resume: boolean
  readonly signal?: AbortSignal
  readonly onSteps?: (done: number) => void
}

export interface TrainingEnd extends Required<NetworkPoint> {
  readonly record: string
}

/** Rows are read back from the backend so many at a time. */
const rowsAtOnce = 100

/** What `fullGradientEvery` adds to each row; NaN at other steps. */
const fullColumns = ['full_loss', 'virial'] as const

/**
 * Trains by eq. 2 and records every step. Killed at any moment and resumed, record and end are those of a run that was not,
 * bit for bit, on one backend and processor: what the checkpoint covers stands, the rest is computed again.
 *
 * @throws DivergedError naming the step at which a number was not finite, with the last good checkpoint left; the signal's
 *   reason when it is aborted, after a last checkpoint; RangeError for a checkpoint or record of another run
 */
export async function train(options: TrainingOptions): Promise<TrainingEnd> {
  const { model, loss, source, hyperparameters, steps, fullGradientEvery, signal } = options
  mkdirSync(options.folder, { recursive: true })
  const path = join(options.folder, 'checkpoint.safetensors')
  const recordPath = join(options.folder, 'record.bin')
  const checkpoint = options.resume && existsSync(path) ? readCheckpoint(path, options.identity) : undefined

  const track = tracker(model, options.eigenvectors)
  const columns = [...track.columns, ...(fullGradientEvery === undefined ? [] : fullColumns)]
  const record =
    checkpoint === undefined
      ? createRecord(recordPath, columns)
      : continueRecord(recordPath, columns, checkpoint.recordLength)
  const batches = trainingBatches(
    source,
    { sampling: options.order, batchSize: hyperparameters.batchSize },
    checkpoint === undefined
      ? trainingBatchesStart(options.seed)
      : trainingBatchesState.parse(JSON.parse(checkpoint.batches)),
  )
  const held = checkpoint === undefined ? newTensors(options) : tensorsFrom(model, checkpoint, path)
  let { state, statistics } = held
  let step = checkpoint?.step ?? 0
  const rows = rowBuffer(record, step + 1)

  const save = async (): Promise<void> => {
    await rows.settle()
    writeCheckpoint(path, {
      identity: options.identity,
      step,
      recordLength: record.flush(),
      batches: JSON.stringify(batches.state()),
      tensors: await checkpointTensors(model, state, statistics),
    })
  }

  try {
    if (checkpoint === undefined) await save()
    while (step < steps) {
      const batch = tensorBatch(source, await batches.next())
      const objective: Objective = { model, loss, mode: 'batch', statistics }
      const found = trainingGradient(objective, state.parameters, batch)
      disposeBatch(batch)
      state = takeStep(state, found.gradient, hyperparameters)
      tf.dispose(statistics as tf.Tensor[])
      statistics = found.statistics
      step++

      const row = track.measure(state, found.loss, hyperparameters.learningRate)
      found.loss.dispose()
      const full =
        fullGradientEvery === undefined
          ? []
          : step % fullGradientEvery === 0
            ? await overAllData({ ...objective, statistics }, state, source, hyperparameters)
            : [Number.NaN, Number.NaN]
      rows.add(row, full)

      if (step % rowsAtOnce === 0) {
        await rows.settle()
        options.onSteps?.(step)
        await breathe()
      }
      const interrupted = signal?.aborted === true
      if (interrupted || step === steps || step % options.checkpointEvery === 0) await save()
      if (interrupted) throw signal.reason
    }
    options.onSteps?.(step)
    return {
      parameters: await downloadParameters(model, state.parameters),
      velocities: await downloadParameters(model, state.velocity),
      statistics: await downloadStatistics(statistics),
      record: recordPath,
    }
  } finally {
    record.close()
    await batches.close()
    rows.dispose()
    track.dispose()
    disposeState(state)
    tf.dispose(statistics as tf.Tensor[])
  }
}

/** Lets signals and messages through: small networks' steps never wait for anything. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** The loss over all data, and Δᵀ(∇L + λθ) there. */
async function overAllData(
  objective: Objective,
  { parameters, displacement }: PhaseState,
  source: ExampleSource,
  { batchSize, weightDecay }: Hyperparameters,
): Promise<number[]> {
  const means = await meanOverBatches(tensorBatches(source, batchSize), (batch) => {
    const { loss, gradient } = batchLossAndGradient(objective, parameters, batch)
    return [loss, ...gradient]
  })
  const [loss, ...gradient] = means as [tf.Tensor, ...tf.Tensor[]]
  const values = tf.tidy(() =>
    tf.stack([
      loss,
      tf.add(innerProduct(displacement, gradient), tf.mul(weightDecay, innerProduct(displacement, parameters))),
    ]),
  )
  const numbers = await values.data()
  tf.dispose([values, ...means])
  return [...numbers]
}

interface Tensors {
  readonly state: PhaseState
  readonly statistics: tf.Tensor[]
}

function newTensors({ model, start }: Pick<TrainingOptions, 'model' | 'start'>): Tensors {
  const anchor = uploadParameters(model, start.parameters)
  const still = anchor.map((tensor) => tf.zerosLike(tensor))
  const velocity =
    start.velocities === undefined
      ? anchor.map((tensor) => tf.zerosLike(tensor))
      : uploadParameters(model, start.velocities)
  return { state: phaseState(anchor, still, velocity), statistics: uploadStatistics(model, start.statistics) }
}

/** A checkpoint's tensors; they are named by what they are and the parameter. */
const kinds = ['anchor', 'displacement', 'velocity'] as const

async function checkpointTensors(
  model: Model,
  state: PhaseState,
  statistics: StatisticList,
): Promise<Record<string, Tensor>> {
  const tensors: Record<string, Tensor> = {}
  for (const kind of kinds) {
    const values = await downloadParameters(model, state[kind])
    model.parameters.forEach(({ name, shape }, index) => {
      tensors[`${kind}.${name}`] = { dtype: 'F32', shape, values: values[index]! }
    })
  }
  const values = await downloadStatistics(statistics)
  model.statistics.forEach(({ name, shape }, index) => {
    tensors[`statistic.${name}`] = { dtype: 'F32', shape, values: values[index]! }
  })
  return tensors
}

function tensorsFrom(model: Model, { tensors }: Checkpoint, path: string): Tensors {
  const values = (names: readonly { readonly name: string }[], kind: string): Float32Array[] =>
    names.map(({ name }) => {
      const found = tensors[`${kind}.${name}`]?.values
      if (found instanceof Float32Array) return found
      throw new RangeError(`train: ${path} has no float32 tensor ${kind}.${name}`)
    })
  const [anchor, displacement, velocity] = kinds.map((kind) => uploadParameters(model, values(model.parameters, kind)))
  return {
    state: phaseState(anchor!, displacement!, velocity!),
    statistics: uploadStatistics(model, values(model.statistics, 'statistic')),
  }
}

async function downloadStatistics(statistics: StatisticList): Promise<Float32Array[]> {
  return Promise.all(statistics.map((tensor) => tensor.data<'float32'>()))
}
