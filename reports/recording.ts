import type { Claim, Report } from '../foundation/results.ts'
import { columns } from './columns.ts'
import { counted } from './markdown-text.ts'
import { groupBy, halfWidth, referenceComparison } from './names.ts'
import { formatDifference, formatMargin } from './numbers.ts'

/** What a report says of a trajectory that was recorded elsewhere. */

type Recording = NonNullable<Report['recording']>

/** The file, how it was judged, and the outcome; the outcome first. */
export function recordingAnswer({ dataset, recording, summary, claims }: Report): string[] {
  const { required } = summary
  const asked = required.agrees + required.disagrees + required.inconclusive
  const references = claims.filter(({ answerable }) => answerable).map((claim) => referenceComparison(claim)?.verdict)
  const within = references.filter((verdict) => verdict === 'agrees').length
  const beyond = references.filter((verdict) => verdict === 'disagrees').length
  const outcome =
    asked > 0
      ? `${summary.passed ? 'passed' : 'did not pass'}: ${required.agrees} of ${counted(asked, 'required claim')} agree, ${required.disagrees} disagree, ${required.inconclusive} inconclusive`
      : `nothing is required; of ${counted(references.length, 'claim')} compared ${within} agree, ${beyond} disagree, ${references.length - within - beyond} inconclusive`
  const notAnswerable = claims.length - references.length
  const { rejected, survived, survivedCompared, inseparable } = summary.rivals
  return [
    `${dataset.name}: ${outcome}; ${notAnswerable} not answerable with so many rows.`,
    ...(rejected + survived + survivedCompared + inseparable > 0
      ? [`Rivals: ${rejected} rejected, ${survived + survivedCompared} survived, ${inseparable} inseparable.`]
      : []),
    ...(recording ? [judgedAs(recording)] : []),
  ]
}

function judgedAs({ chains, rows, evidence, burnIn, firstStep, lastStep }: Recording): string {
  const means =
    evidence === 'replicas'
      ? `${chains} chains are replicas, intervals Student's over them`
      : `${chains === 1 ? 'one chain is' : `${chains} chains together are`} one long run, intervals from batches as long as its measured memory asks`
  const left = burnIn === 0 ? '' : ` (${counted(burnIn, 'row')} of burn-in left out)`
  return `${counted(rows, 'row')} a chain${left}, steps ${firstStep} to ${lastStep}; ${means}.`
}

/** One line a hypothesis: how its claims came out, and the one furthest from its prediction. */
export function recordingTable({ claims }: Report): string[] {
  if (claims.length === 0) return ['No claim could be asked.']
  const rows = [...groupBy(claims, ({ hypothesis }) => hypothesis)].map(([hypothesis, list]) => {
    const verdicts = list.map((claim) => (claim.answerable ? referenceComparison(claim)!.verdict : 'not-answerable'))
    const count = (verdict: string): string => String(verdicts.filter((one) => one === verdict).length)
    return [
      hypothesis,
      count('agrees'),
      count('disagrees'),
      count('inconclusive'),
      count('not-answerable'),
      furthest(list),
    ]
  })
  return columns(
    ['left', 'right', 'right', 'right', 'right', 'left'],
    [['claims', 'agree', 'disagree', 'inconclusive', 'not answerable', 'furthest from its prediction'], ...rows],
  )
}

function furthest(claims: readonly Claim[]): string {
  let worst: Claim | undefined
  let most = -1
  for (const claim of claims) {
    const apart = Math.abs(referenceComparison(claim)?.difference ?? Number.NaN) / claim.margin
    if (apart > most) {
      worst = claim
      most = apart
    }
  }
  if (worst === undefined) return claims[0]?.reason ?? ''
  const reference = referenceComparison(worst)!
  const by = formatDifference(worst.scale, reference.difference, halfWidth(reference))
  return `${worst.quantity}: ${by} from ${reference.theory}, margin ${formatMargin(worst.scale, worst.margin)}`
}

/** What was taken for granted, and what could not be asked. */
export function recordingNotes({ notes, limits }: Recording): string[] {
  return [
    ...notes.map((note) => `Note: ${note}.`),
    ...[...groupBy(limits, ({ missing }) => missing)].map(
      ([missing, list]) => `Not asked for want of ${missing}: ${list.map(({ hypothesis }) => hypothesis).join(', ')}.`,
    ),
  ]
}

/** The same for a list of settings. */
export function recordingLines(recording: Recording): string[] {
  return [`**recorded** ${judgedAs(recording)}`, ...recordingNotes(recording)]
}
