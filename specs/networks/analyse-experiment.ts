import type { NetworkClaim, NetworkReport } from '../../foundation/network-results.ts'
import { analyseRun, predictRun, type RecordedRun, type RunAnalysis } from './analyse-run.ts'
import { networkClaims } from './network-claims.ts'
import { networkFindings } from './network-findings.ts'
import type { NetworkStart } from './network-predictions.ts'
import { calibratedNoise, speedByEquation18 } from './network-predictions.ts'
import { networkSpectrum, noiseModels } from './network-spectrum.ts'
import { calibrated, equation18, stationaryNetworkTheory, windowTheory } from './network-theories.ts'
import { fewestReplicas, ratioClaim } from './ratio-claim.ts'

/** What an experiment measured, and how its runs are read. */
export interface ExperimentMeasurements extends Pick<RunAnalysis, 'fit' | 'exponentLengths' | 'drawnModes'> {
  /** n, steps from the start that frequencies are of: of runs that are drawn, and of groups of at least eight seeds. */
  readonly spectrumPoints: number
  /** Labels of the runs whose modes are drawn. */
  readonly drawnRuns: readonly string[]
  readonly curvature: NetworkReport['curvature']
  readonly noise: NetworkReport['noise']
  readonly start: NetworkStart
  readonly runs: readonly RecordedRun[]
  readonly sweeps: NetworkReport['sweeps']
}

type Analysed = Pick<NetworkReport, 'theories' | 'runs' | 'sweeps' | 'claims' | 'findings'>

/**
 * Holds an experiment's runs against the theories: runs as reports show them, claims for each group of runs that differ in
 * their seed only, sweeps with the paper's calibration, and findings in words. A network that does not obey is a result.
 *
 * @throws RangeError as networkSpectrum and analyseRun, and for a sweep of runs that are not there
 */
export function analyseExperiment(measurements: ExperimentMeasurements): Analysed {
  const { curvature, noise, start, fit, spectrumPoints, exponentLengths, drawnModes, drawnRuns, sweeps } = measurements
  const spectrum = networkSpectrum(curvature, noise)
  const drawn = (run: RecordedRun): boolean => drawnRuns.includes(run.label)
  const groups = grouped(measurements.runs).map((runs) => {
    const oscillates = runs.length >= fewestReplicas || runs.some(drawn)
    const analysis: RunAnalysis = {
      spectrum,
      start,
      fit,
      exponentLengths,
      drawnModes,
      ...(oscillates ? { spectrumPoints } : {}),
    }
    const predictions = predictRun(runs[0]!, analysis)
    const analysed = runs.map((run) =>
      analyseRun(run, { ...analysis, drawnModes: drawn(run) ? drawnModes : [] }, predictions),
    )
    return { runs, analysis, predictions, analysed }
  })
  const byLabel = new Map(
    groups.flatMap(({ runs, analysed }) => runs.map((run, at) => [run.label, analysed[at]!.run] as const)),
  )
  const ofLabel = (label: string): NetworkReport['runs'][number] => {
    const run = byLabel.get(label)
    if (run === undefined) throw new RangeError(`analyseExperiment: sweeps must name runs that are there, got ${label}`)
    return run
  }
  const claims = groups.flatMap(({ runs, analysis, predictions, analysed }) =>
    networkClaims({
      run: runs[0]!,
      analysis,
      predictions,
      statistics: analysed.map(({ statistics }) => statistics),
    }),
  )
  const claimed = new Set<string>()
  for (const { runs, calibration } of sweeps) {
    const reference = ofLabel(calibration)
    const noiseTrace = calibratedNoise(reference.localDisplacement.mean.value, reference.hyperparameters)
    for (const label of runs) {
      const run = ofLabel(label)
      if (label === calibration || claimed.has(label)) continue
      claimed.add(label)
      claims.push(...calibratedClaim(label, speedByEquation18(noiseTrace, run.hyperparameters), run))
    }
  }
  const samplings = [...new Set(measurements.runs.map(({ order }) => order.sampling))]
  return {
    theories: [
      equation18,
      ...(sweeps.length > 0 ? [calibrated] : []),
      ...samplings.flatMap((sampling) => [
        ...noiseModels.map((model) => windowTheory(sampling, model)),
        ...noiseModels.map((model) => stationaryNetworkTheory(sampling, model)),
      ]),
    ],
    runs: measurements.runs.map(({ label }) => ofLabel(label)),
    sweeps: [...sweeps],
    claims,
    findings: networkFindings(measurements, spectrum, groups),
  }
}

/** The last step's speed alone scatters: the claim is of the run's mean. */
function calibratedClaim(
  label: string,
  prediction: number,
  { localDisplacement }: NetworkReport['runs'][number],
): NetworkClaim[] {
  const claim = ratioClaim(label, {
    quantity: 'mean ‖δ‖² over the run',
    source: calibrated.source,
    theory: calibrated.name,
    prediction,
    values: [localDisplacement.mean.value],
    ...(localDisplacement.mean.standardError === undefined ? {} : { spread: localDisplacement.mean.standardError }),
    note: 'scatter from batches of steps, of the calibrating run left out',
  })
  return claim ? [claim] : []
}

/** Runs that differ in their seed only. */
function grouped(runs: readonly RecordedRun[]): RecordedRun[][] {
  const groups = new Map<string, RecordedRun[]>()
  for (const run of runs) {
    const key = JSON.stringify([run.hyperparameters, run.order, run.record.rowCount])
    const group = groups.get(key)
    if (group) group.push(run)
    else groups.set(key, [run])
  }
  return [...groups.values()]
}
