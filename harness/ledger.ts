import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'

/**
 * How the suite's false-alarm rate and each claim's false-pass rate are spent.
 *
 * A suite may cry wolf once in a million runs: its rate is shared equally by its claims (Bonferroni). Look j = 1, 2, … of a
 * claim spends α/2ʲ and φ/2ʲ, so that stopping at the first decisive look costs nothing.
 */
export interface Ledger {
  /** False alarms of the whole suite. */
  readonly falseAlarmRate: number
  /** False passes of one claim, φ. */
  readonly falsePassRate: number
  readonly claims: number
  /** α of one claim. */
  readonly alphaPerClaim: number
}

export const suiteFalseAlarmRate = 1e-6
export const claimFalsePassRate = 1e-3

/**
 * Largest log factor by which skewness may make the tails of a look heavier than Student's. A look that may be off by
 * more is not taken, and what a look spends is divided by e to this power, so that the rates hold all the same.
 */
export const toleratedDistortion = 0.5

/**
 * A suite's rates, shared by its claims.
 *
 * @throws RangeError unless claims is an integer ≥ 1 and both rates are in (0, 1)
 */
export function ledgerFor(
  claims: number,
  falseAlarmRate: number = suiteFalseAlarmRate,
  falsePassRate: number = claimFalsePassRate,
): Ledger {
  if (!(Number.isInteger(claims) && claims >= 1))
    throw new RangeError(`ledgerFor: claims must be an integer ≥ 1, got ${claims}`)
  for (const [name, rate] of Object.entries({ falseAlarmRate, falsePassRate })) {
    if (!(rate > 0 && rate < 1)) throw new RangeError(`ledgerFor: ${name} must be in (0, 1), got ${rate}`)
  }
  return { falseAlarmRate, falsePassRate, claims, alphaPerClaim: falseAlarmRate / claims }
}

/** Error rates of one look at one claim. */
export interface Spent {
  readonly alpha: number
  readonly phi: number
}

/** What look number `look` (1, 2, …) of one claim may spend. */
export function spentAtLook(ledger: Ledger, look: number): Spent {
  const share = Math.exp(-toleratedDistortion) / 2 ** look
  return { alpha: ledger.alphaPerClaim * share, phi: ledger.falsePassRate * share }
}

/** z with P(Z > z) = tail. */
export function normalUpperQuantile(tail: number): number {
  return -normalQuantile(tail, 0, 1)
}

/** t with P(T > t) = tail for Student's t with the given degrees of freedom. */
export function studentUpperQuantile(tail: number, degreesOfFreedom: number): number {
  const key = `${tail} ${degreesOfFreedom}`
  const known = studentQuantiles.get(key)
  if (known !== undefined) return known
  const quantile = -tQuantile(tail, degreesOfFreedom)
  studentQuantiles.set(key, quantile)
  return quantile
}

/** Found by iteration, and the same few are asked for by every claim. */
const studentQuantiles = new Map<string, number>()
