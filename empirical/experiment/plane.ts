import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Plane } from '../../foundation/network-results.ts'
import { arraysOf } from '../curvature/parameter-vector.ts'
import type { Objective } from '../models/objective.ts'
import { uploadParameters, uploadStatistics } from '../models/parameter-list.ts'
import { columnOf, readRecord } from '../training/record.ts'
import type { NetworkPoint } from '../training/train.ts'
import { evaluate } from './evaluate.ts'
import type { OpenedExperiment } from './opened-experiment.ts'
import { readEigenvectors } from './run-network.ts'

/** Share of the trajectory's extent that the grid reaches beyond it, on each side. */
const rim = 0.15

/**
 * Train and test loss on a square grid in the plane of two eigenvectors through the start, as wide as a run went in it.
 *
 * @throws the signal's reason when it is aborted; RangeError for a mode that was not measured
 */
export async function planeOf(
  { modes, points }: { readonly modes: readonly [number, number]; readonly points: number },
  { model, loss, train, test }: OpenedExperiment,
  point: NetworkPoint,
  folder: string,
  run: string,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Omit<Plane, 'run'>> {
  const eigenvectors = readEigenvectors(folder)
  const record = readRecord(join(run, 'record.bin'))
  const axes = modes.map((mode) => {
    const vector = eigenvectors[mode - 1]
    if (vector === undefined) {
      throw new RangeError(`plane.modes: must be at most the ${eigenvectors.length} that are measured, got ${mode}`)
    }
    return { vector: arraysOf(model, vector), extent: extentOf(columnOf(record, `position_${mode}`)) }
  })
  const half = Math.max(...axes.map(({ extent: [low, high] }) => (high - low) / 2)) * (1 + 2 * rim)
  const [x, y] = axes.map(({ extent: [low, high] }) =>
    Array.from({ length: points }, (_, i) => (low + high) / 2 + half * ((2 * i) / (points - 1) - 1)),
  ) as [number[], number[]]

  const statistics = uploadStatistics(model, point.statistics)
  const objective: Objective = { model, loss, mode: 'running', statistics }
  const trainLoss: number[] = []
  const testLoss: number[] = []
  try {
    for (const along of y) {
      for (const across of x) {
        signal.throwIfAborted()
        const moved = point.parameters.map((values, index) => {
          const [p, q] = axes.map(({ vector }) => vector[index]!) as [Float32Array, Float32Array]
          return values.map((value, i) => value + across * p[i]! + along * q[i]!)
        })
        const parameters = uploadParameters(model, moved)
        trainLoss.push((await evaluate(objective, parameters, train, 256)).loss)
        if (test !== undefined) testLoss.push((await evaluate(objective, parameters, test, 256)).loss)
        tf.dispose(parameters)
        onProgress(trainLoss.length, points * points)
      }
    }
  } finally {
    tf.dispose(statistics)
  }
  return { modes: [...modes], x, y, trainLoss, ...(test === undefined ? {} : { testLoss }) }
}

function extentOf(values: Float64Array): [number, number] {
  let [low, high] = [0, 0] // the start is on the plane
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}
