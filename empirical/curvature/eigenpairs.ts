/** Some eigenpairs of a Hessian, the algebraically largest eigenvalue first. */
export interface Eigenpairs {
  /** Descending. */
  readonly eigenvalues: Float64Array
  /** Orthonormal to float32, in the order of `HessianOperator`. // [eigenvalue][parameter] */
  readonly eigenvectors: readonly Float32Array[]
  /** ‖Hq − ρq‖: an eigenvalue lies this near. */
  readonly residuals: Float64Array
  /** Whether the residual is at most `tolerance` times |ρ|. */
  readonly converged: readonly boolean[]
  /** Hessian-vector products that it took. */
  readonly products: number
}
