import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import type { HessianOperator } from './hessian-operator.ts'

/** A matrix of known eigenvalues as an operator that rounds to float32 as the backends do. */
export interface ExplicitOperator extends HessianOperator {
  /** // [size, size] */
  readonly matrix: Float64Array
  /** Its eigenvectors, in the order of the eigenvalues given. // [eigenvalue][element] */
  readonly eigenvectors: readonly Float64Array[]
  /** Products so far. */
  readonly calls: () => number
}

/** The matrix with these eigenvalues and random orthonormal eigenvectors. */
export function explicitOperator(eigenvalues: readonly number[], seed: number): ExplicitOperator {
  const size = eigenvalues.length
  const eigenvectors = randomBasis(size, seed)
  const matrix = new Float64Array(size * size)
  eigenvectors.forEach((q, l) => {
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) matrix[i * size + j]! += eigenvalues[l]! * q[i]! * q[j]!
  })
  let calls = 0
  const multiply = async (x: Float32Array): Promise<Float32Array> => {
    calls++
    return Float32Array.from({ length: size }, (_, i) => {
      let sum = 0
      for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * x[j]!
      return sum
    })
  }
  return { size, matrix, eigenvectors, multiply, calls: () => calls }
}

function randomBasis(size: number, seed: number): Float64Array[] {
  const state = streamOf(seed, 0)
  const basis: Float64Array[] = []
  while (basis.length < size) {
    const vector = Float64Array.from({ length: size }, () => standardNormal(state))
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const along = vector.reduce((sum, value, i) => sum + value * other[i]!, 0)
        for (let i = 0; i < size; i++) vector[i]! -= along * other[i]!
      }
    }
    const length = Math.hypot(...vector)
    basis.push(vector.map((value) => value / length))
  }
  return basis
}

/** Eigenvalues as networks have them: `large` spread over two decades, a bulk near zero, and some below it. */
export function networkLikeSpectrum(size: number, large: number): number[] {
  return Array.from({ length: size }, (_, l) => {
    if (l < large) return 10 * 10 ** ((-2 * l) / large)
    return l < size - 10 ? 0.02 * Math.sin(l) ** 2 : -0.05 * (size - l)
  })
}

export function overlap(a: Float32Array, b: Float64Array): number {
  return Math.abs(a.reduce((sum, value, i) => sum + value * b[i]!, 0))
}
