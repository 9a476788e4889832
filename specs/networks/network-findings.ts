import type { ExperimentMeasurements } from './analyse-experiment.ts'
import type { RecordedRun, RunPredictions, RunStatistics } from './analyse-run.ts'
import { stabilityLimit } from './network-predictions.ts'
import { flatModes, type NetworkSpectrum } from './network-spectrum.ts'

interface Group {
  readonly runs: readonly RecordedRun[]
  readonly predictions: RunPredictions
  readonly analysed: readonly { readonly statistics: RunStatistics }[]
}

/** What the theory assumes and this network does not give, each with its number, in plain sentences. */
export function networkFindings(
  { curvature, noise }: Pick<ExperimentMeasurements, 'curvature' | 'noise'>,
  spectrum: NetworkSpectrum,
  groups: readonly Group[],
): string[] {
  const { eigenvalues, converged, trace, density } = curvature
  const findings: string[] = []
  const reached = converged.filter(Boolean).length
  if (reached < eigenvalues.length) {
    findings.push(`${reached} of ${eigenvalues.length} eigenpairs converged; the others’ projections mix modes.`)
  }
  const [low, high] = [Math.min(...noise.alignment), Math.max(...noise.alignment)]
  if (low < 0.8 || high > 1.25) {
    findings.push(
      `Σ is not σ²H: along the top ${eigenvalues.length} modes qᵀΣq runs from ${short(low)} to ${short(high)} times σ²ρ, and ${percent(1 - spectrum.bulkShare)} of tr Σ lies there, against ${percent(topShare(eigenvalues, trace.value))} of tr H.`,
    )
  }
  if (spectrum.bulkShare < 0) {
    findings.push(
      `The noise along the top modes, as estimated, is ${short(1 - spectrum.bulkShare)} times tr Σ: nothing is left for the bulk.`,
    )
  }
  const flat = flatModes(spectrum)
  if (flat.modes > 0) {
    findings.push(
      `Curvature is ${flat.smallest < 0 ? `negative, down to ${short(flat.smallest)}` : 'zero'}, or not above 0, along about ${short(flat.modes)} directions: they have no stationary law. Stationary predictions leave them out, and with them ${percent(flat.noiseShare)} of the noise, as it was spread by |ρ|; predictions from the start take negative curvature as flat, for a quadratic would run away.`,
    )
  }
  const fromDensity = density.nodes.reduce((sum, node, index) => sum + node * density.counts[index]!, 0)
  if (Math.abs(fromDensity / trace.value - 1) > 0.1) {
    findings.push(
      `The spectral density’s tr H, ${short(fromDensity)}, is ${short(fromDensity / trace.value)} times Hutchinson’s ${short(trace.value)} ± ${short(trace.standardError)}.`,
    )
  }
  for (const group of groups) findings.push(...groupFindings(spectrum, group))
  return findings
}

function groupFindings(spectrum: NetworkSpectrum, { runs, predictions, analysed }: Group): string[] {
  const [{ label, hyperparameters, order }] = runs as [RecordedRun]
  const findings: string[] = []
  const limit = stabilityLimit(spectrum, hyperparameters)
  const { learningRate, batchSize } = hyperparameters
  if (!(learningRate < limit)) {
    findings.push(
      `${label}: η = ${short(learningRate)} is past ${short(limit)}, the mean’s stability limit by the largest eigenvalue at the start: nothing stationary is predicted.`,
    )
  }
  const { exampleCount } = order
  if (order.sampling === 'shuffled-epochs' && exampleCount % batchSize !== 0) {
    findings.push(
      `${label}: epochs drop the last ${exampleCount % batchSize} of ${exampleCount} examples, so that an epoch’s noise does not sum exactly to zero; predictions take that into account.`,
    )
  }
  const { steps, curves } = predictions
  const average = (of: (statistics: RunStatistics) => number): number =>
    analysed.reduce((sum, { statistics }) => sum + of(statistics) / analysed.length, 0)
  const end = average(({ globalDisplacement }) => globalDisplacement[steps]!)
  const drift = end / curves.measured.globalDisplacement[steps]!
  if (drift > 2 || drift < 0.5) {
    findings.push(
      drift > 1
        ? `${label}: the network still drifts: ‖Δ‖² at the end is ${short(drift)} times what is predicted from its start.`
        : `${label}: the network moves less than predicted: ‖Δ‖² at the end is ${short(drift)} times what is predicted from its start.`,
    )
  }
  const exponent = average((statistics) => statistics.exponent)
  const predicted = predictions.exponents.measured?.value
  if (predicted !== undefined) {
    findings.push(
      `${label}: ‖Δ‖² grows as k to the power ${short(exponent)}, ${exponent > 1 ? 'faster' : 'slower'} than Brownian motion; the theory from the same start says ${short(predicted)}.`,
    )
  }
  const ordered = orderedPairs(spectrum, analysed)
  if (ordered !== undefined && ordered.right < ordered.pairs) {
    findings.push(
      `${label}: velocities’ mean frequencies are in the order of the eigenvalues in ${ordered.right} of ${ordered.pairs} pairs of modes.`,
    )
  }
  return findings
}

/** How many pairs of modes have the stiffer one faster, by their means over runs. */
function orderedPairs(
  spectrum: NetworkSpectrum,
  analysed: Group['analysed'],
): { readonly right: number; readonly pairs: number } | undefined {
  const seen = analysed.flatMap(({ statistics: { frequencies } }) => (frequencies === undefined ? [] : [frequencies]))
  if (spectrum.top.length < 2 || seen.length === 0) return undefined
  const frequencies = spectrum.top.map((_, mode) =>
    seen.reduce((sum, sums) => {
      const [weighted, total] = sums[mode]!.velocity
      return sum + weighted / total
    }, 0),
  )
  let [right, pairs] = [0, 0]
  for (let a = 0; a < frequencies.length; a++) {
    for (let b = a + 1; b < frequencies.length; b++) {
      pairs++
      if (frequencies[a]! >= frequencies[b]!) right++
    }
  }
  return { right, pairs }
}

function topShare(eigenvalues: readonly number[], trace: number): number {
  return eigenvalues.reduce((sum, rho) => sum + rho, 0) / trace
}

function short(value: number): string {
  return Number(value.toPrecision(2)).toString()
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
