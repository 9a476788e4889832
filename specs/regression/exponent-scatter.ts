import { fitPowerLaw } from '../../foundation/power-law.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import type { SecondOrderLaw } from '../../oracle/theory.ts'

/** Where 19 of 20 single runs lie. // [length] each */
export interface ExponentBand {
  readonly low: Float64Array
  readonly high: Float64Array
}

export interface ExponentScatterOptions {
  /** k ≥ 1, ascending // [point] */
  readonly steps: readonly number[]
  /** Fits of the first so many points, integers in [2, all points]. // [length] */
  readonly lengths: readonly number[]
  /** Shares of independent outputs in the law's covariance, which is summed over them. */
  readonly outputShares: ArrayLike<number>
  readonly draws: number
  readonly seed: number
}

/** Names of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const normal = standardNormal

/**
 * How the exponent of a single stationary run's ‖Δ_k‖² scatters, the run being Gaussian: the central 95 % of fits of curves that
 * are drawn from the law itself, from point to point by its transition.
 *
 * @param law with E(k) = E(1)ᵏ and a covariance after any number of steps; modes independent
 * @throws RangeError for a law without a transient; what fitPowerLaw throws
 */
export function exponentScatter(
  law: SecondOrderLaw,
  { steps, lengths, outputShares, draws, seed }: ExponentScatterOptions,
): ExponentBand {
  if (!law.accumulated) {
    throw new RangeError('exponentScatter: law must have a covariance after some steps, got a stationary one only')
  }
  const curves = Array.from({ length: draws }, () => new Float64Array(steps.length))
  const state = streamOf(seed, 0)
  const propagators = steps.map((step, k) => law.propagator(step - (steps[k - 1] ?? 0)))
  const noises = steps.map((step, k) => law.accumulated!(step - (steps[k - 1] ?? 0)))
  for (let l = 0; l < law.spectrum.eigenvalues.length; l++) {
    const b = 4 * l
    const first = choleskyOf(law.stationary, b)
    const kicks = noises.map((noise) => choleskyOf(noise, b))
    for (let o = 0; o < outputShares.length; o++) {
      const share = outputShares[o]!
      if (share === 0) continue
      for (const curve of curves) {
        const [p, q] = [normal(state), normal(state)]
        let x = first.xx * p
        let v = first.vx * p + first.vv * q
        const start = x
        for (let k = 0; k < steps.length; k++) {
          const E = propagators[k]!
          const kick = kicks[k]!
          const [r, s] = [normal(state), normal(state)]
          const moved = E[b]! * x + E[b + 1]! * v + kick.xx * r
          v = E[b + 2]! * x + E[b + 3]! * v + kick.vx * r + kick.vv * s
          x = moved
          curve[k]! += share * (x - start) * (x - start)
        }
      }
    }
  }
  const low = new Float64Array(lengths.length)
  const high = new Float64Array(lengths.length)
  for (const [place, length] of lengths.entries()) {
    const fitted = steps.slice(0, length)
    const exponents = Float64Array.from(curves, (curve) => fitPowerLaw(fitted, curve.subarray(0, length)).exponent)
    exponents.sort()
    low[place] = quantile(exponents, 0.025)
    high[place] = quantile(exponents, 0.975)
  }
  return { low, high }
}

/** Of the block xx, xv, vx, vv; one that rounding makes a little less than a covariance has nothing left in v. */
function choleskyOf(block: Float64Array, at: number): { xx: number; vx: number; vv: number } {
  const xx = Math.sqrt(block[at]!)
  const vx = xx > 0 ? block[at + 2]! / xx : 0
  return { xx, vx, vv: Math.sqrt(Math.max(0, block[at + 3]! - vx * vx)) }
}

function quantile(ascending: Float64Array, part: number): number {
  const place = part * (ascending.length - 1)
  const below = Math.floor(place)
  const [from, to] = [ascending[below]!, ascending[Math.min(below + 1, ascending.length - 1)]!]
  return from + (place - below) * (to - from)
}
