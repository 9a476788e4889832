import type { Look } from '../../foundation/results.ts'
import type { Estimate, Scale } from '../estimate.ts'
import { normalUpperQuantile, type Spent } from '../ledger.ts'
import type { Spread } from '../spread.ts'
import { marginAround, studentInterval, verdictOf } from '../verdict.ts'
import type { Holding, Separation, Terms } from './evidence.ts'
import { allowedSpread } from './mean-power.ts'

/** A look at an estimate with Student's intervals. */
export function studentLook(estimate: Estimate, { alpha, phi }: Spent, doubt: string | undefined): Look {
  return {
    replicas: estimate.replicas,
    alpha,
    phi,
    estimate: estimate.value,
    standardError: estimate.standardError,
    confidenceInterval: [...studentInterval(estimate, alpha / 2)],
    equivalenceInterval: [...studentInterval(estimate, phi)],
    ...(estimate.batches === undefined ? {} : { batches: { ...estimate.batches } }),
    ...(doubt === undefined ? {} : { doubt }),
  }
}

/** A prediction held against a look. In doubt nothing is decided. */
export function holdAgainst(look: Look, prediction: number, { scale, margin }: Terms): Holding {
  const { confidenceInterval, equivalenceInterval, estimate, doubt } = look
  const verdict = verdictOf(confidenceInterval, equivalenceInterval, marginAround(prediction, margin, scale))
  return {
    prediction,
    verdict: doubt === undefined ? verdict : 'inconclusive',
    ...differenceFrom(prediction, estimate, confidenceInterval, scale),
  }
}

/** Measured against predicted: relative on the log scale, absolute on the linear one; nothing of a rival that predicts zero. */
function differenceFrom(
  prediction: number,
  estimate: number,
  [low, high]: readonly [number, number],
  scale: Scale,
): Pick<Holding, 'difference' | 'differenceInterval'> {
  const against = (value: number): number => (scale === 'log' ? value / prediction - 1 : value - prediction)
  const difference = against(estimate)
  return Number.isFinite(difference) ? { difference, differenceInterval: [against(low), against(high)] } : {}
}

/** How far a theory's number is from the reference's, and whether samples or this budget could tell. */
export function separationOf(
  prediction: number,
  reference: number,
  { scale, margin }: Terms,
  smallestDetectable: number,
): Separation {
  const distance = distanceBetween(prediction, reference, scale)
  const room = scale === 'log' ? Math.log1p(margin) : margin
  return { prediction, distance, differs: distance > room, separable: distance > 2 * margin + smallestDetectable }
}

/** |log a − log b| or |a − b|; infinite where only one of the two has a logarithm. */
function distanceBetween(a: number, b: number, scale: Scale): number {
  if (scale === 'linear') return Math.abs(a - b)
  return a > 0 && b > 0 ? Math.abs(Math.log(a / b)) : Number.POSITIVE_INFINITY
}

/** How often parts that scatter as planned may be taken for more. */
const falseDoubtRate = 1e-6

/**
 * Why an estimate decides nothing: its parts scatter more than the plan reckoned with, beyond chance. Then what the plan knew
 * of their tails is void too, and an interval too short by luck, as infinite variance gives now and then, would go unseen.
 *
 * @param samples over all parts
 */
export function scatterDoubt(estimate: Estimate, spread: Spread, samples: number): string | undefined {
  const degrees = estimate.replicas - 1
  // Wilson and Hilferty: the cube root of chi-squared over its degrees is nearly normal.
  const fluctuation = 2 / (9 * degrees)
  const chance = (1 - fluctuation + normalUpperQuantile(falseDoubtRate) * Math.sqrt(fluctuation)) ** 3
  const planned = allowedSpread(spread).varianceSteps / samples
  const ratio = estimate.standardError ** 2 / planned
  if (ratio <= chance) return undefined
  return `replicas scatter ${ratio.toPrecision(3)} times as much as planned`
}
