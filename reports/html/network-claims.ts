import type { NetworkClaim, NetworkReport } from '../../foundation/network-results.ts'
import { counted } from '../markdown-text.ts'
import { groupBy, theoryTitle } from '../names.ts'
import { formatCount, formatMargin, formatNumber, formatSetting } from '../numbers.ts'
import { claimAnchor, claimFinder, intervalText, tally } from './claim-entries.ts'
import { type Child, element, factList, type Markup, section, together } from './markup.ts'
import { numberCell, sortableTable } from './sortable-table.ts'
import { verdictBadge } from './verdict-badge.ts'

/** Every claim of an experiment with a network by its run, each opening to all that was found of it. */
export function networkClaimsSection(report: NetworkReport): Markup {
  const places = new Map(report.claims.map((claim, place) => [claim, place]))
  return section(
    'claim-by-claim',
    'Claim by claim',
    element(
      'p',
      {},
      'Open one for its setting, its intervals, its margin, what other theories say of the same quantity, and the command that makes it again.',
    ),
    claimFinder('speed disagrees'),
    ...[...groupBy(report.claims, ({ run }) => run)].map(([run, list]) =>
      element(
        'details',
        { class: 'group' },
        element('summary', {}, element('b', {}, run), ` ${counted(list.length, 'claim')}. `, tallyOf(list)),
        ...list.map((claim) => claimEntry(report, claim, claimAnchor(places.get(claim)!))),
      ),
    ),
  )
}

/** A verdict, or that there is none. */
export function networkVerdict({ verdict }: NetworkClaim): Markup {
  return verdict === undefined ? element('span', { class: 'verdict faint' }, 'no verdict') : verdictBadge(verdict)
}

/** Measured over predicted, where there is such a number. */
export function ratioOf({ prediction, measured }: NetworkClaim): number | undefined {
  return prediction === 0 ? undefined : measured / prediction
}

/** How many claims came out how, and how many without a verdict. */
function tallyOf(claims: readonly NetworkClaim[]): Markup {
  const found = claims.map(({ verdict }) => verdict)
  const unjudged = found.filter((verdict) => verdict === undefined).length
  return together(
    tally(found),
    unjudged === 0 ? undefined : element('span', { class: 'verdict faint' }, `no verdict ${unjudged}`),
  )
}

function claimEntry(report: NetworkReport, claim: NetworkClaim, anchor: string): Markup {
  const { run, quantity, theory } = claim
  const ratio = ratioOf(claim)
  const others = report.claims.filter((other) => other.run === run && other.quantity === quantity)
  return element(
    'details',
    { class: 'claim', id: anchor },
    element(
      'summary',
      {},
      networkVerdict(claim),
      ` ${[run, quantity, theory].join(' · ')} `,
      element('span', { class: 'faint' }, ratio === undefined ? undefined : `× ${formatNumber(ratio)}`),
    ),
    facts(report, claim),
    others.length < 2
      ? undefined
      : together(
          element('p', { class: 'small' }, 'The same quantity by every theory that predicts it:'),
          table(report, others),
        ),
    element('pre', {}, report.command),
  )
}

function facts(report: NetworkReport, claim: NetworkClaim): Markup {
  const { run, quantity, theory, source, prediction, measured, standardError, replicas, note } = claim
  const { ratioInterval, ratioEquivalence, alpha, phi, margin, marginReason } = claim
  const rows: (readonly [string, Child] | undefined)[] = [
    ['id', `${run}/${quantity}/${theory}`],
    ['claim', `${quantity}: as predicted by ${theoryTitle(report, theory)} (${source})`],
    ['setting', settingText(report, run)],
    ['predicted', formatNumber(prediction)],
    [
      'measured',
      `${formatNumber(measured)}${standardError === undefined ? '' : `, standard error ${formatNumber(standardError)}${replicas === undefined ? ' as the theory has it' : ` from ${formatCount(replicas)} independent parts`}`}`,
    ],
    ['ratio', `${formatNumber(ratioOf(claim))}${ratioInterval === undefined ? ', without an interval' : ''}`],
    intervalRow('confidence', ratioInterval, alpha === undefined ? undefined : `1 − α, α = ${formatSetting(alpha)}`),
    intervalRow('equivalence', ratioEquivalence, phi === undefined ? undefined : `1 − 2φ, φ = ${formatSetting(phi)}`),
    margin === undefined
      ? undefined
      : ['margin', `${formatMargin('log', margin)}${marginReason === undefined ? '' : `: ${marginReason}`}`],
    note === undefined ? undefined : ['note', note],
  ]
  return factList(rows.filter((row) => row !== undefined))
}

function intervalRow(
  name: string,
  interval: readonly [number, number] | undefined,
  rate: string | undefined,
): readonly [string, Child] | undefined {
  if (interval === undefined) return undefined
  return [name, `${intervalText(interval)}${rate === undefined ? '' : ` (${rate})`}`]
}

/** Of the run that the claim's label names. */
function settingText({ runs }: NetworkReport, label: string): string {
  const found = runs.find((run) => run.label === label)
  if (found === undefined) return label
  const { hyperparameters, order, steps, seed } = found
  const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
  return `η = ${formatSetting(learningRate)}, β = ${formatSetting(momentum)}, λ = ${formatSetting(weightDecay)}, S = ${formatCount(batchSize)}, ${order.replace('-', ' ')}, ${counted(steps, 'step')}, seed ${seed}`
}

function table(report: NetworkReport, claims: readonly NetworkClaim[]): Markup {
  return sortableTable(
    [
      { heading: 'theory' },
      { heading: 'predicted', numeric: true },
      { heading: 'measured', numeric: true },
      { heading: 'ratio', numeric: true },
      { heading: 'its interval', numeric: true },
      { heading: 'verdict' },
    ],
    claims.map((claim) => [
      theoryTitle(report, claim.theory),
      numberCell(formatNumber(claim.prediction), claim.prediction),
      numberCell(formatNumber(claim.measured), claim.measured),
      numberCell(formatNumber(ratioOf(claim)), ratioOf(claim)),
      numberCell(claim.ratioInterval === undefined ? '–' : intervalText(claim.ratioInterval), claim.ratioInterval?.[0]),
      networkVerdict(claim),
    ]),
  )
}
