import type { NetworkClaim } from '../../foundation/network-results.ts'
import {
  type Estimate,
  estimateLongRun,
  estimateRatio,
  type Interval,
  marginAround,
  type ReplicaValue,
  type Series,
  studentInterval,
  verdictOf,
} from '../../harness/index.ts'

/** A number of several runs of the same settings, with what it is held against. */
export interface ClaimedQuantity {
  readonly quantity: string
  readonly source: string
  readonly theory: string
  readonly prediction: number
  /** One for each run; their ratio of means is the measurement. */
  readonly values: readonly ReplicaValue[]
  /**
   * Of the first run, where its second half is stationary: what a single run's interval is from, and its own prediction. Absent:
   * a single run has none.
   */
  readonly series?: { readonly samples: Series; readonly prediction: number }
  /** Standard deviation that the theory gives a single run, where it does. */
  readonly spread?: number
  readonly note?: string
}

/** Two-sided error of an interval, and one-sided of a pass. */
export const claimAlpha = 1e-3
/** Relative: networks are held to no less than 10 %. */
export const claimMargin = 0.1
const claimMarginReason =
  'networks are held to 10 %: theory takes the loss as quadratic and the noise as the same everywhere, which they are nearly'
/** Runs from which a scatter is known. */
export const fewestReplicas = 8
/** Of a scatter that the theory gives: many degrees of freedom. */
const knownScatter = 1e6

/**
 * Measured over predicted with an interval, and the verdict: Student's t over runs where there are at least eight, else batch
 * means over the first run's second half, else the theory's own scatter of single runs. A number that none of these gives an
 * interval of has no verdict.
 */
export function ratioClaim(run: string, claimed: ClaimedQuantity): NetworkClaim | undefined {
  const { quantity, source, theory, prediction, values, series, spread } = claimed
  const all = meanOf(values)
  const notes = claimed.note === undefined ? [] : [claimed.note]
  const replicated = values.length >= fewestReplicas
  const held = replicated || series === undefined ? prediction : series.prediction
  const estimated = replicated
    ? { estimate: estimateRatio(values, 'linear') }
    : series === undefined
      ? undefined
      : estimateLongRun(series.samples, 'linear')
  const measured = estimated?.estimate.value ?? all
  if (!(Number.isFinite(held) && Number.isFinite(measured) && held !== 0)) return undefined
  const claim = { run, quantity, source, theory, prediction: held, measured }
  if (replicated) notes.push(`${values.length} runs`)
  else if (series !== undefined) notes.push('second half of one run, batch means')
  if (estimated === undefined) {
    if (spread === undefined) {
      return {
        ...claim,
        note: [...notes, `${values.length === 1 ? 'one run' : `${values.length} runs`}: no interval`].join('; '),
      }
    }
    const estimate: Estimate = {
      scale: 'linear',
      replicas: knownScatter,
      value: measured,
      standardError: spread / Math.sqrt(values.length),
    }
    return { ...claim, ...judged(estimate, held), note: [...notes, 'scatter as the theory has it'].join('; ') }
  }
  const { estimate, tooShort } = estimated as ReturnType<typeof estimateLongRun>
  const verdict = judged(estimate, held)
  if (tooShort === undefined) return { ...claim, ...verdict, ...(notes.length > 0 ? { note: notes.join('; ') } : {}) }
  const { standardError: _, replicas: __, ...interval } = verdict
  return { ...claim, ...interval, verdict: 'inconclusive', note: [...notes, tooShort].join('; ') }
}

function judged(
  estimate: Estimate,
  prediction: number,
): Omit<NetworkClaim, 'run' | 'quantity' | 'source' | 'theory' | 'prediction' | 'measured' | 'note'> {
  const confidence = studentInterval(estimate, claimAlpha / 2)
  const equivalence = studentInterval(estimate, claimAlpha)
  const margin = claimMargin * Math.abs(prediction)
  const over = ([low, high]: Interval): [number, number] => {
    const [a, b] = [low / prediction, high / prediction]
    return [Math.min(a, b), Math.max(a, b)]
  }
  return {
    standardError: estimate.standardError,
    ...(estimate.replicas === knownScatter ? {} : { replicas: estimate.replicas }),
    ratioInterval: over(confidence),
    ratioEquivalence: over(equivalence),
    alpha: claimAlpha,
    phi: claimAlpha,
    margin: claimMargin,
    marginReason: claimMarginReason,
    verdict: verdictOf(confidence, equivalence, marginAround(prediction, margin, 'linear')),
  }
}

function meanOf(values: readonly ReplicaValue[]): number {
  let [numerator, denominator] = [0, 0]
  for (const value of values) {
    numerator += typeof value === 'number' ? value : value[0]
    denominator += typeof value === 'number' ? 1 : value[1]
  }
  return numerator / denominator
}
