import type { Verdict } from '../foundation/results.ts'
import type { Estimate, Scale } from './estimate.ts'
import { studentUpperQuantile } from './ledger.ts'

export type Interval = readonly [low: number, high: number]

/** Two-sided Student interval that leaves `tail` on each side, in the quantity's own unit. */
export function studentInterval({ value, standardError, replicas, scale }: Estimate, tail: number): Interval {
  const half = studentUpperQuantile(tail, replicas - 1) * standardError
  return scale === 'log' ? [value * Math.exp(-half), value * Math.exp(half)] : [value - half, value + half]
}

/** The values that a prediction with its margin allows: relative on the log scale, absolute on the linear one. */
export function marginAround(prediction: number, margin: number, scale: Scale): Interval {
  return scale === 'log'
    ? [prediction * (1 - margin), prediction * (1 + margin)]
    : [prediction - margin, prediction + margin]
}

/**
 * Disagrees if the 1−α interval misses the margin, agrees if the 1−2φ interval lies inside it, else inconclusive.
 * A pass is evidence of agreement, never absence of evidence.
 */
export function verdictOf(
  confidence: Interval,
  equivalence: Interval,
  allowed: Interval,
): Exclude<Verdict, 'not-answerable'> {
  if (confidence[1] < allowed[0] || confidence[0] > allowed[1]) return 'disagrees'
  if (equivalence[0] >= allowed[0] && equivalence[1] <= allowed[1]) return 'agrees'
  return 'inconclusive'
}
