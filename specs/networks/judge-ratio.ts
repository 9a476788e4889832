import type { NetworkClaim } from '../../foundation/network-results.ts'
import { type Interval, verdictOf } from '../../harness/index.ts'
import { studentUpperQuantile } from '../../harness/ledger.ts'
import { claimAlpha } from './ratio-claim.ts'

/** A ratio of measured to predicted that is known to be off, as other seeds showed it. */
export interface KnownRatio {
  readonly ratio: number
  /** 1 − α, two-sided. */
  readonly interval: Interval
}

export interface JudgedRatio {
  readonly verdict: ReturnType<typeof verdictOf>
  /** Measured over what it is held against. */
  readonly ratio: number
  readonly interval: Interval
}

/**
 * Holds a claim's ratio against 1, or against what other seeds found, their error added in quadrature: it disagrees by the
 * 1 − α interval that the claim has, and agrees by the 1 − 2φ interval of as many runs, φ = α.
 *
 * @param replicas runs that the interval is from, ≥ 2
 * @returns undefined for a claim without an interval
 */
export function judgeRatio(
  { measured, prediction, ratioInterval }: NetworkClaim,
  margin: number,
  replicas: number,
  known: KnownRatio = { ratio: 1, interval: [1, 1] },
): JudgedRatio | undefined {
  if (ratioInterval === undefined) return undefined
  const ratio = measured / prediction / known.ratio
  const side = (end: 0 | 1): number =>
    Math.hypot(
      ratioInterval[end] / known.ratio - ratio,
      // a known ratio that lies higher brings the quotient lower
      ratio * (known.interval[1 - end]! / known.ratio - 1),
    )
  const interval: Interval = [ratio - side(0), ratio + side(1)]
  const share = studentUpperQuantile(claimAlpha, replicas - 1) / studentUpperQuantile(claimAlpha / 2, replicas - 1)
  const equivalence: Interval = [ratio - share * side(0), ratio + share * side(1)]
  return { verdict: verdictOf(interval, equivalence, [1 - margin, 1 + margin]), ratio, interval }
}
