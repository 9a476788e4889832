import * as tf from '@tensorflow/tfjs'
import type { BatchStatisticsObserver } from '../models/forward.ts'
import type { StatisticList } from '../models/parameter-list.ts'

/** Weight of a new batch, as in PyTorch. */
const WEIGHT = 0.1

/** Follows running means and variances through one batch. */
export interface RunningStatistics {
  readonly observe: BatchStatisticsObserver
  /** r ← 0.9 r + 0.1 of the batch's, variances with n − 1; the statistics before are disposed of. */
  updated(): tf.Tensor[]
}

export function runningStatistics(statistics: StatisticList): RunningStatistics {
  const seen = new Map<number, tf.Tensor>()
  return {
    observe: (statistic, mean, variance, count) => {
      seen.set(statistic, tf.keep(tf.clone(mean)))
      seen.set(statistic + 1, tf.keep(tf.mul(variance, count / Math.max(1, count - 1))))
    },
    updated: () => {
      const next = statistics.map((running, index) =>
        tf.tidy(() => tf.add(tf.mul(1 - WEIGHT, running), tf.mul(WEIGHT, seen.get(index)!))),
      )
      tf.dispose([...seen.values(), ...statistics])
      return next
    },
  }
}
