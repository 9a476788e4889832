import type { SamplingScheme } from '../foundation/phase-space.ts'

/** The schemes that draw examples. */
export type MiniBatchScheme = Exclude<SamplingScheme, 'gaussian' | 'student-t'>

/**
 * What one step does, as data: the same for the compiled loop, the TypeScript loop and a worker thread.
 * States are // [output, mode]
 */
export type Dynamics = MiniBatchDynamics | AdditiveNoiseDynamics | LinearDynamics

/** SGD on batches: g_o = (1/|B|) Σ_{i∈B} x_i (x_iᵀx_o + r_io) + slope x_o + pull_o; frozen: without x_iᵀx_o. Then v ← βv − g, x ← x + ηv. */
export interface MiniBatchDynamics {
  readonly kind: 'mini-batch'
  readonly sampling: MiniBatchScheme
  readonly frozen: boolean
  readonly exampleCount: number
  readonly modeCount: number
  readonly outputCount: number
  readonly batchSize: number
  readonly learningRate: number
  readonly momentum: number
  /** x_i // [example, mode] */
  readonly features: Float64Array
  /** r_i // [example, output] */
  readonly residuals: Float64Array
  /** λ, or frozen ρ + λ. // [mode] */
  readonly slopes: Float64Array
  /** λμ // [output, mode] */
  readonly pull: Float64Array
}

/** SGD with noise that depends on no position: g_lo = slope_l x_lo + scale_l Σ_{p≤o} factor_op n_lp. Then v ← βv − g, x ← x + ηv. */
export interface AdditiveNoiseDynamics {
  readonly kind: 'additive-noise'
  readonly modeCount: number
  readonly outputCount: number
  readonly learningRate: number
  readonly momentum: number
  /** ρ + λ // [mode] */
  readonly slopes: Float64Array
  /** // [mode] */
  readonly scales: Float64Array
  /** Lower-triangular; of one output it is in the scales. // [output, output] */
  readonly factor: Float64Array
  /** ν of Student's t; absent: normal. */
  readonly degreesOfFreedom?: number
}

/**
 * A linear Gaussian recursion in each mode, z ← z + Fz + Ln, for one output:
 * x by (F_xx x + F_xv v) + L_xx n,  v by (F_vx x + F_vv v) + (L_vx n + L_vv n′).
 */
export interface LinearDynamics {
  readonly kind: 'linear'
  readonly modeCount: number
  readonly outputCount: 1
  /** F: xx, xv, vx, vv // [4, mode] */
  readonly increment: Float64Array
  /** L: xx, vx, vv // [3, mode] */
  readonly factor: Float64Array
  /** L_xx = L_vx = 0 in every mode: n is not drawn. */
  readonly velocityOnly: boolean
}
