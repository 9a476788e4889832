import type { NetworkClaim, NetworkReport, NetworkRun } from '../../foundation/network-results.ts'
import type { Verdict } from '../../foundation/results.ts'
import type { FigureFile } from '../figures/figure.ts'
import { code, codeBlock, counted, details, escaped, inWords, list, sentence, table } from '../markdown-text.ts'
import { groupBy, theoryTitle, verdictNames, verdictSymbols } from '../names.ts'
import { formatCount, formatDifference, formatExponent, formatMargin, formatNumber, formatSetting } from '../numbers.ts'

/** More rows than this collapse. */
const longTable = 12

const orderNames: Readonly<Record<NetworkRun['order'], string>> = {
  'with-replacement': 'with replacement',
  'shuffled-epochs': 'shuffled epochs',
}

const methodNames: Readonly<Record<NetworkReport['curvature']['method'], string>> = {
  'subspace-iteration': 'block subspace iteration with Rayleigh–Ritz',
  lanczos: 'Lanczos',
}

/**
 * What an experiment with a network found, for a stranger: the answer, what was trained, its curvature and noise, the claims,
 * and then the evidence.
 *
 * @param figures rendered figures, linked as figures/NAME.svg beside the report
 */
export function renderNetworkMarkdown(report: NetworkReport, figures: readonly FigureFile[]): string {
  const parts = [
    `# A network against the theory of SGD: ${escaped(report.experiment.name)}`,
    'A network that had converged went on training with fixed learning rate, momentum and batch size, and how it moved was held against what theory predicts from its curvature and its gradient noise.',
    answer(report),
    ...findings(report),
    '## What was run',
    settings(report),
    runsTable(report),
    '## Curvature and noise at the start',
    curvature(report),
    ...figureParts(figures),
    '## Claims, one by one',
    ...claims(report),
    '## Theories asked',
    table(
      ['theory', 'says', 'source'],
      report.theories.map(({ name, title, source }) => [code(name, 'cell'), escaped(title), escaped(source)]),
    ),
    '## How to replay it',
    `The same seed, versions and processor give the same numbers (${report.program.name} ${escaped(report.program.version)}):`,
    codeBlock([report.command.replace(/\s+/g, ' ').trim()]),
  ]
  return `${parts.join('\n\n')}\n`
}

function answer(report: NetworkReport): string {
  const judged = report.claims.filter(({ verdict }) => verdict !== undefined && verdict !== 'not-answerable')
  const count = (verdict: Verdict): number => judged.filter((claim) => claim.verdict === verdict).length
  const [agree, disagree, open] = [count('agrees'), count('disagrees'), count('inconclusive')]
  const rest = report.claims.length - judged.length
  const headline =
    judged.length === 0
      ? 'No claim could be judged.'
      : `${agree} of ${counted(judged.length, 'claim')} ${agree === 1 ? 'agrees' : 'agree'} with theory within ${agree === 1 ? 'its margin' : 'their margins'}; ${disagree} ${disagree === 1 ? 'disagrees' : 'disagree'}, ${open} ${open === 1 ? 'is' : 'are'} inconclusive.`
  const unjudged =
    rest === 0 ? '' : ` ${counted(rest, 'further claim')} ${rest === 1 ? 'has' : 'have'} no interval and no verdict.`
  const [first, ...others] = [...groupBy(report.claims, ({ run }) => run)]
  if (first === undefined) return `**${headline}**${unjudged}`
  const shown = others.length < mostShownGroups ? [first, ...others] : [first]
  return [
    `**${headline}**${unjudged}`,
    'Measured over predicted, with its interval; where they are far apart, measured against predicted:',
    ...shown.flatMap(([run, claims]) => [`**${escaped(run)}**`, ratios(report, claims)]),
    ...(shown.length > others.length ? [] : ['**over all settings**', overSettings(report)]),
    `✓ the ratio was shown to lie within ${inWords(marginsOf(report))} of 1; ✗ its interval misses that; ? neither, or too few runs to tell; no sign: no interval.`,
  ].join('\n\n')
}

/** Ratios beyond it, or its inverse, read better as the two numbers. */
const farRatio = 10

/** Settings that the answer shows one by one. */
const mostShownGroups = 3

function marginsOf({ claims }: NetworkReport): string[] {
  return [...new Set(claims.flatMap(({ margin }) => (margin === undefined ? [] : [formatMargin('log', margin)])))]
}

/** What one group of runs says: a row a quantity, a column a theory. */
function ratios(report: NetworkReport, claims: readonly NetworkClaim[]): string {
  return byTheory(report, claims, (found) => {
    const [claim] = found as [NetworkClaim]
    const { measured, prediction, verdict } = claim
    // of an exponent near 0 the ratio says little
    const isFar = !(measured / prediction < farRatio && prediction / measured < farRatio && measured / prediction > 0)
    const text = isFar ? `${formatNumber(measured)} against ${formatNumber(prediction)}` : ratioText(claim)
    return `${verdict === undefined ? '' : `${verdictSymbols[verdict]} `}${text}`
  })
}

/** The same over all groups of runs: how often each verdict, and between which ratios. */
function overSettings(report: NetworkReport): string {
  return byTheory(report, report.claims, (claims) => {
    const verdicts = (['agrees', 'disagrees', 'inconclusive'] as const).flatMap((verdict) => {
      const count = claims.filter((claim) => claim.verdict === verdict).length
      return count === 0 ? [] : [`${count} ${verdictSymbols[verdict]}`]
    })
    const values = claims.map(({ measured, prediction }) => measured / prediction).filter(Number.isFinite)
    const between =
      values.length === 0 ? '' : `${formatNumber(Math.min(...values))} to ${formatNumber(Math.max(...values))}`
    return verdicts.length === 0 ? between : `${between} (${verdicts.join(', ')})`
  })
}

/** A table of quantities and those theories that say something of them. */
function byTheory(
  report: NetworkReport,
  claims: readonly NetworkClaim[],
  cell: (claims: readonly NetworkClaim[]) => string,
): string {
  const theories = report.theories.filter(({ name }) => claims.some(({ theory }) => theory === name))
  return table(
    ['quantity', ...theories.map(({ name }) => escaped(name))],
    [...groupBy(claims, ({ quantity }) => quantity)].map(([quantity, those]) => [
      escaped(quantity),
      ...theories.map(({ name }) => {
        const found = those.filter(({ theory }) => theory === name)
        return found.length === 0 ? '' : cell(found)
      }),
    ]),
  )
}

/** The ratio of measured to predicted, with its interval, which need not lie evenly about it. */
function ratioText({ measured, prediction, ratioInterval }: NetworkClaim): string {
  const ratio = prediction === 0 ? undefined : measured / prediction
  return ratioInterval === undefined
    ? formatNumber(ratio)
    : `${formatNumber(ratio)} (${formatNumber(ratioInterval[0])} to ${formatNumber(ratioInterval[1])})`
}

function findings({ findings: found }: NetworkReport): string[] {
  if (found.length === 0) return []
  return ['## Where this network is not what theory assumes', list(found.map(escaped))]
}

function settings(report: NetworkReport): string {
  const { experiment, data, network, pretraining, backend } = report
  const accuracies = [
    ...(pretraining.trainAccuracy === undefined ? [] : [`${percent(pretraining.trainAccuracy)} of training examples`]),
    ...(pretraining.testAccuracy === undefined ? [] : [`${percent(pretraining.testAccuracy)} of test examples`]),
  ]
  return list([
    `**experiment** ${escaped(sentence(experiment.about))}${experiment.figures.length > 0 ? ` It repeats the paper’s ${experiment.figures.length === 1 ? 'Figure' : 'Figures'} ${inWords(experiment.figures.map(escaped))}.` : ''}`,
    `**network** ${escaped(network.name)}, ${counted(network.parameters, 'parameter')}: ${escaped(network.about)}`,
    `**data** ${escaped(data.name)}, ${counted(data.examples, 'example')}${data.testExamples === undefined ? '' : ` and ${formatCount(data.testExamples)} to test on`}: ${escaped(data.about)}`,
    `**pre-training** ${counted(pretraining.steps, 'step')}: ${escaped(pretraining.about)}. At its end train loss ${formatNumber(pretraining.trainLoss)}${pretraining.testLoss === undefined ? '' : `, test loss ${formatNumber(pretraining.testLoss)}`}${accuracies.length === 0 ? '' : `, right on ${inWords(accuracies)}`}, gradient norm ${formatNumber(pretraining.gradientNorm)} over the whole data`,
    `**backend** ${escaped(backend.name)}: ${escaped(backend.reason)}`,
  ])
}

function percent(part: number): string {
  return `${formatSetting(100 * part)} %`
}

function runsTable({ runs }: NetworkReport): string {
  const rows = table(
    ['run', 'η:', 'β:', 'λ:', 'S:', 'batches', 'steps:', 'seed:', 'loss, first to last', 'mean ‖δ‖²:', 'exponent:'],
    runs.map(({ label, hyperparameters, order, steps, seed, loss, localDisplacement, globalDisplacement }) => [
      escaped(label),
      formatSetting(hyperparameters.learningRate),
      formatSetting(hyperparameters.momentum),
      formatSetting(hyperparameters.weightDecay),
      formatCount(hyperparameters.batchSize),
      orderNames[order],
      formatCount(steps),
      String(seed),
      `${formatNumber(loss.values[0])} to ${formatNumber(loss.values.at(-1))}`,
      formatNumber(localDisplacement.mean.value),
      formatExponent(globalDisplacement.fit.exponent),
    ]),
  )
  return collapsible(`${counted(runs.length, 'run')}, their settings and results`, runs.length, rows)
}

function curvature(report: NetworkReport): string {
  const { curvature: found, noise } = report
  const unconverged = found.converged.filter((converged) => !converged).length
  const negative = found.eigenvalues.filter((eigenvalue) => !(eigenvalue > 0)).length
  const rows = table(
    ['eigenvector:', 'eigenvalue ρ:', 'residual ‖Hq − ρq‖:', 'converged', 'noise qᵀΣq/σ²ρ:'],
    found.eigenvalues.map((eigenvalue, l) => [
      formatCount(l + 1),
      formatNumber(eigenvalue),
      formatNumber(found.residuals[l]),
      found.converged[l] ? 'yes' : '**no**',
      formatNumber(noise.alignment[l]),
    ]),
  )
  return [
    list([
      `**eigenvalues** the ${formatCount(found.eigenvalues.length)} largest by ${methodNames[found.method]}, on ${counted(found.examples, 'example')}; ${unconverged === 0 ? 'all converged' : `**${formatCount(unconverged)} did not converge**`}${negative === 0 ? '' : `; ${formatCount(negative)} not positive, without a stationary law`}`,
      `**trace** tr H = ${estimateText(found.trace)}`,
      `**gradient noise** of one example tr Σ = ${estimateText(noise.trace)}; σ² = tr Σ / tr H = ${estimateText(noise.variance)}`,
      'The last column is 1 in each row if Σ = σ²H, as the theory assumes.',
    ]),
    collapsible('Eigenvalues, one by one', found.eigenvalues.length, rows),
  ].join('\n\n')
}

function estimateText({ value, standardError }: { value: number; standardError: number }): string {
  return `${formatDifference('linear', value, standardError).replace('+', '')} (standard error)`
}

function claims(report: NetworkReport): string[] {
  if (report.claims.length === 0) return ['None was made.']
  const levels = [...new Set(report.claims.flatMap(({ alpha }) => (alpha === undefined ? [] : [alpha])))]
  return [
    `Every claim with what was predicted and measured. No constant was fitted on the run that it tests.${levels.length === 0 ? '' : ` A claim that is true falls outside its interval with a chance of at most ${inWords(levels.map(formatSetting))}.`}`,
    ...[...groupBy(report.claims, ({ run }) => run)].map(([run, made]) =>
      details(`${text(run)}: ${counted(made.length, 'claim')}`, claimTable(report, made)),
    ),
  ]
}

/** What both a summary and a heading take. */
function text(name: string): string {
  return name.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function claimTable(report: NetworkReport, made: readonly NetworkClaim[]): string {
  return table(
    ['quantity', 'theory', 'predicted:', 'measured:', 'ratio, interval', 'verdict', 'source'],
    made.map((claim) => [
      `${escaped(claim.quantity)}${claim.note === undefined ? '' : ` (${escaped(claim.note)})`}`,
      escaped(theoryTitle(report, claim.theory)),
      formatNumber(claim.prediction),
      formatNumber(claim.measured),
      ratioText(claim),
      claim.verdict === undefined ? 'no verdict' : `${verdictSymbols[claim.verdict]} ${verdictNames[claim.verdict]}`,
      escaped(claim.source),
    ]),
  )
}

/** Every kind of figure under its caption. */
function figureParts(figures: readonly FigureFile[]): string[] {
  if (figures.length === 0) return []
  return [
    '## Figures',
    ...[...groupBy(figures, ({ caption }) => caption)].flatMap(([caption, drawn]) => [
      `### ${escaped(drawn[0]!.title.split(': ')[0]!)}`,
      escaped(caption),
      ...drawn.map(({ name, title }) => `![${escaped(title)}](figures/${name}.svg)`),
    ]),
  ]
}

function collapsible(summary: string, rows: number, body: string): string {
  return rows > longTable ? details(summary, body) : body
}
