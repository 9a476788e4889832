import { standardNormal } from '../../foundation/random/normal.ts'
import { uniform } from '../../foundation/random/uniform.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import type { InitialValues, Model } from './model.ts'

/** Names of this module's own: tools that turn imports into property reads (vitest) would slow the loops fourfold. */
const normalOf = standardNormal
const uniformOf = uniform

/**
 * First values of a model's parameters, in PyTorch's order of axes; the same bytes for the same model and seed, on any backend.
 *
 * @param seed integer in [0, 2⁵³)
 * @throws RangeError if it is not
 */
export function initialParameters(model: Model, seed: number): Float32Array[] {
  return model.parameters.map(({ shape, initial }, index) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    // a stream each, so that a wider layer leaves the others as they were
    fill(values, initial, streamOf(seed, index))
    return values
  })
}

function fill(values: Float32Array, initial: InitialValues, state: Int32Array): void {
  switch (initial.kind) {
    case 'constant':
      values.fill(initial.value)
      return
    case 'normal':
      for (let i = 0; i < values.length; i++) values[i] = initial.deviation * normalOf(state)
      return
    case 'uniform':
      for (let i = 0; i < values.length; i++) values[i] = initial.bound * (2 * uniformOf(state) - 1)
      return
  }
}
