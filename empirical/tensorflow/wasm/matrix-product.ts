import type * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { addressOf, type CompiledKernels, withRoom } from './compiled-kernels.ts'

type KernelArguments = Parameters<tf.KernelFunc>[0]

/**
 * The kernel BatchMatMul. The stock kernel takes two to three times as long for straight matrices, ten times for transposed
 * ones.
 *
 * @param stock the backend's own, for integers and for batches of different shapes
 */
export function matrixProduct(
  args: KernelArguments,
  kernels: CompiledKernels,
  stock: tf.KernelFunc,
): ReturnType<tf.KernelFunc> {
  const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo }
  const { transposeA = false, transposeB = false } = args.attrs as { transposeA?: boolean; transposeB?: boolean }
  const batch = a.shape.slice(0, -2)
  const alike = batch.length === b.shape.length - 2 && batch.every((size, axis) => size === b.shape[axis])
  if (!alike || a.dtype !== 'float32' || b.dtype !== 'float32') return stock(args)
  const [rows, terms] = sides(a.shape, transposeA)
  const [, columns] = sides(b.shape, transposeB)
  const backend = args.backend as BackendWasm
  const product = backend.makeOutput([...batch, rows, columns], 'float32')
  const count = batch.reduce((size, length) => size * length, 1)
  withRoom(backend, kernels.productRoom(columns), (room) => {
    for (let k = 0; k < count; k++) {
      kernels.matrixProduct(
        addressOf(backend, a) + 4 * k * rows * terms,
        addressOf(backend, b) + 4 * k * terms * columns,
        addressOf(backend, product) + 4 * k * rows * columns,
        rows,
        columns,
        terms,
        transposeA,
        transposeB,
        room,
      )
    }
  })
  return product
}

/** Rows and columns of a matrix, as it is taken. */
function sides(shape: readonly number[], transposed: boolean): [number, number] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!]
  return transposed ? [columns, rows] : [rows, columns]
}
