import * as tf from '@tensorflow/tfjs'
import type { Model } from '../models/model.ts'
import { type ParameterList, uploadParameters } from '../models/parameter-list.ts'
import { innerProduct, squaredNorm } from '../tensorflow/inner-product.ts'
import type { PhaseState } from './phase-state.ts'

/** Measures of phase space that are taken at every step, as tensors that are read back many steps later. */
export interface Tracker {
  /** Names of what `measure` gives. */
  readonly columns: readonly string[]
  /** Of the state after a step, together with the loss of the batch that made it. // [column] */
  measure(state: PhaseState, loss: tf.Scalar, learningRate: number): tf.Tensor1D
  dispose(): void
}

/**
 * Of every step: `loss`, of its batch and before it; `local_displacement` ‖δ‖² = η²‖v‖², from v, for θ_k − θ_{k−1} is lost in
 * rounding; `global_displacement` ‖Δ‖²; `position_velocity` Δᵀv; and in each given eigenvector `position_l` qᵀΔ and
 * `velocity_l` qᵀv.
 *
 * Sums over parameters go in two levels; projections are plain float32 sums, of random sign, good to about 1e-6 ‖Δ‖.
 *
 * @param eigenvectors of unit length, in PyTorch's order of axes // [mode][parameter]
 */
export function tracker(model: Model, eigenvectors: readonly (readonly Float32Array[])[]): Tracker {
  const projector = eigenvectors.length === 0 ? undefined : projectorOf(model, eigenvectors)
  const numbered = (name: string): string[] => eigenvectors.map((_, mode) => `${name}_${mode + 1}`)
  return {
    columns: [
      'loss',
      'local_displacement',
      'global_displacement',
      'position_velocity',
      ...numbered('position'),
      ...numbered('velocity'),
    ],
    measure: ({ displacement, velocity }, loss, learningRate) =>
      tf.tidy(() => {
        // one long vector each: sums are a few operations then, however many tensors the network has
        const position = flat(displacement)
        const speed = flat(velocity)
        const row = tf.stack([
          loss,
          tf.mul(learningRate ** 2, squaredNorm([speed])),
          squaredNorm([position]),
          innerProduct([position], [speed]),
        ]) as tf.Tensor1D
        if (projector === undefined) return row
        const both = tf.stack([position, speed]) as tf.Tensor2D
        return tf.concat1d([row, tf.reshape(tf.matMul(both, projector, false, true), [-1]) as tf.Tensor1D])
      }),
    dispose: () => {
      projector?.dispose()
    },
  }
}

/** // [mode, parameter of all] */
function projectorOf(model: Model, eigenvectors: readonly (readonly Float32Array[])[]): tf.Tensor2D {
  return tf.tidy(() => {
    const rows = eigenvectors.map((eigenvector) => flat(uploadParameters(model, eigenvector)))
    return tf.stack(rows) as tf.Tensor2D
  })
}

function flat(list: ParameterList): tf.Tensor1D {
  return tf.concat1d(list.map((tensor) => tf.reshape(tensor, [tensor.size]) as tf.Tensor1D))
}
