import {
  type Claim,
  type Comparison,
  type Report,
  samplingSchema,
  type Verdict,
  verdictSchema,
} from '../foundation/results.ts'
import { halfWidthOf } from './numbers.ts'

/** The words in which a report speaks of the schema's values. */

export type Sampling = Claim['sampling']

/** In the order in which reports list them. */
export const samplings: readonly Sampling[] = samplingSchema.options

export const samplingNames: Readonly<Record<Sampling, string>> = {
  gaussian: 'Gaussian noise',
  'student-t': 'Student-t noise',
  'with-replacement': 'with replacement',
  'without-replacement': 'without replacement',
  'shuffled-epochs': 'shuffled epochs',
  'fixed-order': 'fixed order',
}

/** In the order in which reports list them. */
export const verdictOrder: readonly Verdict[] = verdictSchema.options

export const verdictNames: Readonly<Record<Verdict, string>> = {
  agrees: 'agrees',
  disagrees: 'disagrees',
  inconclusive: 'inconclusive',
  'not-answerable': 'not answerable',
}

export const verdictSymbols: Readonly<Record<Verdict, string>> = {
  agrees: '✓',
  disagrees: '✗',
  inconclusive: '?',
  'not-answerable': '–',
}

/** What any kind of report says of the theories it asked. */
export type Theories = Pick<Report, 'theories'>

/** A theory's title, or its name where the report does not list it. */
export function theoryTitle(report: Theories, name: string): string {
  return report.theories.find((theory) => theory.name === name)?.title ?? name
}

/** The comparison that decides a claim; absent where no theory is required. */
export function requiredComparison(claim: Pick<Claim, 'comparisons'>): Comparison | undefined {
  return claim.comparisons.find((comparison) => comparison.role === 'required')
}

/** What a claim is first held against: its required theory, else the first one compared. */
export function referenceComparison(claim: Pick<Claim, 'comparisons'>): Comparison | undefined {
  return requiredComparison(claim) ?? claim.comparisons[0]
}

/** A value from another in a claim's own terms: relative on the log scale, absolute on the linear one. */
export function differenceBetween(claim: Claim, value: number, from: number): number {
  return claim.scale === 'log' ? value / from - 1 : value - from
}

/** What became of a rival theory. */
export type RivalOutcome = 'rejected' | 'survived' | 'inseparable' | 'not tested'

export function rivalOutcome(rival: Comparison): RivalOutcome {
  if (rival.verdict === 'not-answerable') return 'not tested'
  if (rival.separable !== true) return 'inseparable'
  return rival.verdict === 'disagrees' ? 'rejected' : 'survived'
}

/** Half width of the confidence interval about a comparison's difference. */
export function halfWidth(comparison: Comparison): number | undefined {
  return halfWidthOf(comparison.differenceInterval)
}

/** The claims about the speed E‖δ‖²: what a reader asks first. */
export function speedClaims(report: Report): Claim[] {
  return report.claims.filter((claim) => claim.hypothesis === 'constant-speed')
}

/** The claims that were answered and fail: they disagree or are inconclusive. */
export function failingClaims(report: Report): Claim[] {
  return report.claims.filter((claim) => claim.verdict === 'disagrees' || claim.verdict === 'inconclusive')
}

/** Items by key, in order of first appearance. */
export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
