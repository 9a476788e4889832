import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { batchHessianVectorProduct } from '../curvature/hessian-vector-product.ts'
import { largestMicroBatch } from '../curvature/micro-batch.ts'
import { disposeBatch, tensorBatch } from '../curvature/tensor-batches.ts'
import { trainingBatches, trainingBatchesStart } from '../data/training-batches.ts'
import { initialParameters } from '../models/initial-parameters.ts'
import { batchLoss, type Objective } from '../models/objective.ts'
import { initialStatistics, uploadParameters, uploadStatistics } from '../models/parameter-list.ts'
import { trainingGradient } from '../models/running-statistics.ts'
import { disposeState, phaseState, takeStep } from '../training/phase-state.ts'
import { type ExperimentConfig, type PlannedRun, plannedRuns } from './experiment-config.ts'
import type { OpenedExperiment } from './opened-experiment.ts'
import { isFinished, places } from './run-network.ts'

/** What an experiment has still to do, and about how long that takes here. */
export interface TimeEstimate {
  readonly pretrainingSteps: number
  /** At most. */
  readonly products: number
  readonly runs: readonly PlannedRun[]
  readonly seconds: number
}

/** Timed steps and products at most, and milliseconds from which on no other is begun; a few are not timed: they compile. */
const mostTimed = 40
const longestTiming = 2000
const notTimed = 10
/** Examples of the product that is timed, at most. */
const timedExamples = 512
/** A step's tracking, and its rows' way to the disk, as a share of it. */
const tracking = 1.1

/**
 * Times a few steps of each batch size and one Hessian-vector product, and counts what the experiment's folder lacks.
 *
 * @param workers threads that runs are spread over
 * @throws RangeError, with the estimate, if the memory for a Hessian-vector product of one example is not there
 */
export async function estimateTime(
  config: ExperimentConfig,
  opened: OpenedExperiment,
  folder: string,
  workers: number,
): Promise<TimeEstimate> {
  const { pretraining, curvature, plane } = config
  const { train, test, curvatureExamples } = opened
  largestMicroBatch({ ...opened, mode: 'batch', statistics: [] })
  const isStarted = existsSync(join(folder, places.start))
  const phases = isStarted || 'weights' in pretraining ? [] : pretraining.phases
  const products = existsSync(join(folder, places.curvature))
    ? 0
    : curvature.count * curvature.iterations + curvature.traceProbes + curvature.densityProbes * curvature.densitySteps
  const runs = plannedRuns(config).runs.filter((run) => !isFinished(folder, run))

  const seconds = new Map<number, number>()
  const stepOf = async (batchSize: number): Promise<number> => {
    const known = seconds.get(batchSize)
    if (known !== undefined) return known
    const measured = tracking * (await secondsOfStep(opened, batchSize))
    seconds.set(batchSize, measured)
    return measured
  }
  let total = 0
  for (const { steps, batchSize } of phases) total += steps * (await stepOf(batchSize))
  let following = 0
  for (const { steps, batchSize, fullGradientEvery } of runs) {
    const full =
      fullGradientEvery === undefined
        ? 0
        : (train.exampleCount / batchSize / fullGradientEvery) * (await stepOf(batchSize))
    following += steps * ((await stepOf(batchSize)) + full)
  }
  total += following / Math.max(1, Math.min(workers, runs.length))
  const { product, loss } = await secondsOfExample(opened)
  total += products * product * curvatureExamples.exampleCount
  if (plane !== undefined && !existsSync(join(folder, places.planes))) {
    total += plane.points ** 2 * loss * (train.exampleCount + (test?.exampleCount ?? 0))
  }
  const pretrainingSteps = phases.reduce((sum, { steps }) => sum + steps, 0)
  return { pretrainingSteps, products, runs, seconds: total }
}

async function secondsOfStep({ model, loss, train }: OpenedExperiment, batchSize: number): Promise<number> {
  const batches = trainingBatches(train, { sampling: 'with-replacement', batchSize }, trainingBatchesStart(0))
  const anchor = uploadParameters(model, initialParameters(model, 0))
  const still = (): tf.Tensor[] => anchor.map((tensor) => tf.zerosLike(tensor))
  let state = phaseState(anchor, still(), still())
  const statistics = uploadStatistics(model, initialStatistics(model))
  try {
    return await secondsOf(async () => {
      const batch = tensorBatch(train, await batches.next())
      const found = trainingGradient({ model, loss, mode: 'batch', statistics }, state.parameters, batch)
      disposeBatch(batch)
      // so small a step that it cannot diverge
      state = takeStep(state, found.gradient, { learningRate: 1e-9, momentum: 0, weightDecay: 0, batchSize })
      await found.loss.data()
      tf.dispose([found.loss, found.statistics])
    })
  } finally {
    await batches.close()
    disposeState(state)
    tf.dispose(statistics)
  }
}

/** Of one example in a Hessian-vector product, and in a loss. */
async function secondsOfExample(opened: OpenedExperiment): Promise<{ product: number; loss: number }> {
  const { model, loss, train } = opened
  const parameters = uploadParameters(model, initialParameters(model, 0))
  const statistics = uploadStatistics(model, initialStatistics(model))
  const objective: Objective = { model, loss, mode: 'batch', statistics }
  const batchSize = Math.min(timedExamples, train.exampleCount, largestMicroBatch(objective))
  const batches = trainingBatches(train, { sampling: 'with-replacement', batchSize }, trainingBatchesStart(0))
  const batch = tensorBatch(train, await batches.next())
  const timed = async (work: () => tf.Tensor[]): Promise<number> => {
    const seconds = await secondsOf(async () => {
      const found = work()
      await found[0]!.data()
      tf.dispose(found)
    })
    return seconds / batchSize
  }
  try {
    return {
      product: await timed(() => batchHessianVectorProduct(objective, parameters, parameters, batch)),
      loss: await timed(() => [batchLoss({ ...objective, mode: 'running' }, parameters, batch)]),
    }
  } finally {
    await batches.close()
    disposeBatch(batch)
    tf.dispose([parameters, statistics])
  }
}

/** The median of some times that work takes, so that what else the machine does counts little. */
async function secondsOf(work: () => Promise<void>): Promise<number> {
  const times: number[] = []
  const begun = performance.now()
  for (let time = 0; time < notTimed + mostTimed; time++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
    if (time > 0 && performance.now() - begun > longestTiming) break
  }
  const counted = times.slice(Math.min(notTimed, Math.floor(times.length / 2))).sort((a, b) => a - b)
  return counted[Math.floor(counted.length / 2)]! / 1000
}
