import { requireStart } from '../foundation/preconditions.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import type { RandomState } from '../foundation/random/xoshiro128.ts'
import type { RegressionProblem } from '../foundation/regression-problem.ts'

/** Where the chains of an ensemble start: a point, or a Gaussian cloud about it. */
export interface EnsembleStart {
  /** x_l(0) = q_lᵀ(θ₀ − μ), parameter units. // [output, mode] */
  readonly position: Float64Array
  /** v_l(0), parameter units per time. // [output, mode] */
  readonly velocity: Float64Array
  /** Without it every chain starts at the point. */
  readonly spread?: {
    /** L, lower-triangular, positions first, then velocities: LLᵀ is the covariance summed over outputs. // [2·mode, 2·mode] */
    readonly factor: Float64Array
    /** Each output's share of that covariance, ≥ 0, summing to 1. // [output] */
    readonly outputShares: Float64Array
  }
}

/** Rest at the minimum: x = 0, v = 0. */
export function startAtMinimum(problem: { readonly modeCount: number; readonly outputCount: number }): EnsembleStart {
  const size = problem.outputCount * problem.modeCount
  return { position: new Float64Array(size), velocity: new Float64Array(size) }
}

/** Rest at θ = 0: x = −μ, v = 0. */
export function startAtOrigin({ modeCount, outputCount, minimum }: RegressionProblem): EnsembleStart {
  const position = new Float64Array(outputCount * modeCount)
  for (let o = 0; o < outputCount; o++) {
    for (let l = 0; l < modeCount; l++) position[o * modeCount + l] = -minimum[l * outputCount + o]!
  }
  return { position, velocity: new Float64Array(position.length) }
}

/** Throws RangeError, in the caller's name, for a start of another shape than the problem's, or one that is no cloud. */
export function requireEnsembleStart(
  caller: string,
  start: EnsembleStart,
  problem: { readonly modeCount: number; readonly outputCount: number },
): void {
  const { modeCount, outputCount } = problem
  requireStart(caller, problem, start)
  if (start.spread === undefined) return
  const { factor, outputShares } = start.spread
  const size = 2 * modeCount
  if (factor.length !== size * size) {
    throw new RangeError(
      `${caller}: start.spread.factor must have ${size}·${size} values [2·mode, 2·mode], got ${factor.length}`,
    )
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const value = factor[i * size + j]!
      if (!Number.isFinite(value) || (j > i && value !== 0)) {
        const range = j > i ? '0 (above the diagonal)' : 'finite'
        throw new RangeError(`${caller}: start.spread.factor[${i}, ${j}] must be ${range}, got ${value}`)
      }
    }
  }
  if (outputShares.length !== outputCount) {
    throw new RangeError(
      `${caller}: start.spread.outputShares must have one value for each of ${outputCount} outputs, got ${outputShares.length}`,
    )
  }
  let total = 0
  for (let o = 0; o < outputCount; o++) {
    if (!(outputShares[o]! >= 0)) {
      throw new RangeError(`${caller}: start.spread.outputShares[${o}] must be ≥ 0, got ${outputShares[o]}`)
    }
    total += outputShares[o]!
  }
  // shares are quotients by their own sum, so off by rounding at most
  if (!(Math.abs(total - 1) <= 1e-9)) {
    throw new RangeError(`${caller}: start.spread.outputShares must sum to 1, got ${total}`)
  }
}

/**
 * One chain's own start, z_o = point_o + √share_o · L n_o with 2·mode standard normals n_o, outputs in order.
 *
 * Without a spread nothing is drawn. The arrays are new ones. // [output, mode]
 */
export function drawStart(
  start: EnsembleStart,
  modeCount: number,
  state: RandomState,
): { position: Float64Array; velocity: Float64Array } {
  const position = Float64Array.from(start.position)
  const velocity = Float64Array.from(start.velocity)
  if (start.spread !== undefined) {
    const { factor, outputShares } = start.spread
    const size = 2 * modeCount
    const normals = new Float64Array(size)
    outputShares.forEach((share, o) => {
      for (let j = 0; j < size; j++) normals[j] = standardNormal(state)
      for (let i = 0; i < size; i++) {
        let sum = 0
        for (let j = 0; j <= i; j++) sum += factor[i * size + j]! * normals[j]!
        const part = i < modeCount ? position : velocity
        part[o * modeCount + (i % modeCount)]! += Math.sqrt(share) * sum
      }
    })
  }
  return { position, velocity }
}
