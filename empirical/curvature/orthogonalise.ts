import { norm } from '../../foundation/linear-algebra/vector.ts'

/**
 * Removes from a vector its components along orthonormal ones, by Gram and Schmidt in float64, twice: one pass leaves what
 * rounding of large components put back, and float32 vectors are orthonormal to 1e-7 only.
 *
 * @param vector changed in place
 * @param components of the vector along each are added to it, if given // [basis]
 */
export function orthogonalise(vector: Float64Array, basis: readonly Float32Array[], components?: Float64Array): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let index = 0; index < basis.length; index++) {
      const along = basis[index]!
      const component = dotOf(vector, along)
      addOf(vector, -component, along)
      if (components !== undefined) components[index]! += component
    }
  }
}

/** A vector scaled to length 1, in float32. */
export function unitVector(a: Float64Array): Float32Array {
  const scale = 1 / norm(a)
  const unit = new Float32Array(a.length)
  for (let i = 0; i < a.length; i++) unit[i] = a[i]! * scale
  return unit
}

function dotOf(a: Float64Array, b: Float32Array): number {
  const whole = a.length - (a.length % 4)
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!
    s1 += a[i + 1]! * b[i + 1]!
    s2 += a[i + 2]! * b[i + 2]!
    s3 += a[i + 3]! * b[i + 3]!
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!
  return s0 + s1 + (s2 + s3)
}

function addOf(y: Float64Array, a: number, x: Float32Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += a * x[i]!
}
