import { standardNormal } from '../../foundation/random/normal.ts'
import { nextWord, type RandomState } from '../../foundation/random/xoshiro128.ts'

/** Names of this module's own: tools that turn imports into property reads (vitest) would slow the loops fourfold. */
const normalOf = standardNormal
const wordOf = nextWord

/** Independent standard normal numbers. */
export function normalVector(size: number, state: RandomState): Float64Array {
  const vector = new Float64Array(size)
  for (let i = 0; i < size; i++) vector[i] = normalOf(state)
  return vector
}

/** Independent signs ±1 (Rademacher). */
export function signVector(size: number, state: RandomState): Float64Array {
  const vector = new Float64Array(size)
  for (let begin = 0; begin < size; begin += 32) {
    const word = wordOf(state)
    const end = Math.min(begin + 32, size)
    for (let i = begin; i < end; i++) vector[i] = (word >>> (i - begin)) & 1 ? 1 : -1
  }
  return vector
}
