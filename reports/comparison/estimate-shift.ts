import type { Claim, Look } from '../../foundation/results.ts'
import { studentTail } from '../../foundation/statistics/tail-probability.ts'

/** What of a claim an estimate is read from. */
export type Measured = Pick<Claim, 'scale' | 'margin' | 'evidence' | 'looks'>

/** By how much the estimates of two independent runs differ. */
export interface Shift {
  /** head − base on the claim's scale: of logarithms, or of values */
  readonly difference: number
  /** Standard errors that it is; absent where no normal law is behind the estimates. */
  readonly deviations?: number
  /** How often honest runs differ by as much, at most. */
  readonly chance: number
}

/**
 * Looks may have been stopped where they read well, and skewed replicas have heavier tails than Student's: the harness
 * allows itself a factor e^½ for the latter, and so much is allowed here.
 */
const skewnessAllowance = Math.exp(0.5)

/**
 * Holds the last looks of two runs with different random streams against each other.
 *
 * Means over replicas differ by Welch's t: variances added, degrees of freedom by Satterthwaite, so that few replicas count as
 * few. A run stops at the first look that decides, so its last look is one of several: looks i and j have the share 2⁻ⁱ⁻ʲ of
 * the chance, which adds up to 1 over all that might have been the last. Of several coordinates a look shows the worst of m,
 * of which there are m chances. Distances of distributions differ by both their bands (Dvoretzky, Kiefer, Wolfowitz).
 *
 * @returns nothing where the two cannot be held against each other: no look, another coordinate, an exact claim
 */
export function estimateShift(base: Measured, head: Measured): Shift | undefined {
  const [before, after] = [base.looks.at(-1), head.looks.at(-1)]
  if (before === undefined || after === undefined || before.coordinate !== after.coordinate) return undefined
  const difference = onScale(base.scale, after.estimate, before.estimate)
  const stopping = 2 ** (base.looks.length + head.looks.length)
  if (base.evidence === 'distribution' && head.evidence === 'distribution') {
    const bands = bandScale(before) + bandScale(after)
    const chance = difference === 0 ? 1 : 4 * Math.exp(-((difference / bands) ** 2))
    return { difference, chance: Math.min(1, stopping * chance) }
  }
  const errors = [before, after].map(({ standardError }) => standardError)
  if (errors.some((error) => error === undefined) || before.replicas < 2 || after.replicas < 2) return undefined
  const [first, second] = errors as [number, number]
  const deviations = difference === 0 ? 0 : difference / Math.hypot(first, second)
  const degrees =
    (first ** 2 + second ** 2) ** 2 / (first ** 4 / (before.replicas - 1) + second ** 4 / (after.replicas - 1))
  const chance = deviations === 0 ? 1 : 2 * studentTail(Math.abs(deviations), degrees)
  const coordinates =
    before.coordinate === undefined ? 1 : Math.max(coordinateCount(base, before), coordinateCount(head, after))
  return { difference, deviations, chance: Math.min(1, skewnessAllowance * stopping * coordinates * chance) }
}

/** head − base of logarithms, or of values; infinite where only one of the two has a logarithm. */
export function onScale(scale: Claim['scale'], head: number, base: number): number {
  if (head === base) return 0
  if (scale === 'linear') return head - base
  return head * base > 0 ? Math.log(head / base) : Number.POSITIVE_INFINITY
}

/** A difference on the claim's scale in units of its margin: none of an infinite one. */
export function inMargins({ scale, margin }: Pick<Claim, 'scale' | 'margin'>, difference: number): number {
  return difference === 0 ? 0 : Math.abs(difference) / (scale === 'log' ? Math.log1p(margin) : margin)
}

/** The band is this times √log(2/rate). */
function bandScale({ confidenceInterval, estimate, alpha }: Look): number {
  return (confidenceInterval[1] - estimate) / Math.sqrt(Math.log(2 / alpha))
}

/** Among how many coordinates the interval shares its α: it is as long as Student's at α/m. */
function coordinateCount({ scale }: Measured, { confidenceInterval, standardError, replicas, alpha }: Look): number {
  const [low, high] = confidenceInterval
  const half = (scale === 'log' ? Math.log(high / low) : high - low) / 2
  const share = 2 * studentTail(half / standardError!, replicas - 1)
  return share > 0 ? Math.max(1, Math.round(alpha / share)) : 1
}
