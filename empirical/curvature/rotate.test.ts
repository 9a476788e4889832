import { expect, it } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { rotate } from './rotate.ts'

it('rotate replaces the first vectors by combinations of all, across runs, and leaves the others', () => {
  const random = streamOf(1, 0)
  const [count, kept, size] = [5, 3, 1200]
  const before = Array.from({ length: count }, () => Float32Array.from({ length: size }, () => standardNormal(random)))
  const rotation = Float64Array.from({ length: count * kept }, () => standardNormal(random))
  const vectors = before.map((vector) => vector.slice())
  rotate(vectors, rotation, kept)
  for (let j = 0; j < count; j++) {
    const expected = Float32Array.from({ length: size }, (_, e) =>
      j < kept ? before.reduce((sum, vector, i) => sum + rotation[i * kept + j]! * vector[e]!, 0) : before[j]![e]!,
    )
    expect(vectors[j]).toEqual(expected)
  }
})
