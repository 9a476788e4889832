import type { PhasePoint } from '../foundation/phase-space.ts'
import type { PhaseBlocks } from './theory.ts'

/**
 * The variance of a·z = Σ_l a_xl x_l + a_vl v_l at stationarity, Σ_l a_lᵀ P_l a_l: with Gaussian noise a·z is normal (eq. 11).
 *
 * @param stationary P // [mode, 4]
 * @param direction a, in units that make a·z what one likes // [mode] each
 * @throws RangeError for a direction of another shape
 */
export function projectionVariance(stationary: PhaseBlocks, direction: PhasePoint): number {
  const { position, velocity } = direction
  requireModes('projectionVariance', stationary, position.length, velocity.length)
  let variance = 0
  for (let l = 0; l < position.length; l++) {
    const [x, v, b] = [position[l]!, velocity[l]!, 4 * l]
    variance += x * x * stationary[b]! + 2 * x * v * stationary[b + 1]! + v * v * stationary[b + 3]!
  }
  return variance
}

/**
 * The direction a for which a·z has unit variance and weighs all of phase space as `direction` says: a = L⁻ᵀu/‖u‖ with P = LLᵀ in
 * each mode. Of standard normal u it is uniform in the coordinates in which the stationary law is round.
 *
 * @param stationary P, positive definite // [mode, 4]
 * @param direction u // [mode] each
 * @throws RangeError for a direction of another shape or 0
 */
export function whitenedDirection(stationary: PhaseBlocks, direction: PhasePoint): PhasePoint {
  const { position, velocity } = direction
  requireModes('whitenedDirection', stationary, position.length, velocity.length)
  const norm = Math.hypot(...position, ...velocity)
  if (!(norm > 0)) throw new RangeError(`whitenedDirection: direction must have a length > 0, got ${norm}`)
  const whitened = { position: new Float64Array(position.length), velocity: new Float64Array(position.length) }
  for (let l = 0; l < position.length; l++) {
    const [xx, xv, vv] = [stationary[4 * l]!, stationary[4 * l + 1]!, stationary[4 * l + 3]!]
    const root = Math.sqrt(xx)
    const mixed = xv / root
    const rest = Math.sqrt(vv - mixed * mixed)
    whitened.velocity[l] = velocity[l]! / rest / norm
    whitened.position[l] = (position[l]! / norm - mixed * whitened.velocity[l]!) / root
  }
  return whitened
}

/**
 * P(r² ≤ s) of the squared whitened radius of n independent Gaussian pairs (x, v): χ² with 2n degrees, so Erlang's
 * 1 − e^{−s/2} Σ_{k<n} (s/2)ᵏ/k!.
 *
 * @param pairCount n ≥ 1, modes times outputs
 * @param squaredRadius s ≥ 0
 * @throws RangeError for either out of range
 *
 * Accuracy: 1e-15 absolute; the sum underflows to 0 for s > 1,400, where the answer is 1 for any n below 500.
 */
export function radiusProbability(pairCount: number, squaredRadius: number): number {
  if (!(Number.isInteger(pairCount) && pairCount >= 1)) {
    throw new RangeError(`radiusProbability: pairCount must be an integer ≥ 1, got ${pairCount}`)
  }
  if (!(squaredRadius >= 0)) throw new RangeError(`radiusProbability: squaredRadius must be ≥ 0, got ${squaredRadius}`)
  let term = Math.exp(-squaredRadius / 2)
  let tail = 0
  for (let k = 0; k < pairCount; k++) {
    tail += term
    term *= squaredRadius / 2 / (k + 1)
  }
  return 1 - tail
}

function requireModes(caller: string, stationary: PhaseBlocks, positions: number, velocities: number): void {
  const modeCount = stationary.length / 4
  if (positions !== modeCount || velocities !== modeCount) {
    throw new RangeError(
      `${caller}: direction must have ${modeCount} positions and velocities [mode], got ${positions} and ${velocities}`,
    )
  }
}
