import type { Report, Run, Verdict } from '../../foundation/results.ts'
import { endedEarly } from '../ended-early.ts'
import type { FigureFile, FigureKind } from '../figures/figure.ts'
import { counted } from '../markdown-text.ts'
import { samplingNames } from '../names.ts'
import { formatNumber, formatSetting } from '../numbers.ts'
import { recordingAnswer, recordingNotes } from '../recording.ts'
import { claimsSection, failing, outcome } from './claim-entries.ts'
import { errataSection } from './errata-section.ts'
import { errorBudgetSection } from './error-budget-section.ts'
import { figureCard } from './figure-card.ts'
import { firstScreen } from './first-screen.ts'
import { element, list, type Markup, section, together } from './markup.ts'
import { htmlPage, type Part } from './page.ts'
import { rivalsSection } from './rivals-section.ts'
import { runFacts } from './run-facts.ts'
import { theoriesSection } from './theories-section.ts'

/** Figures that stand beside their tables; the rest stand together. */
const placed: readonly FigureKind[] = ['verdicts', 'error-budget', 'rivals']

/**
 * The report of a verification or of a recording as one HTML file that needs no network.
 *
 * @param run its machine and times; absent where they are not known
 */
export function renderHtml(report: Report, figures: readonly FigureFile[], run?: Run): string {
  const cards = (kind: FigureKind): Markup[] => figures.filter((figure) => figure.kind === kind).map(figureCard)
  const others = figures.filter(({ kind }) => !placed.includes(kind))
  const specClaims = report.claims.map((claim) => ({ ...claim, setting: samplingNames[claim.sampling] }))
  const parts: (Part | false)[] = [
    { id: 'verdicts', name: 'Verdicts', body: verdicts(report, cards('verdicts')) },
    report.errorBudget.length > 0 && {
      id: 'error-budget',
      name: 'Error budget',
      body: errorBudgetSection(report.errorBudget, cards('error-budget')),
    },
    { id: 'rivals', name: 'Rivals', body: rivalsSection(specClaims, cards('rivals')) },
    others.length > 0 && {
      id: 'figures',
      name: 'Figures',
      body: section('figures', 'What the trajectories look like', ...others.map(figureCard)),
    },
    { id: 'claims', name: 'Claims', body: claimsSection(report.claims) },
    report.errata.length > 0 && { id: 'errata', name: 'Errata', body: errataSection(report.errata) },
    { id: 'theories', name: 'Theories', body: theoriesSection(report) },
  ]
  return htmlPage(
    `SGD against its theory: ${report.dataset.name}`,
    opening(report, run),
    parts.filter((part) => part !== false),
  )
}

function opening(report: Report, run: Run | undefined): Markup {
  const { required, rivals, passed } = report.summary
  const { dataset, hyperparameters, ledger, program } = report
  const isRequired = required.agrees + required.disagrees + required.inconclusive + required.notAnswerable > 0
  const counts: Record<Verdict, number> = isRequired
    ? {
        agrees: required.agrees,
        disagrees: required.disagrees,
        inconclusive: required.inconclusive,
        'not-answerable': required.notAnswerable,
      }
    : tallied(report.claims)
  const answer = report.recording
    ? recordingAnswer(report).join(' ')
    : `The verification ${passed ? 'passed' : 'did not pass'}. Of the wrong or competing predictions (rivals), ${rivals.rejected} were rejected, ${rivals.survived + rivals.survivedCompared} survived and ${rivals.inseparable} lie too close to be told apart.`
  return firstScreen({
    title: `SGD against its theory: ${dataset.name}`,
    answer,
    counts,
    counted: isRequired ? 'required claims' : 'claims, none required,',
    facts: [
      [
        'false alarms',
        `α = ${formatSetting(ledger.falseAlarmRate)} over ${counted(ledger.claims, 'claim')}, ${formatSetting(ledger.alphaPerClaim)} each, over up to ${counted(ledger.looks, 'look')}`,
      ],
      ['false passes', `φ = ${formatSetting(ledger.falsePassRate)} for each claim`],
      ['seed', report.seed === undefined ? 'not given' : String(report.seed)],
      ['version', `${program.name} ${program.version}, report schema ${report.schemaVersion}`],
      [
        'SGD',
        `η = ${formatSetting(hyperparameters.learningRate)}, β = ${formatSetting(hyperparameters.momentum)}, λ = ${formatSetting(hyperparameters.weightDecay)}${hyperparameters.batchSize === undefined ? '' : `, S = ${hyperparameters.batchSize}`}`,
      ],
      [
        'data',
        `${dataset.examples === undefined ? '' : `${counted(dataset.examples, 'example')}, `}${counted(report.spectrum.eigenvalues.length, 'mode')}, σ² = ${formatNumber(report.spectrum.noiseVariance)}`,
      ],
      ...runFacts(run),
      ['again', element('code', {}, report.command)],
    ],
  })
}

/** How claims fared against their first theory, where none is required. */
function tallied(claims: Report['claims']): Record<Verdict, number> {
  const count = (verdict: Verdict): number => claims.filter((claim) => outcome(claim).verdict === verdict).length
  return {
    agrees: count('agrees'),
    disagrees: count('disagrees'),
    inconclusive: count('inconclusive'),
    'not-answerable': count('not-answerable'),
  }
}

function verdicts(report: Report, cards: readonly Markup[]): Markup {
  const ends = endedEarly(report)
  return section(
    'verdicts',
    'Verdicts',
    element(
      'p',
      {},
      'A claim agrees if its equivalence interval lies wholly within the margin around the prediction, and disagrees if its confidence interval, which is wider, misses the margin. Undecided is neither, at the end of the budget, and counts as a failure.',
    ),
    failing(report.claims),
    report.recording && list(recordingNotes(report.recording)),
    ends.length === 0
      ? undefined
      : together(
          element('p', {}, 'Sampling ended early; what was not decided by then stays undecided.'),
          list(ends.map(({ sampling, reason }) => `${samplingNames[sampling]}: ${reason}`)),
        ),
    ...cards,
  )
}
