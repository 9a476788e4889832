import type { Claim, Comparison, ErrorBudget, Report, Verdict } from '../foundation/results.ts'
import { endedEarly } from './ended-early.ts'
import { errataTable } from './errata.ts'
import type { FigureFile, FigureKind } from './figures/figure.ts'
import { code, codeBlock, counted, details, escaped, inWords, list, table } from './markdown-text.ts'
import {
  differenceBetween,
  failingClaims,
  groupBy,
  halfWidth,
  referenceComparison,
  requiredComparison,
  rivalOutcome,
  samplingNames,
  samplings,
  speedClaims,
  theoryTitle,
  verdictNames,
  verdictOrder,
  verdictSymbols,
} from './names.ts'
import { formatCount, formatDifference, formatMargin, formatNumber, formatPercent, formatSetting } from './numbers.ts'
import { recordingAnswer, recordingLines } from './recording.ts'

/** More rows than this collapse. */
const longVerdictTable = 30
const longTable = 12

/**
 * A report that a stranger can read: the answer, what was run, the verdicts, and then the evidence.
 *
 * @param figures rendered figures, linked as figures/NAME.svg beside the report
 */
export function renderMarkdown(report: Report, figures: readonly FigureFile[]): string {
  const parts = [
    `# SGD against its theory: ${escaped(report.dataset.name)}`,
    report.recording
      ? 'A recorded trajectory of SGD with momentum was held against what theory predicts of its very rows, given where it starts.'
      : 'SGD with momentum was simulated on a least-squares regression, and what it did was held against what theory predicts.',
    answer(report),
    '## What was run',
    settings(report),
    '## Verdicts',
    ...verdicts(report),
    ...figuresOf(figures, 'verdicts'),
    howToRead,
    '## Hypotheses',
    ...[...groupBy(report.claims, (claim) => claim.hypothesis)].flatMap(([name, claims]) => hypothesis(name, claims)),
    ...whoDisagrees(report, figures),
    ...rivals(figures),
    ...trajectories(figures),
    ...notAnswerable(report),
    ...stopped(report),
    '## How sure is this',
    ledger(report),
    '## Theories asked',
    table(
      ['theory', 'says', 'source'],
      report.theories.map(({ name, title, source }) => [code(name, 'cell'), escaped(title), escaped(source)]),
    ),
    ...errata(report),
    '## How to replay it',
    ...replay(report),
  ]
  return `${parts.join('\n\n')}\n`
}

function errata({ errata: rows }: Report): string[] {
  if (rows.length === 0) return []
  const decided =
    'Each has one number three times: by the printed formula, by the corrected one, and by a computation that uses neither.'
  return [
    '## Where the paper needs correction',
    `${counted(rows.length, 'row')}. ${decided}`,
    details('Errata and limits of the paper', errataTable(rows)),
  ]
}

function answer(report: Report): string {
  const { required, rivals, passed } = report.summary
  const answerable = required.agrees + required.disagrees + required.inconclusive
  const otherwise = [
    ...(required.disagrees > 0 ? [`${required.disagrees} ${required.disagrees === 1 ? 'disagrees' : 'disagree'}`] : []),
    ...(required.inconclusive > 0
      ? [`${required.inconclusive} ${required.inconclusive === 1 ? 'is' : 'are'} inconclusive`]
      : []),
  ]
  const sentences = [
    `**${required.agrees} of ${counted(answerable, 'required claim')} ${required.agrees === 1 ? 'agrees' : 'agree'} within ${answerable === 1 ? 'its margin' : 'their margins'}`,
    ...(otherwise.length > 0 ? [`; ${inWords(otherwise)}`] : []),
    `; ${required.notAnswerable === 0 ? 'none' : formatCount(required.notAnswerable)} ${required.notAnswerable === 1 ? 'was' : 'were'} not answerable within the budget.**`,
    ` ${rivalSentence(rivals)}`,
    ` The verification **${passed ? 'passed' : 'did not pass'}**: it passes if every required claim that can be answered agrees and every rival that can be told apart is rejected.`,
  ]
  const speeds = speedAnswers(report)
  return [
    report.recording ? (recordingAnswer(report)[0] ?? '') : sentences.join(''),
    ...(speeds.length > 0 ? [`How fast SGD moves, E‖δ‖², measured:`, list(speeds)] : []),
  ].join('\n\n')
}

function rivalSentence({ rejected, survived, survivedCompared, inseparable }: Report['summary']['rivals']): string {
  const count = rejected + survived + survivedCompared + inseparable
  if (count === 0) return 'No rival theory was put to the test.'
  const fates = [
    ...(rejected > 0
      ? [`${rejected} ${rejected === 1 ? 'was' : 'were'} rejected by the same samples, as they should be`]
      : []),
    ...(survived > 0 ? [`${survived} survived though far enough away to be rejected`] : []),
    ...(survivedCompared > 0
      ? [`${survivedCompared} survived where no theory is required, which decides nothing`]
      : []),
    ...(inseparable > 0
      ? [`${inseparable} ${inseparable === 1 ? 'lies' : 'lie'} too close to be told apart here`]
      : []),
  ]
  return `Of ${counted(count, 'wrong or competing prediction')} (rivals), ${inWords(fates)}.`
}

function speedAnswers(report: Report): string[] {
  return speedClaims(report).flatMap((claim) => {
    const answers = claim.comparisons
      .filter(({ role, difference }) => role !== 'rival' && difference !== undefined)
      .map((each) => {
        const verdict = each.role === 'required' ? verdictText(each.verdict) : 'compared'
        return `${differenceText(claim, each)} against ${escaped(theoryTitle(report, each.theory))} (${verdict})`
      })
    return answers.length === 0 ? [] : [`**${samplingNames[claim.sampling]}**: ${answers.join('; ')}`]
  })
}

function settings(report: Report): string {
  const { dataset, hyperparameters, limits, spectrum } = report
  const treatment = [
    ...(dataset.standardized ? ['columns standardised'] : []),
    ...(dataset.centered ? ['centred'] : []),
    ...(dataset.oneHot ? ['target one-hot'] : []),
  ]
  const sizes = [
    ...(dataset.examples === undefined ? [] : [counted(dataset.examples, 'example')]),
    ...(dataset.features === undefined ? [] : [counted(dataset.features, 'feature')]),
    counted(dataset.outputs, 'output'),
  ]
  const dropped = dataset.droppedColumns.map((name) => code(name)).join(', ')
  const underdamped = spectrum.dampingRatio.filter((ratio) => ratio < 1).length
  return list([
    `**${report.recording ? 'file' : 'dataset'}** ${escaped(dataset.name)}: ${sizes.join(', ')}${treatment.length > 0 ? `; ${treatment.join(', ')}` : ''}`,
    ...(report.recording
      ? recordingLines(report.recording)
      : [
          `**left out** columns: ${dropped === '' ? 'none' : dropped}; directions without curvature (ρ = 0): ${formatCount(dataset.nullModes)}`,
        ]),
    `**learning rate** η = ${formatSetting(hyperparameters.learningRate)} (${escaped(hyperparameters.learningRateReason)})`,
    `**momentum** β = ${formatSetting(hyperparameters.momentum)}, **weight decay** λ = ${formatSetting(hyperparameters.weightDecay)}, **batch size** S = ${hyperparameters.batchSize === undefined ? 'not given' : formatCount(hyperparameters.batchSize)}${report.seed === undefined ? '' : `, **seed** ${report.seed}`}`,
    `**stability limits of η** for the mean: ${formatSetting(limits.mean)}${limits.meanSquare ? `; for the second moments (mini-batch noise): ${formatSetting(limits.meanSquare.withReplacement)} with, ${formatSetting(limits.meanSquare.withoutReplacement)} without replacement` : ''}`,
    `**spectrum** ${counted(spectrum.eigenvalues.length, 'mode')}, eigenvalues ${range(spectrum.eigenvalues)}, damping ratios ${range(spectrum.dampingRatio)} (${underdamped} underdamped); gradient noise σ² = ${spectrum.noiseVariance === undefined ? 'not given' : formatNumber(spectrum.noiseVariance)}`,
  ])
}

function range(values: readonly number[]): string {
  if (values.length === 0) return '–'
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = values.reduce((a, b) => Math.max(a, b))
  return low === high ? formatNumber(low) : `${formatNumber(low)} to ${formatNumber(high)}`
}

function verdicts(report: Report): string[] {
  const claims = report.claims.filter((claim) => requiredComparison(claim) !== undefined)
  const comparedOnly = report.claims.length - claims.length
  const rest =
    comparedOnly > 0
      ? [
          `${counted(comparedOnly, 'further claim')} ${comparedOnly === 1 ? 'has' : 'have'} no theory that must hold here: ${comparedOnly === 1 ? 'it is' : 'they are'} only compared, below.`,
        ]
      : []
  if (claims.length === 0) return ['No claim is required here.', ...rest]
  if (claims.length <= longVerdictTable) return [verdictTable(claims), ...rest]
  const failing = failingClaims(report)
  return [
    verdictOverview(claims),
    ...(failing.length > 0 ? ['Claims that were answered and do not agree:', verdictTable(failing)] : []),
    details(`All ${claims.length} required claims`, verdictTable(claims)),
    ...rest,
  ]
}

function verdictTable(claims: readonly Claim[]): string {
  return table(
    ['hypothesis', 'sampling', 'quantity', 'required theory', 'difference from its prediction:', 'margin:', 'verdict'],
    claims.map((claim) => {
      const required = requiredComparison(claim)!
      return [
        escaped(claim.hypothesis),
        samplingNames[claim.sampling],
        escaped(claim.quantity),
        escaped(required.theory),
        differenceText(claim, required),
        formatMargin(claim.scale, claim.margin),
        verdictText(claim.verdict ?? required.verdict),
      ]
    }),
  )
}

/** Hypotheses against sampling schemes, with how many claims came out how. */
function verdictOverview(claims: readonly Claim[]): string {
  const shown = samplings.filter((sampling) => claims.some((claim) => claim.sampling === sampling))
  return table(
    ['hypothesis', ...shown.map((sampling) => samplingNames[sampling])],
    [...groupBy(claims, (claim) => claim.hypothesis)].map(([name, list]) => [
      escaped(name),
      ...shown.map((sampling) => tally(list.filter((claim) => claim.sampling === sampling))),
    ]),
  )
}

function tally(claims: readonly Claim[]): string {
  return verdictOrder
    .map((verdict) => ({ verdict, count: claims.filter((claim) => claim.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${verdictSymbols[verdict]} ${count}`)
    .join(' · ')
}

const howToRead = [
  '**How to read this.** Differences are relative where they carry a percent sign, else in units of the quantity; ± is half the confidence interval, at the strict level told under [How sure is this](#how-sure-is-this).',
  list([
    '✓ **agrees**: the equivalence interval lies wholly within the margin around the prediction. Shown to agree, not merely not shown to differ.',
    '✗ **disagrees**: the confidence interval, which is wider, misses the margin.',
    '? **inconclusive**: neither, at the end of the budget; counts as a failure.',
    '– **not answerable**: planned before sampling to need more than the budget; neither pass nor failure.',
  ]),
  '*Detectable* is the smallest discrepancy that the whole budget would have found.',
  'A theory is *required* where its assumptions hold by construction in this run, and *compared* where it idealises; a *rival* is a prediction known to be wrong here, which the same samples should reject. Theories go by short names, spelled out under [Theories asked](#theories-asked).',
].join('\n\n')

function hypothesis(name: string, claims: readonly Claim[]): string[] {
  const sentences = [
    ...groupBy(claims, (claim) => `${escaped(claim.claim)} *Source: ${escaped(claim.source)}.*`).keys(),
  ]
  const margins = [
    ...groupBy(claims, (claim) => `${formatMargin(claim.scale, claim.margin)}: ${escaped(claim.marginReason)}`).keys(),
  ]
  const others = claims.flatMap((claim) =>
    claim.comparisons.filter(({ role }) => role !== 'required').map((comparison) => ({ claim, comparison })),
  )
  return [
    `### ${escaped(name)}`,
    ...sentences,
    collapsible(`${counted(claims.length, 'claim')} of ${name}`, claims.length, measurements(claims)),
    `Why these margins:\n\n${list(margins)}`,
    ...(others.length > 0
      ? [
          'Other theories, held against the same samples:',
          collapsible(`${counted(others.length, 'comparison')} of ${name}`, others.length, comparisons(others)),
        ]
      : []),
  ]
}

function measurements(claims: readonly Claim[]): string {
  return table(
    [
      'sampling',
      'quantity',
      'predicted by',
      'prediction:',
      'measured:',
      'confidence interval:',
      'equivalence interval:',
      'margin:',
      'detectable:',
      'samples',
      'verdict',
    ],
    claims.map((claim) => {
      const reference = referenceComparison(claim)
      const look = claim.looks.at(-1)
      return [
        samplingNames[claim.sampling],
        escaped(claim.quantity),
        escaped(reference?.theory ?? '–'),
        formatNumber(reference?.prediction),
        formatNumber(look?.estimate),
        intervalText(look?.confidenceInterval),
        intervalText(look?.equivalenceInterval),
        formatMargin(claim.scale, claim.margin),
        formatMargin(claim.scale, claim.smallestDetectable),
        look ? samples(claim, look.replicas) : 'none',
        claim.verdict ? verdictText(claim.verdict) : claim.answerable ? 'compared only' : verdictText('not-answerable'),
      ]
    }),
  )
}

function samples(claim: Claim, replicas: number): string {
  return `${counted(replicas, 'replica')}, ${formatCount(claim.stepsUsed)} steps, ${counted(claim.looks.length, 'look')}`
}

function comparisons(others: readonly { claim: Claim; comparison: Comparison }[]): string {
  return table(
    ['sampling', 'quantity', 'theory', 'role', 'prediction:', 'outcome'],
    others.map(({ claim, comparison }) => [
      samplingNames[claim.sampling],
      escaped(claim.quantity),
      escaped(comparison.theory),
      comparison.role,
      formatNumber(comparison.prediction),
      comparison.role === 'rival' ? rivalText(claim, comparison) : comparedText(claim, comparison),
    ]),
  )
}

function comparedText(claim: Claim, comparison: Comparison): string {
  if (comparison.difference === undefined) return 'not answerable'
  const words: Record<Verdict, string> = {
    agrees: 'within the margin',
    disagrees: 'more than the margin',
    inconclusive: 'undecided',
    'not-answerable': 'not answerable',
  }
  return `measured differs by ${differenceText(claim, comparison)} (${words[comparison.verdict]})`
}

function rivalText(claim: Claim, rival: Comparison): string {
  const reference = referenceComparison(claim)
  const away = reference
    ? `${formatDifference(claim.scale, differenceBetween(claim, rival.prediction, reference.prediction), undefined)} from ${escaped(reference.theory)}`
    : 'alone'
  const outcome = rivalOutcome(rival)
  if (outcome === 'not tested') return 'not tested'
  if (outcome === 'inseparable') return `inseparable: only ${away}`
  return `${outcome === 'rejected' ? '✓ rejected' : '✗ survived'}: ${away}; measured differs by ${differenceText(claim, rival)}`
}

function whoDisagrees(report: Report, figures: readonly FigureFile[]): string[] {
  if (report.errorBudget.length === 0) return []
  return [
    '## Who disagrees with whom',
    'Percent of the first theory, from the most idealised one to the measurement; in brackets the change from the column before, which is what that step is worth.',
    ...[...groupBy(report.errorBudget, (budget) => budget.sampling)].flatMap(([sampling, budgets]) => [
      `**${samplingNames[sampling]}**`,
      collapsible(`${counted(budgets.length, 'quantity', 'quantities')}`, budgets.length, budgetTable(budgets)),
    ]),
    ...figuresOf(figures, 'error-budget'),
  ]
}

/** One row a quantity, one column a theory, the measurement last. */
function budgetTable(budgets: readonly ErrorBudget[]): string {
  const names = [...new Set(budgets.flatMap(({ rows }) => rows.map((row) => row.name)))]
  const measured = names.filter((name) => budgets.some(({ rows }) => rows.at(-1)?.name === name))
  const columns = [...names.filter((name) => !measured.includes(name)), ...measured]
  return table(
    ['quantity', ...columns.map((name) => `${escaped(name)}:`)],
    budgets.map(({ quantity, rows }) => [
      escaped(quantity),
      ...columns.map((name) => {
        const i = rows.findIndex((row) => row.name === name)
        return i < 0 ? '' : budgetCell(rows[i]!, i === 0)
      }),
    ]),
  )
}

function budgetCell(row: ErrorBudget['rows'][number], first: boolean): string {
  if (first) return `${formatNumber(row.value)} = 100 %`
  const half = row.halfWidth === undefined ? undefined : Math.abs(row.halfWidth / row.value) * row.percentOfFirst
  return `${formatPercent(row.percentOfFirst, half)} (${formatDifference('log', row.stepPercent / 100, undefined)})`
}

function rivals(figures: readonly FigureFile[]): string[] {
  const drawn = figuresOf(figures, 'rivals')
  return drawn.length === 0 ? [] : ['## Which theory survives which measurement', ...drawn]
}

function trajectories(figures: readonly FigureFile[]): string[] {
  const kinds = [
    'mean-trajectory',
    'displacement',
    'run-displacement',
    'exponent-length',
    'position-plane',
    'velocity-plane',
    'phase-plane',
    'oscillation',
    'mode-variance',
    'isotropy',
    'equipartition',
  ] as const
  const drawn = kinds.flatMap((kind) => figuresOf(figures, kind))
  return drawn.length === 0 ? [] : ['## What the trajectories look like', ...drawn]
}

/** The figures of one kind, each caption once before the first that it belongs to. */
function figuresOf(figures: readonly FigureFile[], kind: FigureKind): string[] {
  const drawn = figures.filter((figure) => figure.kind === kind)
  return [...groupBy(drawn, ({ caption }) => caption)].flatMap(([caption, list]) => [
    escaped(caption),
    ...list.map(({ name, title }) => `![${escaped(title)}](figures/${name}.svg)`),
  ])
}

function notAnswerable(report: Report): string[] {
  const claims = report.claims.filter((claim) => !claim.answerable)
  if (claims.length === 0) return []
  const rows = table(
    ['hypothesis', 'sampling', 'quantity', 'why', 'budget, steps:', 'would need, steps:'],
    claims.map((claim) => [
      escaped(claim.hypothesis),
      samplingNames[claim.sampling],
      escaped(claim.quantity),
      escaped(claim.reason ?? 'more steps than the budget'),
      formatCount(claim.stepsBudget),
      claim.stepsNeeded === undefined ? 'no number would do' : formatCount(claim.stepsNeeded),
    ]),
  )
  return ['## Not answerable within the budget', collapsible(counted(claims.length, 'claim'), claims.length, rows)]
}

function stopped(report: Report): string[] {
  const ends = endedEarly(report)
  if (ends.length === 0) return []
  const lines = ends.map(({ sampling, reason }) => `**${samplingNames[sampling]}**: ${escaped(reason)}`)
  return ['## Sampling that ended early', 'What was not decided by then stays inconclusive.', list(lines)]
}

function ledger({ ledger }: Report): string {
  const { falseAlarmRate, falsePassRate, claims, alphaPerClaim, looks } = ledger
  return [
    `Two errors are possible, and both have a budget set before sampling. A **false alarm** calls a true claim wrong: over the whole suite its chance is at most α = ${formatSetting(falseAlarmRate)}, shared by ${counted(claims, 'claim')}, ${formatSetting(alphaPerClaim)} each; this is what makes the confidence intervals wide.`,
    `A **false pass** calls a claim right though the truth lies outside the margin: for each claim its chance is at most φ = ${formatSetting(falsePassRate)}; this is the equivalence interval.`,
    `Samples are looked at up to ${counted(looks, 'time')}, more each time; look j spends α/2ʲ and φ/2ʲ, divided by e^0.5 against skewed samples, so looking again is paid for.`,
  ].join(' ')
}

function replay(report: Report): string[] {
  const failing = failingClaims(report)
  const whole = singleLine(report.command)
  const commandsOf = (claims: readonly Claim[]): string[] =>
    [...new Set(claims.map((claim) => singleLine(claim.replay)))].filter((command) => command !== whole)
  const mine = commandsOf(failing)
  const rest = commandsOf(report.claims.filter((claim) => claim.answerable && !failing.includes(claim)))
  return [
    `The same seed gives the same numbers, whatever the machine and however many workers (${report.program.name} ${escaped(report.program.version)}):`,
    codeBlock([whole]),
    ...(mine.length > 0 ? ['Claims that were answered and do not agree, one by one:', codeBlock(mine)] : []),
    ...(rest.length > 0 ? [details('Every other claim that was answered, one by one', codeBlock(rest))] : []),
  ]
}

function singleLine(command: string): string {
  return command.replace(/\s+/g, ' ').trim()
}

function collapsible(summary: string, rows: number, body: string): string {
  return rows > longTable ? details(summary, body) : body
}

function differenceText(claim: Claim, comparison: Comparison): string {
  return formatDifference(claim.scale, comparison.difference, halfWidth(comparison))
}

function verdictText(verdict: Verdict): string {
  return `${verdictSymbols[verdict]} ${verdictNames[verdict]}`
}

function intervalText(interval: readonly [number, number] | undefined): string {
  return interval === undefined ? '–' : `${formatNumber(interval[0])} to ${formatNumber(interval[1])}`
}
