import { symmetricEigen } from '../../foundation/linear-algebra/symmetric-eigen.ts'
import { curvatureStream } from './curvature-stream.ts'
import type { Eigenpairs } from './eigenpairs.ts'
import { type Estimate, meanEstimate } from './estimate.ts'
import type { HessianOperator } from './hessian-operator.ts'
import { type LanczosState, lanczosStep, projectedHessian } from './lanczos-step.ts'
import { orthogonalise, unitVector } from './orthogonalise.ts'
import type { Control } from './progress.ts'
import { signVector } from './random-vector.ts'

export interface SpectralDensitySettings {
  /** Random vectors; at least 2. */
  readonly probes: number
  /** Products a probe, and nodes: moments up to 2·steps − 1 are exact for each probe's own density. */
  readonly steps: number
  readonly seed: number
  /** Eigenpairs taken out: each becomes a node that counts once, and the quadrature is of the rest. */
  readonly deflated?: Pick<Eigenpairs, 'eigenvalues' | 'eigenvectors'>
}

/** Where it stands. */
export interface SpectralDensityState {
  /** Of the probes that are done. */
  nodes: number[]
  counts: number[]
  /** tr H and tr H² as each probe has them, without the deflated part. */
  firstMoments: number[]
  secondMoments: number[]
  /** Of the probe being worked on. */
  current: LanczosState | undefined
}

/** The spectrum as a sum of peaks. */
export interface SpectralDensity {
  /** Ascending. */
  readonly nodes: Float64Array
  /** Eigenvalues that each node stands for; in all as many as there are parameters. */
  readonly counts: Float64Array
  /** Σ counts·nodes = tr H, with the standard error over probes. */
  readonly trace: Estimate
  /** Σ counts·nodes² = tr H² = ‖H‖_F², likewise. */
  readonly squaredFrobeniusNorm: Estimate
}

/**
 * The density of the Hessian's eigenvalues by stochastic Lanczos quadrature (Ghorbani, Krishnan and Xiao 2019): Gauss's
 * nodes and weights of each random vector's spectral measure, averaged over the vectors. Memory: steps + 4 vectors, and
 * those deflated.
 *
 * @throws RangeError for fewer than 2 probes, steps below 1, nothing left beside the deflated, or products that are not finite
 */
export async function spectralDensity(
  operator: HessianOperator,
  settings: SpectralDensitySettings,
  control: Control<SpectralDensityState> = {},
): Promise<SpectralDensity> {
  const { probes, seed, deflated } = settings
  requireSettings(operator, settings)
  const vectors = deflated?.eigenvectors ?? []
  const dimension = operator.size - vectors.length
  const steps = Math.min(settings.steps, dimension)
  const { signal, onProgress } = control
  const state = control.from ?? { nodes: [], counts: [], firstMoments: [], secondMoments: [], current: undefined }
  while (state.firstMoments.length < probes) {
    const probe = state.firstMoments.length
    state.current ??= startOf(signVector(operator.size, curvatureStream(seed, 'density', probe)), vectors)
    while (state.current.columns.length < steps) {
      signal?.throwIfAborted()
      // where the probe's own space ends, its measure is complete: what a random vector adds has no weight
      const restart = curvatureStream(seed, 'restart', probe * steps + state.current.columns.length)
      await lanczosStep(operator, state.current, vectors, restart)
      await onProgress?.(probe * steps + state.current.columns.length, probes * steps, state)
    }
    finishProbe(state, state.current, dimension, probes)
    state.current = undefined
  }
  const known = deflated?.eigenvalues ?? new Float64Array(0)
  const peaks = [
    ...state.nodes.map((node, index) => ({ node, count: state.counts[index]! })),
    ...Array.from(known, (node) => ({ node, count: 1 })),
  ].sort((a, b) => a.node - b.node)
  const withKnown = (moments: number[], power: number): Estimate => {
    const { value, standardError } = meanEstimate(moments)
    return { value: known.reduce((sum, rho) => sum + rho ** power, value), standardError }
  }
  return {
    nodes: Float64Array.from(peaks, ({ node }) => node),
    counts: Float64Array.from(peaks, ({ count }) => count),
    trace: withKnown(state.firstMoments, 1),
    squaredFrobeniusNorm: withKnown(state.secondMoments, 2),
  }
}

function startOf(probe: Float64Array, deflated: readonly Float32Array[]): LanczosState {
  orthogonalise(probe, deflated)
  return { basis: [unitVector(probe)], columns: [], coupling: 0 }
}

function finishProbe(state: SpectralDensityState, done: LanczosState, dimension: number, probes: number): void {
  const steps = done.columns.length
  const { values, vectors } = symmetricEigen(projectedHessian(done), steps)
  let [first, second] = [0, 0]
  for (let j = 0; j < steps; j++) {
    // the first components of the eigenvectors, squared, are the weights
    const count = dimension * vectors[j]! ** 2
    first += count * values[j]!
    second += count * values[j]! ** 2
    state.nodes.push(values[j]!)
    state.counts.push(count / probes)
  }
  state.firstMoments.push(first)
  state.secondMoments.push(second)
}

function requireSettings({ size }: HessianOperator, { probes, steps, deflated }: SpectralDensitySettings): void {
  if (!(Number.isInteger(probes) && probes >= 2)) {
    throw new RangeError(`spectralDensity: probes must be an integer ≥ 2, got ${probes}`)
  }
  if (!(Number.isInteger(steps) && steps >= 1)) {
    throw new RangeError(`spectralDensity: steps must be an integer ≥ 1, got ${steps}`)
  }
  const taken = deflated?.eigenvectors.length ?? 0
  if (taken >= size) {
    throw new RangeError(`spectralDensity: deflated must be fewer than the ${size} dimensions, got ${taken}`)
  }
}
