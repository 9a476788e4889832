import { norm } from '../../foundation/linear-algebra/vector.ts'
import type { RandomState } from '../../foundation/random/xoshiro128.ts'
import type { HessianOperator } from './hessian-operator.ts'
import { orthogonalise, unitVector } from './orthogonalise.ts'
import { normalVector } from './random-vector.ts'

/** An orthonormal basis of Krylov's kind, and H within it: to be extended, checkpointed, taken up again. */
export interface LanczosState {
  /** Orthonormal, one more than the columns of `projected` that are known, or as many where the space ends. */
  basis: Float32Array[]
  /** Known columns of VᵀHV from the diagonal up, each as long as its number: column j has entries 0 … j. */
  columns: Float64Array[]
  /** ‖H v − projection‖ of the latest column: what couples the next basis vector. 0 where the space ends. */
  coupling: number
}

/**
 * One product: H times the last vector of the basis, orthogonalised in full against all of them, gives the next one.
 *
 * Where nothing is left but float32's rounding, the space is invariant: a random vector goes on, so that eigenvalues of
 * several eigenvectors are found that often.
 *
 * @param deflated orthonormal vectors that the whole space stays orthogonal to
 * @throws RangeError for a product that is not finite
 */
export async function lanczosStep(
  operator: HessianOperator,
  state: LanczosState,
  deflated: readonly Float32Array[],
  restart: RandomState,
): Promise<void> {
  const { basis, columns } = state
  const rest = Float64Array.from(await operator.multiply(basis[columns.length]!))
  const before = norm(rest)
  if (!Number.isFinite(before)) throw new RangeError(`lanczosStep: products must be finite, got norm ${before}`)
  const column = new Float64Array(basis.length)
  orthogonalise(rest, deflated)
  orthogonalise(rest, basis, column)
  columns.push(column)
  const scale = Math.max(before, ...columns.map((entries) => Math.abs(entries.at(-1)!)))
  state.coupling = norm(rest)
  if (basis.length + deflated.length === operator.size) {
    state.coupling = 0
    return
  }
  if (state.coupling <= 1e-6 * scale) {
    state.coupling = 0
    const other = normalVector(operator.size, restart)
    orthogonalise(other, deflated)
    orthogonalise(other, basis)
    basis.push(unitVector(other))
    return
  }
  basis.push(unitVector(rest))
}

/** VᵀHV of the known columns, whole. // [columns, columns] */
export function projectedHessian({ columns }: LanczosState): Float64Array {
  const size = columns.length
  const full = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    for (let i = 0; i <= j; i++) {
      full[i * size + j] = columns[j]![i]!
      full[j * size + i] = columns[j]![i]!
    }
  }
  return full
}
