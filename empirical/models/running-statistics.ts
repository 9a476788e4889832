import * as tf from '@tensorflow/tfjs'
import { type Batch, batchLossAndGradient, type LossAndGradient, type Objective } from './objective.ts'
import type { ParameterList } from './parameter-list.ts'

/** Share of each batch in the running statistics, PyTorch's default. */
const MOMENTUM = 0.1

export interface TrainingGradient extends LossAndGradient {
  /** The objective's running statistics after this batch, new tensors. */
  readonly statistics: tf.Tensor[]
}

/**
 * Loss and gradient in mode `batch`, with the running statistics moved towards this batch's as PyTorch moves them:
 * r ← 0.9 r + 0.1 s, the variance s divided by one less than the number of values.
 */
export function trainingGradient(objective: Objective, parameters: ParameterList, batch: Batch): TrainingGradient {
  const observed: { statistic: number; mean: tf.Tensor; variance: tf.Tensor; count: number }[] = []
  try {
    const found = batchLossAndGradient(
      { ...objective, mode: 'batch' },
      parameters,
      batch,
      (statistic, mean, variance, count) => {
        observed.push({ statistic, mean: tf.keep(mean), variance: tf.keep(variance), count })
      },
    )
    const statistics = tf.tidy(() => {
      const moved = objective.statistics.map((running) => tf.mul(running, 1 - MOMENTUM))
      for (const { statistic, mean, variance, count } of observed) {
        moved[statistic] = tf.add(moved[statistic]!, tf.mul(mean, MOMENTUM))
        moved[statistic + 1] = tf.add(moved[statistic + 1]!, tf.mul(variance, (MOMENTUM * count) / (count - 1)))
      }
      return moved
    })
    return { ...found, statistics }
  } finally {
    for (const { mean, variance } of observed) tf.dispose([mean, variance])
  }
}
