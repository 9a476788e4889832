import * as tf from '@tensorflow/tfjs'
import { batchHessianVectorProduct } from '../empirical/curvature/hessian-vector-product.ts'
import { arraysOf } from '../empirical/curvature/parameter-vector.ts'
import { normalVector } from '../empirical/curvature/random-vector.ts'
import { disposeBatch, tensorBatch } from '../empirical/curvature/tensor-batches.ts'
import { emptyBatch } from '../empirical/data/example-source.ts'
import { multilayerPerceptron } from '../empirical/models/families/multilayer-perceptron.ts'
import { smallConvolutional } from '../empirical/models/families/small-convolutional.ts'
import { initialParameters } from '../empirical/models/initial-parameters.ts'
import { type Model, parameterCount, planModel } from '../empirical/models/model.ts'
import type { Objective } from '../empirical/models/objective.ts'
import { type ParameterList, uploadParameters } from '../empirical/models/parameter-list.ts'
import { trainingGradient } from '../empirical/models/running-statistics.ts'
import { type PhaseState, phaseState, takeStep } from '../empirical/training/phase-state.ts'
import { tracker } from '../empirical/training/tracking.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { caseFile, checkChains } from './case-file.ts'
import type { BenchCase, Part } from './cases.ts'

interface NetworkSizes {
  readonly part: Part
  readonly about: string
  readonly model: Model
  readonly batchSize: number
}

const hyperparameters = { learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 }
const classCount = 10
/** Batches made beforehand: step k trains on batch k mod this. */
const batchCount = 8
/** Few: float32 in another order of sums drifts apart, as fast as the network learns. */
const checkSteps = 4
/** Of float32, after that many steps; a wrong term makes far more. */
const tolerance = 1e-4
/** Modes tracked, as many as the paper follows. */
const trackedModes = 30
/** Steps after which the trainer reads tracked rows back. */
const rowsAtOnce = 100
const seed = 5

/**
 * Networks on one thread: steps of training with and without 30 modes tracked, and Hessian-vector products of a batch. The
 * wasm backend must be open.
 */
export function networkCases(chosen: readonly Part[]): BenchCase[] {
  const sizes: readonly NetworkSizes[] = [
    {
      part: 'mlp',
      about: '784-256-10',
      model: planModel(multilayerPerceptron({ inputShape: [784], hidden: [256], outputs: classCount })),
      batchSize: 128,
    },
    {
      part: 'cnn',
      about: '32×32×3, convolutions of 16 and 32 filters, 10 classes',
      model: planModel(smallConvolutional({ inputShape: [32, 32, 3], filters: [16, 32], outputs: classCount })),
      batchSize: 64,
    },
  ]
  return sizes
    .filter(({ part }) => chosen.includes(part))
    .flatMap((network) => {
      const problem = problemOf(network)
      return [trainingCase(network, problem), trackingCase(network, problem), productCase(network, problem)]
    })
}

interface Problem {
  /** Batches on the host. // [batch] */
  readonly batches: readonly ReturnType<typeof emptyBatch>[]
  readonly start: readonly Float32Array[]
  readonly direction: Float32Array
}

/** Noise with labels at random: what a step costs does not depend on what is learnt. */
function problemOf({ model, batchSize }: NetworkSizes): Problem {
  const state = streamOf(seed, 0)
  const shape = { shape: model.inputShape, task: { kind: 'classification', classCount } as const }
  const batches = Array.from({ length: batchCount }, (_, index) => {
    const batch = emptyBatch(shape, batchSize)
    for (let k = 0; k < batch.examples.length; k++) batch.examples[k] = standardNormal(state)
    for (let k = 0; k < batchSize; k++) batch.labels[k] = (index + 7 * k) % classCount
    batch.size = batchSize
    return batch
  })
  const direction = Float32Array.from(normalVector(parameterCount(model), state))
  return { batches, start: initialParameters(model, seed), direction }
}

/** Ours at work: as the trainer does a step, on batches that were read already. */
function trainer(
  { model, batchSize }: NetworkSizes,
  { batches, start }: Problem,
  modes: number,
): { step: () => void; state: () => PhaseState } {
  const anchor = uploadParameters(model, start)
  const zeros = (): tf.Tensor[] => anchor.map((tensor) => tf.zerosLike(tensor))
  let state = phaseState(anchor, zeros(), zeros())
  const objective: Objective = { model, loss: 'cross-entropy', mode: 'batch', statistics: [] }
  const track = tracker(model, unitVectors(model, modes))
  let rows: tf.Tensor1D[] = []
  let done = 0
  return {
    step: () => {
      const batch = tensorBatch(
        { shape: model.inputShape, task: { kind: 'classification', classCount } },
        batches[done++ % batchCount]!,
      )
      const { loss, gradient } = trainingGradient(objective, state.parameters, batch)
      disposeBatch(batch)
      state = takeStep(state, gradient, { ...hyperparameters, batchSize })
      if (modes > 0) rows.push(track.measure(state, loss, hyperparameters.learningRate))
      loss.dispose()
      if (rows.length === rowsAtOnce) {
        tf.tidy(() => tf.stack(rows).dataSync())
        tf.dispose(rows)
        rows = []
      }
    },
    state: () => state,
  }
}

function unitVectors(model: Model, count: number): Float32Array[][] {
  const state = streamOf(seed, 1)
  return Array.from({ length: count }, () => {
    const vector = normalVector(parameterCount(model), state)
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
    return arraysOf(
      model,
      Float32Array.from(vector, (value) => value / norm),
    )
  })
}

function trainingCase(network: NetworkSizes, problem: Problem): BenchCase {
  const { part, about, batchSize } = network
  let ours: ReturnType<typeof trainer> | undefined
  return {
    id: part,
    part,
    title: `a network's step, ${about}: S = ${batchSize}`,
    unit: 'step',
    unitsPerStep: 1,
    languages: ['torch, networks'],
    // a quarter of its speed
    goals: { 'PyTorch, one thread': 4 },
    tolerance,
    run: (_, steps) => {
      ours ??= trainer(network, problem, 0)
      for (let step = 0; step < steps; step++) ours.step()
    },
    check: () => {
      const { step, state } = trainer(network, problem, 0)
      for (let k = 0; k < checkSteps; k++) step()
      return forEachChain([
        ...valuesOf(network.model, state().displacement),
        ...valuesOf(network.model, state().velocity),
      ])
    },
    file: () => networkFile('step', network, problem),
  }
}

/** The same with every step tracked, beside the same without. */
function trackingCase(network: NetworkSizes, problem: Problem): BenchCase {
  const plain = trainingCase(network, problem)
  let ours: ReturnType<typeof trainer> | undefined
  return {
    ...plain,
    id: `${network.part}, tracked`,
    title: `${plain.title}, ${trackedModes} modes tracked at every step`,
    // a network with few multiplications for each parameter cannot: its eigenvectors are read at every step
    goals: network.part === 'cnn' ? { 'ours, not tracked': 1.1 } : {},
    others: [{ name: 'ours, not tracked', run: (steps) => plain.run(1, steps) }],
    run: (_, steps) => {
      ours ??= trainer(network, problem, trackedModes)
      for (let step = 0; step < steps; step++) ours.step()
    },
  }
}

/** Hessian-vector products of one batch, by double backpropagation. */
function productCase(network: NetworkSizes, problem: Problem): BenchCase {
  const { part, about, model, batchSize } = network
  const product = (): { compute: () => tf.Tensor[] } => {
    const parameters = uploadParameters(model, problem.start)
    const direction = uploadParameters(model, arraysOf(model, problem.direction))
    const batch = tensorBatch(
      { shape: model.inputShape, task: { kind: 'classification', classCount } },
      problem.batches[0]!,
    )
    const objective: Objective = { model, loss: 'cross-entropy', mode: 'batch', statistics: [] }
    return { compute: () => batchHessianVectorProduct(objective, parameters, direction, batch) }
  }
  let ours: ReturnType<typeof product> | undefined
  return {
    id: `${part}, product`,
    part,
    title: `Hessian-vector products of one batch, ${about}: S = ${batchSize}`,
    unit: 'product',
    unitsPerStep: 1,
    languages: ['torch, networks'],
    goals: {},
    tolerance,
    run: (_, steps) => {
      ours ??= product()
      for (let step = 0; step < steps; step++) tf.dispose(ours.compute())
    },
    check: () => forEachChain(valuesOf(model, product().compute())),
    file: () => networkFile('product', network, problem),
  }
}

/** In PyTorch's order of axes. */
function valuesOf(model: Model, list: ParameterList): number[] {
  return model.parameters.flatMap(({ layout }, index) => {
    const tensor = list[index]!
    if (layout === 'vector') return [...tensor.dataSync()]
    const axes = layout === 'matrix' ? [1, 0] : [3, 2, 0, 1]
    return [...tf.tidy(() => tf.transpose(tensor, axes).dataSync())]
  })
}

/** All chains of a check are one and the same here. */
function forEachChain(values: readonly number[]): Float64Array {
  return Float64Array.from({ length: checkChains * values.length }, (_, at) => values[at % values.length]!)
}

function networkFile(work: 'step' | 'product', { part, model, batchSize }: NetworkSizes, problem: Problem): Uint8Array {
  const { learningRate, momentum, weightDecay } = hyperparameters
  const { batches, start, direction } = problem
  return caseFile(
    [
      ...['network', work, part, batchCount, batchSize, classCount, checkSteps, learningRate, momentum, weightDecay],
      ...model.parameters.map(({ shape }) => shape.join('x')),
    ],
    [
      ...batches.map(({ examples }) => Float64Array.from(examples)),
      ...batches.map(({ labels }) => labels),
      ...start.map((values) => Float64Array.from(values)),
      Float64Array.from(direction),
    ],
  )
}
