import { logSpread, type Spread } from '../../harness/spread.ts'
import type { PhaseBlocks, SecondOrderLaw } from '../../oracle/theory.ts'
import { twoTimeCovariance } from '../../oracle/two-time-covariance.ts'

/** Weights of xx, xv, vx, vv, the earlier time first. */
export type BilinearWeights = readonly [xx: number, xv: number, vx: number, vv: number]

/**
 * Variance, counted per step, of the mean over windows of q = Σ_ab w_ab a_k b_{k+lag} in one mode of a stationary Gaussian law:
 * windows start `cycle` steps apart, and (Isserlis) those m steps apart covary as
 * Σ w_ab w_cd [R_ac(m) R_bd(m) + R_ad(m+lag) R_bc(m−lag)].
 *
 * @param relaxationSteps of the mode; windows further apart than ten of them are taken for independent
 */
export function bilinearVariance(
  law: SecondOrderLaw,
  mode: number,
  { lag, cycle, weights, relaxationSteps }: Bilinear,
): number {
  const known = new Map<number, PhaseBlocks>()
  /** E a_0 b_m. */
  const R = (a: number, b: number, m: number): number => {
    if (m < 0) return R(b, a, -m)
    let blocks = known.get(m)
    if (blocks === undefined) {
      blocks = twoTimeCovariance(law, 'stationary', 0, m).slice(4 * mode, 4 * mode + 4)
      known.set(m, blocks)
    }
    return blocks[2 * a + b]!
  }
  const covariance = (m: number): number => {
    let sum = 0
    for (let first = 0; first < 4; first++) {
      for (let second = 0; second < 4; second++) {
        const weight = weights[first]! * weights[second]!
        if (weight === 0) continue
        const [a, b, c, d] = [first >> 1, first & 1, second >> 1, second & 1]
        sum += weight * (R(a, c, m) * R(b, d, m) + R(a, d, m + lag) * R(b, c, m - lag))
      }
    }
    return sum
  }
  let variance = covariance(0)
  for (let m = cycle; m <= 10 * relaxationSteps; m += cycle) variance += 2 * covariance(m)
  return variance * cycle
}

export interface Bilinear {
  readonly lag: number
  readonly cycle: number
  readonly weights: BilinearWeights
  readonly relaxationSteps: number
}

/** Spread of a mean that is `expected` with this variance per step: on the log scale, leaning as a gamma law of the same width. */
export function relativeSpread(variance: number, expected: number): Spread {
  const relative = variance / expected ** 2
  return logSpread(relative, 2 * relative ** 2)
}
