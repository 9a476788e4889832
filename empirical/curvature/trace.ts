import { curvatureStream } from './curvature-stream.ts'
import type { Eigenpairs } from './eigenpairs.ts'
import { type Estimate, meanEstimate } from './estimate.ts'
import type { HessianOperator } from './hessian-operator.ts'
import { orthogonalise } from './orthogonalise.ts'
import type { Control } from './progress.ts'
import { signVector } from './random-vector.ts'

export interface TraceSettings {
  /** Random vectors, a product each; at least 2, to have a standard error. */
  readonly probes: number
  readonly seed: number
  /** Eigenpairs whose part is known and needs no estimate, which leaves the bulk's variance alone. */
  readonly deflated?: Pick<Eigenpairs, 'eigenvalues' | 'eigenvectors'>
}

/** zᵀHz of the probes so far. */
export interface TraceState {
  quadraticForms: number[]
}

/**
 * tr H by Hutchinson's estimator: the mean of zᵀHz over vectors z of random signs, with its standard error.
 *
 * With eigenpairs it is Σρ plus the estimate of the rest, z being orthogonal to them: unbiased however far they have
 * converged, since Rayleigh and Ritz's values are the trace of H within their span.
 *
 * @throws RangeError for fewer than 2 probes, or products that are not finite
 */
export async function hutchinsonTrace(
  operator: HessianOperator,
  { probes, seed, deflated }: TraceSettings,
  control: Control<TraceState> = {},
): Promise<Estimate> {
  if (!(Number.isInteger(probes) && probes >= 2)) {
    throw new RangeError(`hutchinsonTrace: probes must be an integer ≥ 2, got ${probes}`)
  }
  const { signal, onProgress } = control
  const state = control.from ?? { quadraticForms: [] }
  while (state.quadraticForms.length < probes) {
    signal?.throwIfAborted()
    const probe = signVector(operator.size, curvatureStream(seed, 'trace', state.quadraticForms.length))
    orthogonalise(probe, deflated?.eigenvectors ?? [])
    const product = await operator.multiply(Float32Array.from(probe))
    let form = 0
    for (let i = 0; i < probe.length; i++) form += probe[i]! * product[i]!
    if (!Number.isFinite(form)) throw new RangeError(`hutchinsonTrace: products must be finite, got ${form}`)
    state.quadraticForms.push(form)
    await onProgress?.(state.quadraticForms.length, probes, state)
  }
  const { value, standardError } = meanEstimate(state.quadraticForms)
  return { value: value + (deflated?.eigenvalues.reduce((sum, rho) => sum + rho, 0) ?? 0), standardError }
}
