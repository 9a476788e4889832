import { symmetricEigen } from '../../foundation/linear-algebra/symmetric-eigen.ts'
import { curvatureStream } from './curvature-stream.ts'
import type { Eigenpairs } from './eigenpairs.ts'
import type { HessianOperator } from './hessian-operator.ts'
import { type LanczosState, lanczosStep, projectedHessian } from './lanczos-step.ts'
import { unitVector } from './orthogonalise.ts'
import type { Control } from './progress.ts'
import { normalVector } from './random-vector.ts'
import { rotate } from './rotate.ts'

export interface LanczosSettings {
  /** Eigenpairs, the algebraically largest. */
  readonly count: number
  /** Hessian-vector products at most; it stops as soon as all pairs have converged. */
  readonly maxProducts: number
  /** Vectors kept: when so many are there, it restarts from the best half. At least count + 2, or the whole space. */
  readonly basisSize: number
  /** A pair has converged if ‖Hq − ρq‖ ≤ tolerance·|ρ|. */
  readonly tolerance: number
  readonly seed: number
}

/** Where it stands. */
export interface LanczosEigenpairsState extends LanczosState {
  /** Products so far. */
  products: number
}

export interface LanczosEigenpairs extends Eigenpairs {
  /** The algebraically smallest Ritz value: the Hessian's smallest eigenvalue is at most this. */
  readonly smallest: { readonly eigenvalue: number; readonly residual: number }
}

/** Of the largest eigenvalue: the recursion's own residuals go on falling where float32's products cannot. */
const FLOAT_ROUNDING = 2 ** -23

/** Products between two looks at the Ritz values, each of the order of basisSize³. */
const LOOK = 5

/**
 * The algebraically largest eigenpairs and the smallest eigenvalue by Lanczos with full reorthogonalisation and thick
 * restarts (Wu and Simon 2000), from a seeded start: a fifth to a half of the products that subspace iteration takes.
 *
 * Memory: basisSize + 4 vectors. Of an eigenvalue with several eigenvectors it may find some only.
 *
 * @throws RangeError for settings out of range, or products that are not finite
 */
export async function lanczosEigenpairs(
  operator: HessianOperator,
  settings: LanczosSettings,
  control: Control<LanczosEigenpairsState> = {},
): Promise<LanczosEigenpairs> {
  requireSettings(operator, settings)
  const { count, maxProducts, tolerance, seed } = settings
  const basisSize = Math.min(settings.basisSize, operator.size)
  const { signal, onProgress } = control
  const state = control.from ?? {
    basis: [unitVector(normalVector(operator.size, curvatureStream(seed, 'start', 0)))],
    columns: [],
    coupling: 0,
    products: 0,
  }
  for (;;) {
    const columns = state.columns.length
    const ended = state.products >= maxProducts || columns === operator.size
    if (columns >= count && (ended || columns === basisSize || columns % LOOK === 0)) {
      const ritz = symmetricEigen(projectedHessian(state), columns)
      const rounding = FLOAT_ROUNDING * Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values[columns - 1]!))
      const residuals = Float64Array.from({ length: columns }, (_, j) =>
        Math.max(rounding, Math.abs(state.coupling * ritz.vectors[(columns - 1) * columns + j]!)),
      )
      const wanted = Array.from({ length: count }, (_, l) => columns - 1 - l)
      const converged = wanted.map((j) => residuals[j]! <= tolerance * Math.abs(ritz.values[j]!))
      // at the first looks, what the start favours can look converged while larger eigenvalues have not shown themselves
      if (ended || (converged.every(Boolean) && state.products >= 2 * count + LOOK)) {
        const { products } = state
        rotate(state.basis.slice(0, columns), chosen(ritz.vectors, columns, wanted), count)
        return {
          eigenvalues: Float64Array.from(wanted, (j) => ritz.values[j]!),
          eigenvectors: state.basis.slice(0, count),
          residuals: Float64Array.from(wanted, (j) => residuals[j]!),
          converged,
          products,
          smallest: { eigenvalue: ritz.values[0]!, residual: residuals[0]! },
        }
      }
      if (columns === basisSize) restartFromBest(state, ritz, count)
    }
    signal?.throwIfAborted()
    await lanczosStep(operator, state, [], curvatureStream(seed, 'restart', state.products))
    state.products++
    await onProgress?.(state.products, maxProducts, state)
  }
}

/** Keeps the Ritz vectors of the largest eigenvalues and of the smallest; the next vector couples them all. */
function restartFromBest(
  state: LanczosEigenpairsState,
  { values, vectors }: ReturnType<typeof symmetricEigen>,
  count: number,
): void {
  const size = values.length
  const largest = Math.min(count + Math.floor((size - count) / 2), size - 2)
  const kept = [...Array.from({ length: largest }, (_, l) => size - 1 - l), 0]
  rotate(state.basis.slice(0, size), chosen(vectors, size, kept), kept.length)
  state.basis = [...state.basis.slice(0, kept.length), state.basis[size]!]
  state.columns = kept.map((j, place) => {
    const column = new Float64Array(place + 1)
    column[place] = values[j]!
    return column
  })
}

/** Some columns of a matrix. // [size, columns] */
function chosen(matrix: Float64Array, size: number, columns: readonly number[]): Float64Array {
  const part = new Float64Array(size * columns.length)
  for (let i = 0; i < size; i++) {
    columns.forEach((column, place) => {
      part[i * columns.length + place] = matrix[i * size + column]!
    })
  }
  return part
}

function requireSettings({ size }: HessianOperator, { count, maxProducts, basisSize }: LanczosSettings): void {
  if (!(Number.isInteger(count) && count >= 1 && count <= size)) {
    throw new RangeError(`lanczosEigenpairs: count must be an integer in [1, ${size}], got ${count}`)
  }
  const smallestBasis = Math.min(count + 2, size)
  if (!(Number.isInteger(basisSize) && basisSize >= smallestBasis)) {
    throw new RangeError(`lanczosEigenpairs: basisSize must be an integer ≥ ${smallestBasis}, got ${basisSize}`)
  }
  if (!(Number.isInteger(maxProducts) && maxProducts >= count)) {
    throw new RangeError(`lanczosEigenpairs: maxProducts must be an integer ≥ count = ${count}, got ${maxProducts}`)
  }
}
