import { symmetricEigen } from '../../foundation/linear-algebra/symmetric-eigen.ts'
import { norm } from '../../foundation/linear-algebra/vector.ts'
import type { RandomState } from '../../foundation/random/xoshiro128.ts'
import { innerProductInDoubles } from '../tensorflow/inner-product.ts'
import { curvatureStream } from './curvature-stream.ts'
import type { Eigenpairs } from './eigenpairs.ts'
import type { HessianOperator } from './hessian-operator.ts'
import { orthogonalise, unitVector } from './orthogonalise.ts'
import type { Control } from './progress.ts'
import { normalVector } from './random-vector.ts'
import { rotate } from './rotate.ts'

export interface SubspaceIterationSettings {
  /** Eigenpairs, and size of the block. */
  readonly count: number
  /** Multiplications of the whole block at most; it stops as soon as all pairs have converged. */
  readonly iterations: number
  /** A pair has converged if ‖Hq − ρq‖ ≤ tolerance·|ρ|. */
  readonly tolerance: number
  readonly seed: number
}

/** Where a subspace iteration stands: all that it needs to go on, to the last bit. */
export interface SubspaceIterationState {
  /** Orthonormal. // [count][parameter] */
  basis: Float32Array[]
  /** H times the first vectors of the basis. // [≤ count][parameter] */
  products: Float32Array[]
  /** Finished multiplications of the block. */
  iteration: number
}

/**
 * Eigenpairs of the largest |ρ| by block subspace iteration with Rayleigh and Ritz (appendix I.5: 30 pairs, 10 iterations),
 * from a seeded start.
 *
 * Each iteration is `count` products H q and an orthonormalisation, and shrinks the error in mode l by |ρ_{count+1}/ρ_l|: the
 * last pairs of the block seldom converge, and say so. It finds the largest in size, so a negative eigenvalue of large size
 * is among them, and stands last. Memory: 2·count + 4 vectors.
 *
 * @throws RangeError for a count that is not in [1, size], iterations below 1, or products that are not finite
 */
export async function subspaceIteration(
  operator: HessianOperator,
  settings: SubspaceIterationSettings,
  control: Control<SubspaceIterationState> = {},
): Promise<Eigenpairs> {
  const { count, iterations, tolerance } = settings
  requireSettings(operator, settings)
  const { signal, onProgress } = control
  const state = control.from ?? firstState(operator, settings)
  for (;;) {
    while (state.products.length < count) {
      signal?.throwIfAborted()
      state.products.push(await operator.multiply(state.basis[state.products.length]!))
      await onProgress?.(state.iteration * count + state.products.length, iterations * count, state)
    }
    state.iteration++
    const { values, residuals } = rayleighRitz(state)
    const converged = Array.from(values, (value, l) => residuals[l]! <= tolerance * Math.abs(value))
    if (state.iteration === iterations || converged.every(Boolean)) {
      return descending(values, residuals, converged, state)
    }
    // the old basis goes first: there is no room for three blocks
    state.basis = state.products
    state.products = []
    orthonormalise(state.basis, (index) => curvatureStream(settings.seed, 'restart', state.iteration * count + index))
  }
}

function requireSettings({ size }: HessianOperator, { count, iterations }: SubspaceIterationSettings): void {
  if (!(Number.isInteger(count) && count >= 1 && count <= size)) {
    throw new RangeError(`subspaceIteration: count must be an integer in [1, ${size}], got ${count}`)
  }
  if (!(Number.isInteger(iterations) && iterations >= 1)) {
    throw new RangeError(`subspaceIteration: iterations must be an integer ≥ 1, got ${iterations}`)
  }
}

function firstState({ size }: HessianOperator, { count, seed }: SubspaceIterationSettings): SubspaceIterationState {
  const basis = Array.from({ length: count }, (_, index) =>
    Float32Array.from(normalVector(size, curvatureStream(seed, 'start', index))),
  )
  orthonormalise(basis, (index) => curvatureStream(seed, 'restart', index))
  return { basis, products: [], iteration: 0 }
}

/**
 * Replaces basis and products by the Ritz vectors and their products, largest |value| first; values and ‖Hq − ρq‖ of these.
 */
function rayleighRitz({ basis, products }: SubspaceIterationState): {
  readonly values: Float64Array
  readonly residuals: Float64Array
} {
  const count = basis.length
  const projected = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      // H is symmetric to float32's rounding; so is its projection, then
      const entry =
        (innerProductInDoubles([basis[i]!], [products[j]!]) + innerProductInDoubles([basis[j]!], [products[i]!])) / 2
      if (!Number.isFinite(entry)) throw new RangeError(`subspaceIteration: products must be finite, got ${entry}`)
      projected[i * count + j] = entry
      projected[j * count + i] = entry
    }
  }
  const { values, vectors } = symmetricEigen(projected, count)
  const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!))
  const rotation = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) rotation[i * count + j] = vectors[i * count + order[j]!]!
  }
  rotate(basis, rotation, count)
  rotate(products, rotation, count)
  const sorted = Float64Array.from(order, (index) => values[index]!)
  return {
    values: sorted,
    residuals: Float64Array.from(sorted.keys(), (l) => residualOf(sorted[l]!, basis[l]!, products[l]!)),
  }
}

/** ‖Hq − ρq‖. */
function residualOf(value: number, vector: Float32Array, product: Float32Array): number {
  let sum = 0
  for (let i = 0; i < vector.length; i++) sum += (product[i]! - value * vector[i]!) ** 2
  return Math.sqrt(sum)
}

/** Replaces vectors by orthonormal ones of the same span; those that depend on earlier ones by random ones. */
function orthonormalise(vectors: Float32Array[], stream: (index: number) => RandomState): void {
  for (let index = 0; index < vectors.length; index++) {
    const earlier = vectors.slice(0, index)
    let rest: Float64Array = Float64Array.from(vectors[index]!)
    const before = norm(rest)
    orthogonalise(rest, earlier)
    // what is left of a dependent vector is float32's rounding
    if (!(norm(rest) > 1e-6 * before)) {
      rest = normalVector(rest.length, stream(index))
      orthogonalise(rest, earlier)
    }
    vectors[index] = unitVector(rest)
  }
}

function descending(
  values: Float64Array,
  residuals: Float64Array,
  converged: readonly boolean[],
  { basis, iteration }: SubspaceIterationState,
): Eigenpairs {
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!)
  return {
    eigenvalues: Float64Array.from(order, (index) => values[index]!),
    eigenvectors: order.map((index) => basis[index]!),
    residuals: Float64Array.from(order, (index) => residuals[index]!),
    converged: order.map((index) => converged[index]!),
    products: iteration * values.length,
  }
}
