import * as tf from '@tensorflow/tfjs'
import type { Model, Parameter, ParameterLayout } from './model.ts'

/** Tensors in the order and of the layouts of `model.parameters`: parameters, velocity, gradient, an eigenvector. */
export type ParameterList = readonly tf.Tensor[]

/** Tensors in the order of `model.statistics`. */
export type StatisticList = readonly tf.Tensor[]

/** The axes of PyTorch's shape in the order that the backend has them. */
const axesOnBackend: Record<ParameterLayout, readonly number[] | undefined> = {
  vector: undefined,
  matrix: [1, 0],
  filters: [2, 3, 1, 0],
}

/** The shape that a parameter's tensor has on the backend. */
export function backendShape({ shape, layout }: Parameter): number[] {
  return axesOnBackend[layout]?.map((axis) => shape[axis]!) ?? [...shape]
}

/**
 * Tensors of values in PyTorch's order of axes.
 *
 * @param values one array for each of the model's parameters
 * @throws RangeError, naming the parameter, for arrays that do not fill the shapes
 */
export function uploadParameters(model: Model, values: readonly Float32Array[]): tf.Tensor[] {
  requireValues('uploadParameters', model.parameters, values)
  return model.parameters.map(({ shape, layout }, index) => {
    const tensor = tf.tensor(values[index]!.slice(), [...shape], 'float32')
    const axes = axesOnBackend[layout]
    if (axes === undefined) return tensor
    const moved = tf.transpose(tensor, [...axes])
    tensor.dispose()
    return moved
  })
}

/** Values in PyTorch's order of axes, one array for each of the model's parameters: the inverse of `uploadParameters`. */
export async function downloadParameters(model: Model, list: ParameterList): Promise<Float32Array[]> {
  const values: Float32Array[] = []
  for (const [index, { layout }] of model.parameters.entries()) {
    const axes = axesOnBackend[layout]
    const tensor = axes === undefined ? list[index]! : tf.transpose(list[index]!, inverse(axes))
    values.push((await tensor.data()) as Float32Array)
    if (axes !== undefined) tensor.dispose()
  }
  return values
}

/**
 * Tensors of the running statistics.
 *
 * @throws RangeError, naming the statistic, for arrays that do not fill the shapes
 */
export function uploadStatistics(model: Model, values: readonly Float32Array[]): tf.Tensor[] {
  requireValues('uploadStatistics', model.statistics, values)
  return model.statistics.map(({ shape }, index) => tf.tensor(values[index]!.slice(), [...shape], 'float32'))
}

/** The running statistics before training: means 0, variances 1. */
export function initialStatistics(model: Model): Float32Array[] {
  return model.statistics.map(({ shape, initialValue }) => new Float32Array(shape[0]!).fill(initialValue))
}

function inverse(axes: readonly number[]): number[] {
  return axes.map((_, axis) => axes.indexOf(axis))
}

function requireValues(
  caller: string,
  items: readonly { readonly name: string; readonly shape: readonly number[] }[],
  values: readonly Float32Array[],
): void {
  if (values.length !== items.length) {
    throw new RangeError(`${caller}: values must have ${items.length} arrays, got ${values.length}`)
  }
  items.forEach(({ name, shape }, index) => {
    const size = shape.reduce((product, length) => product * length, 1)
    if (values[index]!.length !== size) {
      throw new RangeError(
        `${caller}: ${name} must have ${size} values for its shape [${shape.join(', ')}], got ${values[index]!.length}`,
      )
    }
  })
}
