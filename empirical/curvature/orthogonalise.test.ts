import { expect, it } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { orthogonalise, unitVector } from './orthogonalise.ts'

it('orthogonalise leaves what is orthogonal even of a vector that is nearly in the span, and says the components', () => {
  const random = streamOf(1, 0)
  const size = 501
  const basis: Float32Array[] = []
  for (let j = 0; j < 8; j++) {
    const vector = Float64Array.from({ length: size }, () => standardNormal(random))
    orthogonalise(vector, basis)
    basis.push(unitVector(vector))
  }
  const small = Float64Array.from({ length: size }, () => standardNormal(random))
  orthogonalise(small, basis)
  // a part 1e5 times larger in the span: one pass would leave float32's 1e-7 of it, 1 % of what is to stay
  const vector = small.map((value, i) => value + basis.reduce((sum, q, j) => sum + 1e5 * (j + 1) * 25 * q[i]!, 0))
  const components = new Float64Array(8)
  orthogonalise(vector, basis, components)
  const length = Math.hypot(...vector)
  for (const q of basis) {
    expect(Math.abs(q.reduce((sum, value, i) => sum + value * vector[i]!, 0))).toBeLessThan(1e-6 * length)
  }
  components.forEach((component, j) => {
    expect(component / (25e5 * (j + 1))).toBeCloseTo(1, 5)
  })
})
