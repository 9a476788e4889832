import type { NetworkReport } from '../../foundation/network-results.ts'
import type { ModeSpectrum } from '../../foundation/phase-space.ts'

/** What is taken for the noise along the Hessian's modes: Assumption 3, Σ = σ²H, or what was measured. */
export const noiseModels = ['proportional', 'measured'] as const
export type NoiseModel = (typeof noiseModels)[number]

/** An eigenvector, or a node of the spectral density, which stands for several. */
export interface SpectrumNode {
  /** ρ, curvature, of any sign. */
  readonly eigenvalue: number
  /** How many eigenvalues it stands for; of a quadrature, no integer. */
  readonly count: number
  /** qᵀΣq, the variance of one example's gradient along each of them, loss²/parameter². */
  readonly noise: Readonly<Record<NoiseModel, number>>
}

/** A network's Hessian and gradient noise, as far as they are known. */
export interface NetworkSpectrum {
  /** Modes whose eigenvectors are known, as in `curvature.eigenvalues`. // [mode] */
  readonly top: readonly SpectrumNode[]
  /** The rest of the density. */
  readonly bulk: readonly SpectrumNode[]
  /** tr Σ of one example's gradient. */
  readonly noiseTrace: number
  /** σ² = tr Σ/tr H, loss. */
  readonly noiseVariance: number
  /** Share of tr Σ that `measured` leaves to the bulk; below 0 where the top modes' noise, as estimated, is more than all. */
  readonly bulkShare: number
}

/** Modes of ρ ≤ 0, which have no stationary law. */
export interface FlatModes {
  readonly modes: number
  /** Share of all noise that `measured` gives them. */
  readonly noiseShare: number
  /** The smallest ρ of all. */
  readonly smallest: number
}

type Curvature = Pick<NetworkReport['curvature'], 'eigenvalues' | 'density'>
type Noise = Pick<NetworkReport['noise'], 'trace' | 'variance' | 'alignment'>

/**
 * The spectrum of a network, from its top eigenpairs, the density of all eigenvalues and the noise along the top modes.
 *
 * Noise, as `proportional` has it: qᵀΣq = σ²ρ in every mode, none where ρ ≤ 0, since Σ has no negative directions (so its sum is
 * σ² Σ_{ρ>0} ρ, above tr Σ where there are such modes). As `measured` has it: what was measured along the top modes, of any
 * curvature; what is left of tr Σ goes to the bulk in proportion to |ρ|, so that tr Σ is kept, and flat and negative directions
 * get a share of it that shrinks with their curvature.
 *
 * @param curvature the density's nodes hold each eigenvalue once, as deflation leaves them
 * @throws RangeError for an alignment of another length, or an eigenvalue that is no node of count 1
 */
export function networkSpectrum({ eigenvalues, density }: Curvature, noise: Noise): NetworkSpectrum {
  if (noise.alignment.length !== eigenvalues.length) {
    throw new RangeError(
      `networkSpectrum: alignment must have one value for each of ${eigenvalues.length} eigenvalues, got ${noise.alignment.length}`,
    )
  }
  const left = density.nodes.map((eigenvalue, index) => ({ eigenvalue, count: density.counts[index]! }))
  for (const [mode, rho] of eigenvalues.entries()) {
    const at = left.findIndex(({ eigenvalue, count }) => eigenvalue === rho && count === 1)
    if (at === -1) {
      throw new RangeError(
        `networkSpectrum: density must have eigenvalues[${mode}] as a node of count 1, got no ${rho}`,
      )
    }
    left.splice(at, 1)
  }
  const noiseVariance = noise.variance.value
  const proportional = (rho: number): number => noiseVariance * Math.max(0, rho)
  const top = eigenvalues.map((eigenvalue, mode) => ({
    eigenvalue,
    count: 1,
    noise: {
      proportional: proportional(eigenvalue),
      measured: Math.max(0, noise.alignment[mode]! * noiseVariance * eigenvalue),
    },
  }))
  const rest = noise.trace.value - top.reduce((sum, node) => sum + node.noise.measured, 0)
  const weight = left.reduce((sum, { eigenvalue, count }) => sum + count * Math.abs(eigenvalue), 0)
  const perCurvature = weight > 0 ? Math.max(0, rest) / weight : 0
  return {
    top,
    bulk: left.map(({ eigenvalue, count }) => ({
      eigenvalue,
      count,
      noise: { proportional: proportional(eigenvalue), measured: perCurvature * Math.abs(eigenvalue) },
    })),
    noiseTrace: noise.trace.value,
    noiseVariance,
    bulkShare: rest / noise.trace.value,
  }
}

/** Top modes and bulk. */
export function nodesOf({ top, bulk }: Pick<NetworkSpectrum, 'top' | 'bulk'>): readonly SpectrumNode[] {
  return [...top, ...bulk]
}

/**
 * The modes that have a stationary law, ρ > 0, as theories take them: σ²_l = qᵀΣq/ρ, times the count where a node stands for
 * several, since speed and displacement are sums over modes that are linear in it.
 */
export function stationaryModes(nodes: readonly SpectrumNode[], model: NoiseModel): ModeSpectrum {
  const moving = nodes.filter(({ eigenvalue }) => eigenvalue > 0)
  return {
    eigenvalues: Float64Array.from(moving, ({ eigenvalue }) => eigenvalue),
    noiseVariances: Float64Array.from(moving, ({ eigenvalue, count, noise }) => (count * noise[model]) / eigenvalue),
  }
}

/** What stationary predictions leave out. */
export function flatModes(spectrum: NetworkSpectrum): FlatModes {
  let modes = 0
  let noise = 0
  let all = 0
  let smallest = Number.POSITIVE_INFINITY
  for (const { eigenvalue, count, noise: of } of nodesOf(spectrum)) {
    all += count * of.measured
    smallest = Math.min(smallest, eigenvalue)
    if (eigenvalue > 0) continue
    modes += count
    noise += count * of.measured
  }
  return { modes, noiseShare: all > 0 ? noise / all : 0, smallest }
}
