import type { Claim, Comparison, Report } from '../foundation/results.ts'
import { columns } from './columns.ts'
import { endedEarly } from './ended-early.ts'
import { counted } from './markdown-text.ts'
import {
  failingClaims,
  halfWidth,
  requiredComparison,
  rivalOutcome,
  samplingNames,
  samplings,
  speedClaims,
  verdictNames,
  verdictOrder,
  verdictSymbols,
} from './names.ts'
import { formatCount, formatDifference, formatMargin, formatSize } from './numbers.ts'
import { recordingAnswer, recordingNotes, recordingTable } from './recording.ts'

/** The lines that `verify` prints at its end: no colours, ends without a newline. */
export function renderSummary(report: Report): string {
  return [
    headline(report),
    verdictCounts(report),
    speeds(report),
    failures(report),
    notAnswerable(report),
    stopped(report),
  ]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')
}

function headline(report: Report): string[] {
  if (report.recording)
    return [...recordingAnswer(report), '', ...recordingTable(report), ...recordingNotes(report.recording)]
  const { required, rivals, passed } = report.summary
  const answerable = required.agrees + required.disagrees + required.inconclusive
  return [
    `${report.dataset.name}: ${passed ? 'passed' : 'did not pass'} (seed ${report.seed})`,
    `${required.agrees} of ${counted(answerable, 'required claim')} ${required.agrees === 1 ? 'agrees' : 'agree'} within ${answerable === 1 ? 'its margin' : 'their margins'}; ${required.disagrees} ${required.disagrees === 1 ? 'disagrees' : 'disagree'}, ${required.inconclusive} ${required.inconclusive === 1 ? 'is' : 'are'} inconclusive; ${required.notAnswerable} not answerable within the budget.`,
    `Rivals: ${rivals.rejected} rejected, ${rivals.survived + rivals.survivedCompared} survived${rivals.survivedCompared > 0 ? ` (${rivals.survivedCompared} where nothing is required)` : ''}, ${rivals.inseparable} inseparable.`,
  ]
}

function verdictCounts(report: Report): string[] {
  const required = report.claims.filter((claim) => claim.verdict !== undefined)
  const shown = samplings.filter((sampling) => required.some((claim) => claim.sampling === sampling))
  if (shown.length === 0) return []
  return columns(
    ['left', 'right', 'right', 'right', 'right'],
    [
      ['required claims', ...verdictOrder.map((verdict) => verdictNames[verdict])],
      ...shown.map((sampling) => [
        samplingNames[sampling],
        ...verdictOrder.map((verdict) =>
          String(required.filter((claim) => claim.sampling === sampling && claim.verdict === verdict).length),
        ),
      ]),
    ],
  )
}

function speeds(report: Report): string[] {
  const rows = speedClaims(report).flatMap((claim) =>
    claim.comparisons
      .filter(({ role, difference }) => role !== 'rival' && difference !== undefined)
      .map((comparison, i) => [
        i === 0 ? samplingNames[claim.sampling] : '',
        differenceText(claim, comparison),
        comparison.theory,
        comparison.role === 'required' ? verdictNames[comparison.verdict] : 'compared',
      ]),
  )
  if (rows.length === 0) return []
  return columns(['left', 'right', 'left', 'left'], [['speed E‖δ‖²', 'difference', 'against', ''], ...rows])
}

function failures(report: Report): string[] {
  const failing = failingClaims(report)
  const survivors = report.claims
    .filter((claim) => claim.verdict !== undefined)
    .flatMap((claim) =>
      claim.comparisons
        .filter((comparison) => comparison.role === 'rival' && rivalOutcome(comparison) === 'survived')
        .map((rival) => ({ claim, rival })),
    )
  const replays = new Set([...failing, ...survivors.map(({ claim }) => claim)].map(({ replay }) => replay))
  const replay = (claim: Claim): string[] => (replays.size > 1 ? [`    replay: ${claim.replay}`] : [])
  return [
    ...failing.flatMap((claim) => [
      `${verdictSymbols[claim.verdict!]} ${claim.id}`,
      `    ${why(claim)}`,
      ...replay(claim),
    ]),
    ...survivors.flatMap(({ claim, rival }) => [
      `✗ ${claim.id}: a rival survived`,
      `    ${rival.theory} should be rejected, but measured differs from it by only ${differenceText(claim, rival)}`,
      ...replay(claim),
    ]),
    ...(replays.size === 1 ? [...replays].map((command) => `Replay: ${command}`) : []),
  ]
}

function why(claim: Claim): string {
  const required = requiredComparison(claim)
  if (required === undefined) return verdictNames[claim.verdict!]
  const margin = formatMargin(claim.scale, claim.margin)
  const from = `differs from ${required.theory} by ${differenceText(claim, required)}`
  if (claim.verdict === 'disagrees') return `disagrees: ${from}, margin ${margin}`
  const detectable =
    claim.smallestDetectable === undefined
      ? ''
      : ` (planned to detect ${formatSize(claim.scale, claim.smallestDetectable)})`
  return `inconclusive: ${from}, margin ${margin}, after ${formatCount(claim.stepsUsed)} of ${formatCount(claim.stepsBudget)} budgeted steps${detectable}`
}

function stopped(report: Report): string[] {
  return endedEarly(report).map(
    ({ sampling, reason }) => `? ${samplingNames[sampling]}: sampling ended early: ${reason}`,
  )
}

function notAnswerable(report: Report): string[] {
  if (report.recording) return []
  return report.claims
    .filter((claim) => claim.verdict === 'not-answerable')
    .map((claim) => {
      const needed =
        claim.stepsNeeded === undefined
          ? 'no number of steps would do'
          : `would need ${formatCount(claim.stepsNeeded)} steps, budget ${formatCount(claim.stepsBudget)}`
      return `${verdictSymbols['not-answerable']} ${claim.id}: ${claim.reason ?? 'more than the budget'}; ${needed}`
    })
}

function differenceText(claim: Claim, comparison: Comparison): string {
  return formatDifference(claim.scale, comparison.difference, halfWidth(comparison))
}
