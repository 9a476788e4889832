import type { Model } from '../models/model.ts'

/** Views of a vector of all parameters, one for each of the model's: what `uploadParameters` takes. */
export function arraysOf(model: Model, vector: Float32Array): Float32Array[] {
  let end = 0
  return model.parameters.map(({ shape }) => {
    const begin = end
    end += shape.reduce((product, length) => product * length, 1)
    return vector.subarray(begin, end)
  })
}

/** All numbers of some arrays one after the other: the inverse of `arraysOf`. */
export function vectorOf(arrays: readonly Float32Array[]): Float32Array {
  const vector = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const array of arrays) {
    vector.set(array, end)
    end += array.length
  }
  return vector
}
