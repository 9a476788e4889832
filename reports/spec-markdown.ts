import type { CalibrationRow, SpecClaim, SpecReport } from '../foundation/results.ts'
import { details, escaped, table } from './markdown-text.ts'
import { groupBy, referenceComparison, verdictNames } from './names.ts'
import { formatDifference, formatMargin, formatNumber, halfWidthOf } from './numbers.ts'
import { renderRivalsTable, rivalsTable } from './rivals-table.ts'

/** What a test run's specs found, for people: verdicts by hypothesis, planted bugs, error rates of the judge, the α ledger. */
export function renderSpecReport(report: SpecReport): string {
  const sections = [
    '# What the specs found',
    summary(report),
    '## Hypotheses',
    hypotheses(report.claims),
    '## Which theory survives which measurement',
    'Required claims that agree with their own theory, held against every other: how many of them reject it, and how many agree with it though they could have told the two apart. In both lists of one hypothesis: it holds in some of its settings, or of some of its quantities.',
    renderRivalsTable(rivalsTable(report.claims)),
    ...sectionOn(report.mutants, '## Planted bugs', [
      'Each bug is planted in predictions, or in what is measured, and held against the same samples: who disagrees has caught it.',
      mutants(report),
    ]),
    ...sectionOn(report.calibration, '## Error rates of the judge', [
      'Synthetic samples whose truth is known. A rate is within its design if its upper bound is; broken variants must exceed theirs.',
      calibration(report.calibration),
    ]),
    ...extrapolation(report),
    '## α spent',
    ledger(report),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** A section about something, if there is anything. */
function sectionOn(something: readonly unknown[], heading: string, body: readonly string[]): string[] {
  return something.length === 0 ? [] : [heading, ...body]
}

function summary({ seed, budget, claims, summary: { required, rivals, passed } }: SpecReport): string {
  return [
    `**${passed ? 'Passed' : 'Failed'}**, seed ${seed}, ${budget} × the usual budget, ${claims.length} claims.`,
    `Required: ${required.agrees} agree, ${required.disagrees} disagree, ${required.inconclusive} inconclusive, ${required.notAnswerable} not answerable.`,
    `Rivals: ${rivals.rejected} rejected, ${rivals.survived} survived, ${rivals.inseparable} inseparable where they were asked.`,
  ].join('  \n')
}

function hypotheses(claims: readonly SpecReport['claims'][number][]): string {
  return [...groupBy(claims, ({ hypothesis }) => hypothesis).values()]
    .map((list) => {
      const { hypothesis, claim, source } = list[0]!
      const agree = list.filter(({ verdict }) => verdict === 'agrees').length
      const required = list.filter(({ verdict }) => verdict !== undefined).length
      return details(
        `${escaped(hypothesis)}: ${agree} of ${required} required claims agree`,
        `${escaped(claim)} (${escaped(source)})\n\n${table(
          ['setting', 'quantity', 'difference:', 'margin:', 'verdict'],
          list.map(claimRow),
        )}`,
      )
    })
    .join('\n\n')
}

function claimRow(claim: SpecClaim): string[] {
  const comparison = referenceComparison(claim)
  const verdict = claim.answerable ? (comparison?.verdict ?? 'inconclusive') : 'not-answerable'
  return [
    escaped(claim.setting),
    escaped(claim.quantity),
    formatDifference(claim.scale, comparison?.difference, halfWidthOf(comparison?.differenceInterval)),
    formatMargin(claim.scale, claim.margin),
    `${verdictNames[verdict]}${comparison?.role === 'required' ? '' : ' (compared)'}`,
  ]
}

function mutants({ mutants }: SpecReport): string {
  return table(
    ['bug', 'where', 'caught by'],
    mutants.map(({ name, bug, caughtBy }) => [
      escaped(name),
      escaped(bug),
      caughtBy.length === 0
        ? '**nobody**'
        : [...groupBy(caughtBy, ({ hypothesis }) => hypothesis)]
            .map(([hypothesis, at]) => `${escaped(hypothesis)} (${at.length})`)
            .join(', '),
    ]),
  )
}

function calibration(rows: readonly CalibrationRow[]): string {
  return table(
    ['samples', 'judge', 'error', 'design:', 'erred:', 'of:', 'bounds:', ''],
    rows.map(({ source, procedure, error, design, errors, trials, lower, upper, finding, answerable }) => [
      escaped(source),
      escaped(procedure),
      error,
      formatNumber(design),
      String(errors),
      String(trials),
      `${formatNumber(lower)} – ${formatNumber(upper)}`,
      answerable ? finding : `${finding}: so few trials cannot show it`,
    ]),
  )
}

/** What no count reaches. */
function extrapolation({ extrapolation }: SpecReport): string[] {
  return extrapolation.map(
    ({ source, alpha, rate, standardError, spentOneSided, trials }) =>
      `At the working α of ${formatNumber(alpha)} the design is an extrapolation; on ${escaped(source)} importance sampling with ${trials} trials finds ${formatNumber(rate)} ± ${formatNumber(standardError)} false alarms on one side, where ${formatNumber(spentOneSided)} was spent.`,
  )
}

function ledger({ ledger: { falseAlarmRate, claimsMade, alphaSpent }, claims }: SpecReport): string {
  const shares = [...groupBy(claims, ({ hypothesis }) => hypothesis)].map(([hypothesis, list]) => [
    escaped(hypothesis),
    String(list.length),
    formatNumber(list.reduce((sum, { looks }) => sum + looks.reduce((part, { alpha }) => part + alpha, 0), 0)),
  ])
  return `${table(['hypothesis', 'claims:', 'α of the looks taken:'], shares)}\n\n${claimsMade} claims spent ${formatNumber(alphaSpent)} of ${formatNumber(falseAlarmRate)}.`
}
