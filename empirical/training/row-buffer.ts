import * as tf from '@tensorflow/tfjs'
import { DivergedError } from '../../foundation/phase-space.ts'
import type { RecordWriter } from './record.ts'

/** Rows of a record as tensors, which are read back and checked many at a time: each reading waits for the backend. */
export interface RowBuffer {
  /** The row of one step, taken over: its tensor, and then numbers that are known already. */
  add(row: tf.Tensor1D, more: readonly number[]): void
  /**
   * Puts all rows into the record.
   *
   * @throws DivergedError, naming its step, for a row whose tensor is not finite; nothing of it or later ones is recorded
   */
  settle(): Promise<void>
  dispose(): void
}

/** @param step that the first row is of */
export function rowBuffer(record: RecordWriter, step: number): RowBuffer {
  let next = step
  let rows: { readonly row: tf.Tensor1D; readonly more: readonly number[] }[] = []
  const dispose = (): void => {
    tf.dispose(rows.map(({ row }) => row))
    rows = []
  }
  return {
    add: (row, more) => {
      rows.push({ row, more })
    },
    settle: async () => {
      if (rows.length === 0) return
      const all = tf.stack(rows.map(({ row }) => row)) as tf.Tensor2D
      const width = all.shape[1]
      const values = await all.data<'float32'>()
      all.dispose()
      const settled = rows.map(({ more }) => more)
      dispose()
      for (const [index, more] of settled.entries()) {
        const row = values.subarray(index * width, (index + 1) * width)
        if (!row.every(Number.isFinite)) {
          throw new DivergedError(`step ${next}: loss or parameters are no longer finite numbers`)
        }
        record.append([...row, ...more])
        next++
      }
    },
    dispose,
  }
}
