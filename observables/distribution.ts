import type { PacedObserver, PhasePoint } from '../foundation/phase-space.ts'
import { dueObserver } from './due-observer.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireInteger } from './require-integer.ts'

/** What a stationary chain is sampled for, and how seldom. */
export interface DistributionOptions {
  /** Steps left out at the start, integer ≥ 0. */
  readonly burnIn: number
  /** Steps from one sample to the next, ≥ 1: a band for independent samples asks for many relaxation times of the slowest mode. */
  readonly every: number
  /** Directions a, each sampled as a·z = Σ a_x x + Σ a_v v; a mode on its own is a unit vector. // [output, mode] each */
  readonly projections: readonly PhasePoint[]
  /**
   * Covariance xx, xv, vx, vv of each output and mode, for the whitened radius; without it none is taken.
   * Outputs must not be correlated. // [output, mode, 4]
   */
  readonly covariance?: Float64Array
}

/** Samples of one chain, in the order of time. */
export interface DistributionRecord {
  /** a·z for each direction. // [projection][sample] */
  readonly projections: Float64Array[]
  /** Σ zᵀP⁻¹z over outputs and modes, each mode by its own block; empty without a covariance. // [sample] */
  readonly squaredRadius: Float64Array
}

/**
 * Samples the stationary law of one chain, thinned: that it is Gaussian with covariance B/κ (eq. 11; in discrete time P) says that
 * every projection is normal with variance aᵀPa, and that the squared whitened radius is χ² with two degrees for each output and mode.
 *
 * @throws RangeError for a shape or options out of range, or a covariance that is not positive definite; `record` throws
 * RangeError before the first sample
 */
export function observeDistribution(
  shape: PhaseShape,
  options: DistributionOptions,
): { observer: PacedObserver; record: () => DistributionRecord } {
  requirePhaseShape('observeDistribution', shape)
  const { burnIn, every, projections, covariance } = options
  requireInteger('observeDistribution', 'burnIn', burnIn, 0)
  requireInteger('observeDistribution', 'every', every, 1)
  const size = shape.modeCount * shape.outputCount
  for (const [index, { position, velocity }] of projections.entries()) {
    if (position.length !== size || velocity.length !== size) {
      throw new RangeError(
        `observeDistribution: projections[${index}] must have ${size} positions and velocities [output, mode], got ${position.length} and ${velocity.length}`,
      )
    }
  }
  const precision = covariance && inverseBlocks(covariance, size)
  const samples = projections.map((): number[] => [])
  const radii: number[] = []
  let due = burnIn
  return {
    observer: dueObserver(
      'observeDistribution',
      () => due,
      (step, position, velocity) => {
        projections.forEach((a, index) => {
          let sum = 0
          for (let at = 0; at < size; at++) sum += a.position[at]! * position[at]! + a.velocity[at]! * velocity[at]!
          samples[index]!.push(sum)
        })
        if (precision !== undefined) radii.push(squaredRadius(precision, position, velocity))
        due = step + every
      },
    ),
    record: () => {
      if (due === burnIn) {
        throw new RangeError(`observeDistribution: steps must reach ${burnIn}, the first sample`)
      }
      return {
        projections: samples.map((values) => Float64Array.from(values)),
        squaredRadius: Float64Array.from(radii),
      }
    },
  }
}

/** Σ zᵀP⁻¹z. */
function squaredRadius(precision: Float64Array, position: Float64Array, velocity: Float64Array): number {
  let sum = 0
  for (let at = 0; at < position.length; at++) {
    const [x, v] = [position[at]!, velocity[at]!]
    const b = 3 * at
    sum += precision[b]! * x * x + 2 * precision[b + 1]! * x * v + precision[b + 2]! * v * v
  }
  return sum
}

/** xx, xv, vv of each block's inverse. // [output, mode, 3] */
function inverseBlocks(covariance: Float64Array, size: number): Float64Array {
  if (covariance.length !== 4 * size) {
    throw new RangeError(
      `observeDistribution: covariance must have ${size}·4 values [output, mode, 4], got ${covariance.length}`,
    )
  }
  const inverse = new Float64Array(3 * size)
  for (let at = 0; at < size; at++) {
    const [xx, xv, vv] = [covariance[4 * at]!, covariance[4 * at + 1]!, covariance[4 * at + 3]!]
    const determinant = xx * vv - xv * xv
    if (!(xx > 0 && determinant > 0)) {
      throw new RangeError(`observeDistribution: covariance[${at}] must be positive definite, got ${xx}, ${xv}, ${vv}`)
    }
    inverse[3 * at] = vv / determinant
    inverse[3 * at + 1] = -xv / determinant
    inverse[3 * at + 2] = xx / determinant
  }
  return inverse
}
