import type { NetworkReport, NetworkRun } from '../../foundation/network-results.ts'
import type { Run, Verdict } from '../../foundation/results.ts'
import type { FigureFile } from '../figures/figure.ts'
import { counted, inWords, sentence } from '../markdown-text.ts'
import { theoryTitle } from '../names.ts'
import { formatCount, formatExponent, formatMargin, formatNumber, formatSetting } from '../numbers.ts'
import { claimAnchor, intervalText } from './claim-entries.ts'
import { figureCard } from './figure-card.ts'
import { firstScreen } from './first-screen.ts'
import { element, list, type Markup, section } from './markup.ts'
import { networkClaimsSection, networkVerdict, ratioOf } from './network-claims.ts'
import { htmlPage, type Part } from './page.ts'
import { runFacts } from './run-facts.ts'
import { numberCell, sortableTable } from './sortable-table.ts'
import { theoriesSection } from './theories-section.ts'

/**
 * The report of an experiment with a network as one HTML file that needs no network.
 *
 * @param run its machine and times; absent where they are not known
 */
export function renderNetworkHtml(report: NetworkReport, figures: readonly FigureFile[], run?: Run): string {
  const parts: (Part | false)[] = [
    report.findings.length > 0 && {
      id: 'findings',
      name: 'What theory assumes',
      body: section('findings', 'Where this network is not what theory assumes', list(report.findings)),
    },
    { id: 'claims', name: 'Claims', body: claims(report) },
    { id: 'runs', name: 'Runs', body: runs(report.runs) },
    figures.length > 0 && {
      id: 'figures',
      name: 'Figures',
      body: section('figures', 'Figures', ...figures.map(figureCard)),
    },
    { id: 'claim-by-claim', name: 'Claim by claim', body: networkClaimsSection(report) },
    { id: 'curvature', name: 'Curvature and noise', body: curvature(report) },
    { id: 'theories', name: 'Theories', body: theoriesSection(report) },
  ]
  return htmlPage(
    `A network against the theory of SGD: ${report.experiment.name}`,
    opening(report, run),
    parts.filter((part) => part !== false),
  )
}

function opening(report: NetworkReport, run: Run | undefined): Markup {
  const { experiment, network, data, backend, program, pretraining } = report
  const count = (verdict: Verdict): number => report.claims.filter((claim) => claim.verdict === verdict).length
  const unjudged = report.claims.filter(({ verdict }) => verdict === undefined).length
  const levels = [...new Set(report.claims.flatMap(({ alpha }) => (alpha === undefined ? [] : [alpha])))]
  return firstScreen({
    title: `A network against the theory of SGD: ${experiment.name}`,
    answer: `${sentence(experiment.about)}${unjudged === 0 ? '' : ` Of its claims ${unjudged} have no interval and no verdict.`}`,
    counts: {
      agrees: count('agrees'),
      disagrees: count('disagrees'),
      inconclusive: count('inconclusive'),
      ...(count('not-answerable') > 0 ? { 'not-answerable': count('not-answerable') } : {}),
    },
    counted: 'claims',
    facts: [
      [
        'false alarms',
        levels.length === 0 ? 'no claim has an interval' : `α = ${levels.map(formatSetting).join(', ')} for each claim`,
      ],
      ['seeds', seedsText(report)],
      ['version', `${program.name} ${program.version}, report schema ${report.schemaVersion}`],
      ['computed by', `${backend.name}: ${backend.reason}`],
      ['network', `${network.name}, ${counted(network.parameters, 'parameter')}: ${network.about}`],
      ['data', `${data.name}, ${counted(data.examples, 'example')}: ${data.about}`],
      ['pre-training', `${counted(pretraining.steps, 'step')}: ${pretraining.about}`],
      ...runFacts(run),
      ['again', element('code', {}, report.command)],
    ],
  })
}

/** Of the runs, and of what comes before them where that is known. */
function seedsText({ runs, seeds }: NetworkReport): string {
  const before = [
    seeds && `parameters ${seeds.parameters}`,
    seeds?.pretraining !== undefined && `pre-training ${seeds.pretraining}`,
    seeds?.data !== undefined && `data ${seeds.data}`,
    seeds && `split ${seeds.split}`,
  ].filter((text) => typeof text === 'string')
  return [`runs ${inWords([...new Set(runs.map(({ seed }) => String(seed)))])}`, ...before].join('; ')
}

function claims(report: NetworkReport): Markup {
  return section(
    'claims',
    'Claims',
    element(
      'p',
      {},
      'The ratio is measured over predicted; no constant was fitted on the run that it tests. A claim agrees where the ratio was shown to lie within the margin about 1, and disagrees where its interval misses the margin.',
    ),
    sortableTable(
      [
        { heading: 'verdict' },
        { heading: 'run' },
        { heading: 'quantity' },
        { heading: 'theory' },
        { heading: 'predicted', numeric: true },
        { heading: 'measured', numeric: true },
        { heading: 'ratio', numeric: true },
        { heading: 'its interval', numeric: true },
        { heading: 'margin', numeric: true },
        { heading: 'source' },
      ],
      report.claims.map((claim, place) => {
        const { run, quantity, theory, prediction, measured, ratioInterval, margin, source } = claim
        const ratio = ratioOf(claim)
        return [
          networkVerdict(claim),
          run,
          element('a', { href: `#${claimAnchor(place)}` }, quantity),
          theoryTitle(report, theory),
          numberCell(formatNumber(prediction), prediction),
          numberCell(formatNumber(measured), measured),
          numberCell(formatNumber(ratio), ratio),
          numberCell(ratioInterval === undefined ? '–' : intervalText(ratioInterval), ratioInterval?.[0]),
          numberCell(formatMargin('log', margin), margin),
          source,
        ]
      }),
    ),
  )
}

function runs(list: readonly NetworkRun[]): Markup {
  return section(
    'runs',
    'Runs',
    sortableTable(
      [
        { heading: 'run' },
        ...['η', 'β', 'λ', 'S', 'steps', 'seed', 'mean ‖δ‖²', 'exponent'].map((heading) => ({
          heading,
          numeric: true,
        })),
        { heading: 'batches' },
      ],
      list.map(({ label, hyperparameters, order, steps, seed, localDisplacement, globalDisplacement }) => {
        const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
        const speed = localDisplacement.mean.value
        const { exponent } = globalDisplacement.fit
        return [
          label,
          numberCell(formatSetting(learningRate), learningRate),
          numberCell(formatSetting(momentum), momentum),
          numberCell(formatSetting(weightDecay), weightDecay),
          numberCell(formatCount(batchSize), batchSize),
          numberCell(formatCount(steps), steps),
          numberCell(seed, seed),
          numberCell(formatNumber(speed), speed),
          numberCell(formatExponent(exponent), exponent),
          order.replace('-', ' '),
        ]
      }),
    ),
  )
}

function curvature({ curvature: { eigenvalues, residuals, converged }, noise }: NetworkReport): Markup {
  return section(
    'curvature',
    'Curvature and noise at the start',
    element('p', {}, 'The noise is 1 in each row if Σ = σ²H, as the theory assumes.'),
    sortableTable(
      [
        { heading: 'eigenvector', numeric: true },
        { heading: 'eigenvalue ρ', numeric: true },
        { heading: 'residual ‖Hq − ρq‖', numeric: true },
        { heading: 'converged' },
        { heading: 'noise qᵀΣq/σ²ρ', numeric: true },
      ],
      eigenvalues.map((eigenvalue, l) => [
        numberCell(l + 1, l + 1),
        numberCell(formatNumber(eigenvalue), eigenvalue),
        numberCell(formatNumber(residuals[l]), residuals[l]),
        converged[l] ? 'yes' : 'no',
        numberCell(formatNumber(noise.alignment[l]), noise.alignment[l]),
      ]),
    ),
  )
}
