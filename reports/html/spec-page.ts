import type { ErratumRow, SpecReport, SpecRun } from '../../foundation/results.ts'
import type { FigureFile } from '../figures/figure.ts'
import { groupBy } from '../names.ts'
import { formatCount, formatNumber, formatSetting } from '../numbers.ts'
import { claimsSection, failing, intervalText } from './claim-entries.ts'
import { errataSection } from './errata-section.ts'
import { figureCard } from './figure-card.ts'
import { firstScreen } from './first-screen.ts'
import { element, type Markup, section, together } from './markup.ts'
import { htmlPage, type Part } from './page.ts'
import { rivalsSection } from './rivals-section.ts'
import { specRunFacts } from './run-facts.ts'
import { numberCell, sortableTable } from './sortable-table.ts'

/**
 * What a test run's specs found as one HTML file that needs no network.
 *
 * @param run its machines, times and versions; absent where they are not known
 */
export function renderSpecHtml(
  report: SpecReport,
  figures: readonly FigureFile[],
  errata: readonly ErratumRow[],
  run?: SpecRun,
): string {
  const parts: (Part | false)[] = [
    { id: 'hypotheses', name: 'Hypotheses', body: hypotheses(report) },
    { id: 'rivals', name: 'Rivals', body: rivalsSection(report.claims, cards(figures, 'rivals')) },
    { id: 'mutants', name: 'Planted bugs', body: mutants(report) },
    { id: 'calibration', name: 'Calibration', body: calibration(report) },
    figures.some(({ kind }) => kind !== 'rivals') && {
      id: 'figures',
      name: 'Figures',
      body: section('figures', 'Figures', ...figures.filter(({ kind }) => kind !== 'rivals').map(figureCard)),
    },
    { id: 'claims', name: 'Claims', body: claimsSection(report.claims) },
    { id: 'errata', name: 'Errata', body: errataSection(errata) },
  ]
  return htmlPage(
    'What the specs found',
    opening(report, run),
    parts.filter((part) => part !== false),
  )
}

function cards(figures: readonly FigureFile[], kind: FigureFile['kind']): Markup[] {
  return figures.filter((figure) => figure.kind === kind).map(figureCard)
}

function opening(
  { seed, budget, claims, ledger, mutants, summary, schemaVersion }: SpecReport,
  run: SpecRun | undefined,
): Markup {
  const { required, rivals, passed } = summary
  const caught = mutants.filter(({ caughtBy }) => caughtBy.length > 0).length
  return firstScreen({
    title: 'What the specs found',
    answer: `The specs ${passed ? 'passed' : 'did not pass'}. Rivals: ${rivals.rejected} rejected, ${rivals.survived} survived, ${rivals.inseparable} too close to be told apart where they were asked.`,
    counts: {
      agrees: required.agrees,
      disagrees: required.disagrees,
      inconclusive: required.inconclusive,
      'not-answerable': required.notAnswerable,
    },
    counted: 'required claims',
    facts: [
      [
        'false alarms',
        `α = ${formatSetting(ledger.falseAlarmRate)} for the whole run, of which ${formatCount(ledger.claimsMade)} claims spent ${formatNumber(ledger.alphaSpent)}`,
      ],
      ['seed', `${seed}; every claim has its own, drawn from it`],
      ['budget', `${budget} × the usual number of steps`],
      ['claims', `${formatCount(claims.length)}, compared ones included`],
      ['planted bugs', `${caught} of ${mutants.length} caught`],
      [
        'version',
        `${run === undefined ? '' : `${run.program.name} ${run.program.version}, ${run.testRunner}, `}report schema ${schemaVersion}`,
      ],
      ...specRunFacts(run),
    ],
  })
}

function hypotheses({ claims }: SpecReport): Markup {
  return section(
    'hypotheses',
    'Hypotheses',
    failing(claims),
    sortableTable(
      [
        { heading: 'hypothesis' },
        { heading: 'claims', numeric: true },
        { heading: 'required', numeric: true },
        { heading: 'agree', numeric: true },
        { heading: 'disagree', numeric: true },
        { heading: 'undecided', numeric: true },
        { heading: 'not answerable', numeric: true },
        { heading: 'steps', numeric: true },
        { heading: 'α of the looks', numeric: true },
      ],
      [...groupBy(claims, ({ hypothesis }) => hypothesis)].map(([hypothesis, list]) => {
        const count = (verdict: string): number => list.filter((claim) => claim.verdict === verdict).length
        const required = list.filter(({ verdict }) => verdict !== undefined).length
        const steps = list.reduce((most, { stepsUsed }) => Math.max(most, stepsUsed), 0)
        const alpha = list.reduce((sum, { looks }) => sum + looks.reduce((part, { alpha }) => part + alpha, 0), 0)
        return [
          hypothesis,
          ...[
            list.length,
            required,
            count('agrees'),
            count('disagrees'),
            count('inconclusive'),
            count('not-answerable'),
          ].map((number) => numberCell(number, number)),
          numberCell(formatCount(steps), steps),
          numberCell(formatNumber(alpha), alpha),
        ]
      }),
    ),
    element(
      'p',
      { class: 'small faint' },
      'Steps are those of the claim that took most: claims of one setting share theirs.',
    ),
  )
}

function mutants({ mutants }: SpecReport): Markup {
  if (mutants.length === 0) {
    return section('mutants', 'Planted bugs', element('p', {}, 'The specs that ran planted none.'))
  }
  return section(
    'mutants',
    'Planted bugs',
    element(
      'p',
      {},
      'Each bug is planted in predictions, or in what is measured, and held against the same samples: who disagrees has caught it.',
    ),
    sortableTable(
      [{ heading: 'bug' }, { heading: 'where' }, { heading: 'claims', numeric: true }, { heading: 'caught by' }],
      mutants.map(({ name, bug, caughtBy }) => {
        const by = [...groupBy(caughtBy, ({ hypothesis }) => hypothesis)].map(
          ([hypothesis, list]) => `${hypothesis} ${list.reduce((sum, each) => sum + each.caughtBy.length, 0)}`,
        )
        const total = caughtBy.reduce((sum, each) => sum + each.caughtBy.length, 0)
        return [
          name,
          bug,
          numberCell(total, total),
          caughtBy.length === 0 ? element('b', { class: 'disagrees' }, 'nobody') : by.join(', '),
        ]
      }),
    ),
  )
}

function calibration({ calibration: rows, extrapolation }: SpecReport): Markup {
  if (rows.length === 0 && extrapolation.length === 0) {
    return section('calibration', 'Error rates of the judge', element('p', {}, 'They were not measured in this run.'))
  }
  return section(
    'calibration',
    'Error rates of the judge',
    element(
      'p',
      {},
      'Synthetic samples whose truth is known. A rate is within its design if its upper bound is; broken variants of the judge must exceed theirs.',
    ),
    sortableTable(
      [
        { heading: 'samples' },
        { heading: 'judge' },
        { heading: 'error' },
        { heading: 'design', numeric: true },
        { heading: 'erred', numeric: true },
        { heading: 'of', numeric: true },
        { heading: 'bounds', numeric: true },
        { heading: 'finding' },
      ],
      rows.map(({ source, procedure, error, design, errors, trials, lower, upper, finding, answerable }) => [
        source,
        procedure,
        error,
        numberCell(formatSetting(design), design),
        numberCell(errors, errors),
        numberCell(formatCount(trials), trials),
        numberCell(intervalText([lower, upper]), upper),
        answerable ? finding : `${finding}: so few trials cannot show it`,
      ]),
    ),
    together(
      ...extrapolation.map(({ source, alpha, rate, standardError, spentOneSided, trials }) =>
        element(
          'p',
          { class: 'small' },
          `At the working α of ${formatNumber(alpha)} the design is an extrapolation; on ${source} importance sampling with ${formatCount(trials)} trials finds ${formatNumber(rate)} ± ${formatNumber(standardError)} false alarms on one side, where ${formatNumber(spentOneSided)} was spent.`,
        ),
      ),
    ),
  )
}
