import type { ExperimentMeasurements } from './analyse-experiment.ts'
import type { RecordedRun, RunPredictions, RunStatistics } from './analyse-run.ts'
import { stabilityLimit } from './network-predictions.ts'
import { flatModes, type NetworkSpectrum } from './network-spectrum.ts'

/** Settings that a finding names one by one. */
const mostLabels = 3

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
      `Curvature is ${flat.smallest < 0 ? `negative, down to ${short(flat.smallest)}` : 'zero'}, or not above 0, along about ${short(flat.modes)} directions, which have no stationary law. Stationary predictions leave them out, and with them ${percent(flat.noiseShare)} of the noise, as it was spread by |ρ|; predictions from the start take negative curvature as flat, for a quadratic would run away.`,
    )
  }
  const fromDensity = density.nodes.reduce((sum, node, index) => sum + node * density.counts[index]!, 0)
  if (Math.abs(fromDensity / trace.value - 1) > 0.1) {
    findings.push(
      `The spectral density’s tr H, ${short(fromDensity)}, is ${short(fromDensity / trace.value)} times Hutchinson’s ${short(trace.value)} ± ${short(trace.standardError)}.`,
    )
  }
  return [...findings, ...groupFindings(spectrum, groups)]
}

/** One sentence for each kind of finding, over all the settings that it is of. */
function groupFindings(spectrum: NetworkSpectrum, groups: readonly Group[]): string[] {
  const findings: string[] = []
  const unstable = groups.flatMap(({ runs: [run] }) => {
    const limit = stabilityLimit(spectrum, run!.hyperparameters)
    return run!.hyperparameters.learningRate < limit ? [] : [{ label: run!.label, limit }]
  })
  if (unstable.length > 0) {
    findings.push(
      `${labelsOf(unstable)}: η is past ${range(unstable.map(({ limit }) => limit))}, the mean’s stability limit by the largest eigenvalue at the start: nothing stationary is predicted.`,
    )
  }
  const dropping = groups.flatMap(({ runs: [run] }) => {
    const { order, hyperparameters, label } = run!
    const dropped = order.exampleCount % hyperparameters.batchSize
    return order.sampling === 'shuffled-epochs' && dropped > 0 ? [{ label, dropped, of: order.exampleCount }] : []
  })
  if (dropping.length > 0) {
    findings.push(
      `${labelsOf(dropping)}: epochs drop the last ${range(dropping.map(({ dropped }) => dropped))} of ${dropping[0]!.of} examples, so that an epoch’s noise does not sum exactly to zero; predictions take that into account.`,
    )
  }
  const moved = groups.map(({ runs, predictions: { steps, curves }, analysed }) => ({
    label: runs[0]!.label,
    ratio:
      average(analysed, ({ globalDisplacement }) => globalDisplacement[steps]!) /
      curves.measured.globalDisplacement[steps]!,
  }))
  for (const [those, what] of [
    [moved.filter(({ ratio }) => ratio > 2), 'the network still drifts'],
    [moved.filter(({ ratio }) => ratio < 0.5), 'the network moves less than predicted'],
  ] as const) {
    if (those.length === 0) continue
    findings.push(
      `${labelsOf(those)}: ${what}: ‖Δ‖² at the end is ${range(those.map(({ ratio }) => ratio))} times what is predicted from its start.`,
    )
  }
  const exponents = groups.flatMap(({ runs, predictions, analysed }) => {
    const predicted = predictions.exponents.measured?.value
    const measured = average(analysed, ({ exponent }) => exponent)
    return predicted === undefined ? [] : [{ label: runs[0]!.label, measured, predicted }]
  })
  if (exponents.length > 0) {
    const speeds = exponents.map(({ measured }) => (measured > 1 ? 'faster' : 'slower'))
    const pace = new Set(speeds).size === 1 ? `${speeds[0]} than` : 'some faster, some slower than'
    findings.push(
      `${exponents.length === groups.length ? '' : `${labelsOf(exponents)}: `}‖Δ‖² grows as k to the power ${range(exponents.map(({ measured }) => measured))}, ${pace} Brownian motion; the theory from the same start says ${range(exponents.map(({ predicted }) => predicted))}.`,
    )
  }
  const ordered = groups.flatMap(({ runs, analysed }) => {
    const pairs = orderedPairs(spectrum, analysed)
    return pairs === undefined || pairs.right === pairs.pairs ? [] : [{ label: runs[0]!.label, ...pairs }]
  })
  if (ordered.length > 0) {
    findings.push(
      `${labelsOf(ordered)}: velocities’ mean frequencies are in the order of the eigenvalues in ${range(ordered.map(({ right }) => right))} of ${ordered[0]!.pairs} pairs of modes.`,
    )
  }
  return findings
}

function average(analysed: Group['analysed'], of: (statistics: RunStatistics) => number): number {
  return analysed.reduce((sum, { statistics }) => sum + of(statistics) / analysed.length, 0)
}

/** Names of a few settings, the number of many. */
function labelsOf(items: readonly { readonly label: string }[]): string {
  return items.length <= mostLabels ? items.map(({ label }) => label).join('; ') : `In ${items.length} settings`
}

/** One number, or from the least to the most. */
function range(values: readonly number[]): string {
  const [low, high] = [short(Math.min(...values)), short(Math.max(...values))]
  return low === high ? low : `${low} to ${high}`
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
  return Number(value.toPrecision(2)).toString().replace('-', '−')
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
