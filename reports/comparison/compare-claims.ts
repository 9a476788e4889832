import type { Claim, Comparison, Look, Verdict } from '../../foundation/results.ts'
import { referenceComparison, rivalOutcome, verdictNames } from '../names.ts'
import { formatCount, formatMargin, formatNumber, formatSetting } from '../numbers.ts'
import type { Change } from './comparison.ts'
import { estimateShift, inMargins, onScale, type Shift } from './estimate-shift.ts'

/** What of a claim is compared. */
export type AnyClaim = Pick<
  Claim,
  'id' | 'scale' | 'margin' | 'evidence' | 'looks' | 'comparisons' | 'verdict' | 'reason' | 'seed' | 'stepsUsed'
>

/** Changes smaller than this share of the margin are told and never a regression: they could not decide a verdict alone. */
export const minimumEffect = 0.5

/** A claim in two reports. */
export interface ClaimPair {
  readonly id: string
  readonly base: AnyClaim
  readonly head: AnyClaim
  /** Both drew from the same random streams, for the same budget. */
  readonly sameSeed: boolean
}

/** What a pair shows at once; whether a shift is beyond chance is known of all pairs together. */
export interface PairedClaim {
  readonly changes: readonly Change[]
  readonly shift?: Shift
}

/** From good to bad; what is not answered is neither. */
const ranks: Readonly<Record<Verdict, number>> = { agrees: 0, 'not-answerable': 1, inconclusive: 2, disagrees: 3 }

/** A part of a claim, under a name that begins with the claim's. */
export function partOf(id: string, part: string): string {
  return `${id}${partSeparator}${part}`
}

export const partSeparator = ' · '

export function comparePair(pair: ClaimPair): PairedClaim {
  const numbers = compareNumbers(pair)
  return {
    ...numbers,
    changes: [...verdictChanges(pair), ...marginChange(pair), ...costChange(pair), ...numbers.changes],
  }
}

/** Of the same samples every number that differs; of others how far apart the estimates are. */
export function compareNumbers(pair: ClaimPair): PairedClaim {
  const looks = pair.sameSeed ? commonLook(pair) : undefined
  if (looks !== undefined) return { changes: computationChanges(pair, looks) }
  const shift = estimateShift(pair.base, pair.head)
  return shift === undefined ? { changes: [] } : { changes: [], shift }
}

/** How a shift beyond chance is told. */
export function movedChange({ id, base, head }: ClaimPair, { difference, deviations }: Shift): Change {
  const size = inMargins(base, difference)
  return {
    topic: 'moved',
    effect: effectOf(base, head, size),
    subject: id,
    base: formatNumber(base.looks.at(-1)!.estimate),
    head: formatNumber(head.looks.at(-1)!.estimate),
    detail: [
      sizeText(base, difference),
      ...(deviations === undefined ? [] : [`z = ${formatNumber(deviations)}`]),
      marginsText(base, size),
    ].join(', '),
    size,
  }
}

function verdictChanges({ id, base, head }: ClaimPair): Change[] {
  const changes: Change[] = []
  const add = (subject: string, effect: Change['effect'], from: string, to: string, detail = ''): void => {
    changes.push({ topic: 'verdict', effect, subject, base: from, head: to, detail, size: 0 })
  }
  if (base.verdict !== head.verdict) {
    const [from, to] = [requiredVerdict(base), requiredVerdict(head)]
    add(id, verdictEffect(base.verdict, head.verdict), from, to, reasonOf(head))
  }
  for (const before of base.comparisons) {
    const after = head.comparisons.find(({ theory }) => theory === before.theory)
    const subject = partOf(id, `against ${before.theory}`)
    if (after === undefined) {
      if (before.role !== 'required') add(subject, 'neutral', outcomeOf(before), 'not asked')
      continue
    }
    if (before.role === 'required' && after.role === 'required') continue // the claim's own verdict
    const [from, to] = [outcomeOf(before), outcomeOf(after)]
    if (from === to) continue
    const lost = before.role === 'rival' && to === 'survived' && head.verdict !== undefined
    add(subject, lost ? 'regression' : 'neutral', from, to)
  }
  return changes
}

/** Whatever was required and holds no longer is a regression; so is what is newly required and fails. */
export function verdictEffect(base: Verdict | undefined, head: Verdict | undefined): Change['effect'] {
  if (head === undefined) return 'regression'
  if (base === undefined) return failing(head) ? 'regression' : 'improvement'
  return ranks[head] > ranks[base] ? 'regression' : 'improvement'
}

export function failing(verdict: Verdict | undefined): boolean {
  return verdict === 'disagrees' || verdict === 'inconclusive'
}

function requiredVerdict({ verdict }: AnyClaim): string {
  return verdict === undefined ? 'not required' : verdictNames[verdict]
}

function outcomeOf(comparison: Comparison): string {
  return comparison.role === 'rival' ? rivalOutcome(comparison) : verdictNames[comparison.verdict]
}

function reasonOf(claim: AnyClaim): string {
  if (claim.reason !== undefined) return claim.reason
  const difference = referenceComparison(claim)?.difference
  if (difference === undefined) return ''
  const size = claim.scale === 'log' ? `${formatSetting(100 * difference)} %` : formatSetting(difference)
  return `${size} off, margin ${formatMargin(claim.scale, claim.margin)}`
}

/** The last look that both took at as many steps of as many replicas. */
function commonLook({ base, head }: ClaimPair): { before: Look; after: Look } | undefined {
  if (stepsPerReplica(base) !== stepsPerReplica(head)) return undefined
  for (const before of base.looks.toReversed()) {
    const after = head.looks.find(({ replicas }) => replicas === before.replicas)
    if (after !== undefined) return { before, after }
  }
  return undefined
}

function stepsPerReplica({ looks, stepsUsed }: AnyClaim): number {
  return looks.length === 0 ? 0 : stepsUsed / Math.max(1, looks.at(-1)!.replicas)
}

function computationChanges({ id, base, head }: ClaimPair, { before, after }: { before: Look; after: Look }): Change[] {
  const changes: Change[] = []
  if (before.coordinate !== after.coordinate) {
    changes.push({
      topic: 'computation',
      effect: 'neutral',
      subject: id,
      base: `${formatNumber(before.estimate)} (${before.coordinate})`,
      head: `${formatNumber(after.estimate)} (${after.coordinate})`,
      detail: 'another coordinate is the worst',
      size: 0,
    })
  } else if (before.estimate !== after.estimate) {
    const difference = onScale(base.scale, after.estimate, before.estimate)
    const size = inMargins(base, difference)
    const effect = effectOf(base, head, size)
    changes.push(computationChange(id, effect, base, before.estimate, after.estimate))
  }
  const reference = referenceComparison(base)
  for (const one of base.comparisons) {
    const other = head.comparisons.find(({ theory }) => theory === one.theory)
    if (other === undefined || one.coordinate !== other.coordinate || one.prediction === other.prediction) continue
    const size = inMargins(base, onScale(base.scale, other.prediction, one.prediction))
    const effect = one === reference ? effectOf(base, head, size) : 'neutral'
    changes.push(
      computationChange(partOf(id, `prediction of ${one.theory}`), effect, base, one.prediction, other.prediction),
    )
  }
  return changes
}

function computationChange(
  subject: string,
  effect: Change['effect'],
  claim: AnyClaim,
  from: number,
  to: number,
): Change {
  const difference = onScale(claim.scale, to, from)
  const size = inMargins(claim, difference)
  return {
    topic: 'computation',
    effect,
    subject,
    base: formatNumber(from),
    head: formatNumber(to),
    detail: `${sizeText(claim, difference)}, ${marginsText(claim, size)}`,
    size,
  }
}

/** A number that changed by enough is a regression, unless the claim that it belongs to has become better by it. */
function effectOf(base: AnyClaim, head: AnyClaim, size: number): Change['effect'] {
  if (base.verdict !== head.verdict && verdictEffect(base.verdict, head.verdict) === 'improvement') return 'improvement'
  return size >= minimumEffect ? 'regression' : 'neutral'
}

function marginChange({ id, base, head }: ClaimPair): Change[] {
  if (base.margin === head.margin && base.scale === head.scale) return []
  return [
    {
      topic: 'margin',
      effect: 'neutral',
      subject: id,
      base: formatMargin(base.scale, base.margin),
      head: formatMargin(head.scale, head.margin),
      detail: base.scale !== head.scale ? 'another scale' : head.margin > base.margin ? 'wider' : 'tighter',
      size: Math.abs(Math.log(head.margin / base.margin)),
    },
  ]
}

/** Costs that differ by less are as they were. */
const sameCost = 0.1

function costChange({ id, base, head }: ClaimPair): Change[] {
  const [before, after] = [base.stepsUsed, head.stepsUsed]
  if (before === after || Math.abs(after / before - 1) <= sameCost) return []
  return [
    {
      topic: 'cost',
      effect: 'neutral',
      subject: id,
      base: `${formatCount(before)} steps`,
      head: `${formatCount(after)} steps`,
      detail: before > 0 ? `× ${formatSetting(after / before)}` : '',
      size: before > 0 && after > 0 ? Math.abs(Math.log(after / before)) : 0,
    },
  ]
}

function sizeText({ scale }: AnyClaim, difference: number): string {
  if (!Number.isFinite(difference)) return 'another sign'
  const value = scale === 'log' ? Math.expm1(difference) : difference
  const sign = value > 0 ? '+' : ''
  return scale === 'log' ? `${sign}${formatSetting(100 * value)} %` : `${sign}${formatSetting(value)}`
}

function marginsText({ margin }: AnyClaim, size: number): string {
  return Number.isFinite(size) && Number.isFinite(margin) ? `${formatSetting(size)} of its margin` : 'no margin'
}
