import type { Claim, SpecClaim, Verdict } from '../../foundation/results.ts'
import { counted } from '../markdown-text.ts'
import { groupBy, halfWidth, referenceComparison, rivalOutcome, samplingNames, verdictOrder } from '../names.ts'
import { formatCount, formatDifference, formatDigits, formatMargin, formatNumber } from '../numbers.ts'
import { type Child, details, element, factList, type Markup, section, together } from './markup.ts'
import { numberCell, sortableTable } from './sortable-table.ts'
import { verdictBadge } from './verdict-badge.ts'

/** A claim of a report or of the specs. */
export type AnyClaim = Claim | SpecClaim

/** What decides where a required theory stands, and where none does what the first theory got. */
export function outcome(claim: AnyClaim): { readonly verdict: Verdict; readonly isRequired: boolean } {
  const reference = referenceComparison(claim)
  const verdict = claim.answerable ? (claim.verdict ?? reference?.verdict ?? 'inconclusive') : 'not-answerable'
  return { verdict, isRequired: claim.verdict !== undefined || reference?.role === 'required' }
}

/** Where a claim was asked: its setting's name, else how its examples were drawn. */
export function settingOf(claim: AnyClaim): string {
  if ('setting' in claim) return claim.setting
  return claim.sampling === undefined ? '' : samplingNames[claim.sampling]
}

/** Where a claim stands in the page: its place in the report. */
export function claimAnchor(place: number): string {
  return `claim-${place + 1}`
}

/** Leaves the claims that hold all words typed. */
export function claimFinder(example: string): Markup {
  return element('input', {
    id: 'find',
    class: 'find',
    type: 'search',
    placeholder: `words of a claim: ${example}`,
    'aria-label': 'find claims',
  })
}

/** Every claim by hypothesis, each opening to all that was found of it. */
export function claimsSection(claims: readonly AnyClaim[]): Markup {
  const places = new Map(claims.map((claim, place) => [claim, place]))
  return section(
    'claims',
    'Claim by claim',
    element(
      'p',
      {},
      'Open one for its looks, its intervals, everybody who was asked, and the command that replays it.',
    ),
    claimFinder('isotropy shuffled disagrees'),
    ...[...groupBy(claims, ({ hypothesis }) => hypothesis)].map(([hypothesis, list]) =>
      element(
        'details',
        { class: 'group' },
        element(
          'summary',
          {},
          element('b', {}, hypothesis),
          ` ${counted(list.length, 'claim')}. `,
          tally(requiredVerdicts(list)),
        ),
        ...[...new Set(list.map(({ claim, source }) => `${claim} (${source})`))].map((text) => element('p', {}, text)),
        ...list.map((claim) => claimEntry(claim, claimAnchor(places.get(claim)!))),
      ),
    ),
  )
}

/** How many came out how. */
export function tally(all: readonly (Verdict | undefined)[]): Markup {
  return together(
    ...verdictOrder.flatMap((verdict) => {
      const count = all.filter((each) => each === verdict).length
      return count === 0 ? [] : [verdictBadge(verdict, ` ${count}`), ' ']
    }),
  )
}

/** Of the claims that are required. */
function requiredVerdicts(claims: readonly AnyClaim[]): Verdict[] {
  return claims
    .map(outcome)
    .filter(({ isRequired }) => isRequired)
    .map(({ verdict }) => verdict)
}

function claimEntry(claim: AnyClaim, anchor: string): Markup {
  const reference = referenceComparison(claim)
  const { verdict, isRequired } = outcome(claim)
  const difference = formatDifference(claim.scale, reference?.difference, reference && halfWidth(reference))
  return element(
    'details',
    { class: 'claim', id: anchor },
    element(
      'summary',
      {},
      verdictBadge(verdict, isRequired ? '' : ' (compared)'),
      ` ${[claim.hypothesis, settingOf(claim), claim.quantity].filter(Boolean).join(' · ')} `,
      element('span', { class: 'faint' }, difference),
    ),
    facts(claim),
    claim.looks.length === 0 ? undefined : looksTable(claim),
    claim.comparisons.length === 0 ? undefined : comparisonsTable(claim),
    element('pre', {}, claim.replay),
  )
}

function facts(claim: AnyClaim): Markup {
  const { margin, marginReason, scale, reason, seed, evidence, share, smallestDetectable } = claim
  const { stepsBudget, stepsNeeded, stepsUsed } = claim
  const rows: [string, Child][] = [
    ['margin', `${formatMargin(scale, margin)}: ${marginReason}`],
    ...(smallestDetectable === undefined
      ? []
      : [['detectable', `${formatMargin(scale, smallestDetectable)} with the whole budget`] as [string, Child]]),
    [
      'steps',
      `${formatCount(stepsUsed)} used, ${formatCount(stepsBudget)} allowed, ${stepsNeeded === undefined ? 'no number would do' : `${formatCount(stepsNeeded)} needed`}`,
    ],
    ...(share === undefined
      ? []
      : [['errors', `α ${formatNumber(share.alpha)}, φ ${formatNumber(share.phi)}`] as [string, Child]]),
    ['evidence', `${evidence ?? 'ratio'}${seed === undefined ? '' : `, seed ${seed}`}`],
    ...(reason === undefined ? [] : [['note', reason] as [string, Child]]),
  ]
  return factList(rows)
}

function looksTable({ looks }: AnyClaim): Markup {
  const doubts = looks.flatMap(({ doubt }, i) => (doubt === undefined ? [] : [`look ${i + 1}: ${doubt}`]))
  return together(
    sortableTable(
      [
        { heading: 'look', numeric: true },
        { heading: 'samples', numeric: true },
        { heading: 'estimate', numeric: true },
        { heading: 'confidence interval', numeric: true },
        { heading: 'equivalence interval', numeric: true },
        { heading: 'α spent', numeric: true },
      ],
      looks.map(({ replicas, estimate, confidenceInterval, equivalenceInterval, alpha }, i) => [
        numberCell(i + 1, i),
        numberCell(formatCount(replicas), replicas),
        numberCell(formatNumber(estimate), estimate),
        numberCell(intervalText(confidenceInterval), confidenceInterval[0]),
        numberCell(intervalText(equivalenceInterval), equivalenceInterval[0]),
        numberCell(formatNumber(alpha), alpha),
      ]),
    ),
    ...doubts.map((doubt) => element('p', { class: 'small' }, doubt)),
  )
}

function comparisonsTable(claim: AnyClaim): Markup {
  return sortableTable(
    [
      { heading: 'theory' },
      { heading: 'role' },
      { heading: 'prediction', numeric: true },
      { heading: 'measured differs by', numeric: true },
      { heading: 'verdict' },
      { heading: 'as a rival' },
    ],
    claim.comparisons.map((comparison) => [
      comparison.theory,
      comparison.role,
      numberCell(formatNumber(comparison.prediction), comparison.prediction),
      numberCell(formatDifference(claim.scale, comparison.difference, halfWidth(comparison)), comparison.difference),
      verdictBadge(comparison.verdict),
      comparison.role === 'rival' ? rivalOutcome(comparison) : '',
    ]),
  )
}

/** Two ends, with two digits more than it takes to tell them apart. */
export function intervalText([low, high]: readonly [number, number]): string {
  const size = Math.max(Math.abs(low), Math.abs(high))
  const digits = high > low ? Math.ceil(Math.log10(size / (high - low))) + 2 : 0
  const text = (end: number): string => (digits > 4 ? formatDigits(end, Math.min(digits, 15)) : formatNumber(end))
  return `${text(low)} to ${text(high)}`
}

/** The claims that were required, answered and do not agree, with links to all that was found of them. */
export function failing(claims: readonly AnyClaim[]): Markup | undefined {
  const rows = claims.flatMap((claim, place) => {
    const { verdict, isRequired } = outcome(claim)
    if (!isRequired || (verdict !== 'disagrees' && verdict !== 'inconclusive')) return []
    return [{ claim, place, verdict }]
  })
  if (rows.length === 0) return undefined
  return details(
    `${counted(rows.length, 'required claim')} that ${rows.length === 1 ? 'does' : 'do'} not agree`,
    sortableTable(
      [{ heading: 'claim' }, { heading: 'verdict' }],
      rows.map(({ claim, place, verdict }) => [
        element(
          'a',
          { href: `#${claimAnchor(place)}` },
          [claim.hypothesis, settingOf(claim), claim.quantity].filter(Boolean).join(' · '),
        ),
        verdictBadge(verdict),
      ]),
    ),
  )
}
