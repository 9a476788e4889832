import { join } from 'node:path'
import type { ExperimentConfig } from '../../empirical/experiment/experiment-config.ts'
import { plannedRuns } from '../../empirical/experiment/experiment-config.ts'
import type { OpenedExperiment } from '../../empirical/experiment/opened-experiment.ts'
import type { ExperimentOutcome } from '../../empirical/experiment/run-experiment.ts'
import { runFolder } from '../../empirical/experiment/run-network.ts'
import { parameterCount } from '../../empirical/models/model.ts'
import { describeBackend, type OpenBackend } from '../../empirical/tensorflow/backend.ts'
import { readRecord } from '../../empirical/training/record.ts'
import type { NetworkReport } from '../../foundation/network-results.ts'
import { schemaVersion } from '../../foundation/results.ts'
import { analyseExperiment } from './analyse-experiment.ts'
import type { RecordedRun } from './analyse-run.ts'
import { runLabels } from './run-labels.ts'

/** Points of a record that exponents are fitted to. */
const fittedPoints = 200
/** Lengths of Fig. 9's fits, as shares of a run. */
const lengthShares = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
/** Points that frequencies are of: their cost is its square, for each mode. */
const mostSpectrumPoints = 2048
/** Modes that are drawn, at most, evenly spread. */
const mostDrawnModes = 4

/** Everything that an experiment says, from the records in its folder. */
export function experimentReport(
  config: ExperimentConfig,
  { model, train, test }: Pick<OpenedExperiment, 'model' | 'train' | 'test'>,
  outcome: ExperimentOutcome,
  {
    folder,
    command,
    version,
    backend,
  }: { readonly folder: string; readonly command: string; readonly version: string; readonly backend: OpenBackend },
): NetworkReport {
  const { curvature, noise, pretraining, planes, failures, forces, forceSquare, velocities, velocitySquare } = outcome
  const planned = plannedRuns(config)
  const names = runLabels(planned.runs, planned.sweeps.length > 0)
  const nameOf = (label: string): string => names.get(label) ?? label
  const followed = outcome.runs.filter(({ label }) => !failures.some((failure) => failure.label === label))
  const runs = followed.map(
    ({ label, seed, order, ...hyperparameters }): RecordedRun => ({
      label: nameOf(label),
      seed,
      hyperparameters,
      order: { sampling: order, exampleCount: train.exampleCount },
      record: readRecord(join(runFolder(folder, label), 'record.bin')),
    }),
  )
  const [first] = followed
  const steps = Math.min(...followed.map((run) => run.steps))
  const drawnModes = [
    ...new Set([...(config.plane?.modes ?? []), ...spread(curvature.eigenvalues.length, mostDrawnModes)]),
  ].sort((a, b) => a - b)
  // with the default failed there is nothing to calibrate by
  const calibration = first?.label === outcome.runs[0]?.label ? first?.label : undefined
  const sweeps = planned.sweeps.flatMap(({ parameter, runs: labels }) => {
    const there = labels.filter((label) => followed.some((run) => run.label === label)).map(nameOf)
    return calibration === undefined || there.length === 0
      ? []
      : [{ parameter, calibration: nameOf(calibration), runs: inOrder(there, nameOf(calibration), parameter, runs) }]
  })
  const analysed = analyseExperiment({
    curvature,
    noise,
    start: { forces, forceSquare, ...(config.velocity === 'kept' ? { velocities, velocitySquare } : {}) },
    runs,
    sweeps,
    drawnModes,
    drawnRuns: firstsOf(followed).map(({ label }) => nameOf(label)),
    fit: { every: Math.max(1, Math.floor(steps / fittedPoints)), fraction: config.figures.includes('1') ? 2 / 3 : 1 },
    exponentLengths: config.figures.includes('9')
      ? lengthShares.map((share) => Math.floor((share * steps) / 10) * 10).filter((length) => length > 0)
      : [],
    spectrumPoints: Math.min(steps, mostSpectrumPoints),
  })
  return {
    schemaVersion,
    kind: 'network',
    program: { name: 'sgd-oracle', version },
    command,
    experiment: { name: config.name, figures: config.figures, about: config.about },
    backend: { name: backend.name, reason: describeBackend(backend) },
    seeds: seedsOf(config),
    data: {
      name: train.name,
      about: dataInWords(config, train.shape),
      examples: train.exampleCount,
      ...(test === undefined ? {} : { testExamples: test.exampleCount }),
    },
    network: {
      name: String(config.network['family']),
      about: `${JSON.stringify(config.network)}, ${config.loss}`,
      parameters: parameterCount(model),
    },
    pretraining,
    curvature,
    noise,
    planes: planes.map((plane) => ({ ...plane, run: nameOf(plane.run) })),
    ...analysed,
    findings: [
      ...failures.map(({ label, failure }) => `The run ${nameOf(label)} failed: ${failure}.`),
      ...analysed.findings,
    ],
  }
}

function seedsOf({ seed, pretraining, data }: ExperimentConfig): NonNullable<NetworkReport['seeds']> {
  return {
    parameters: seed,
    ...('seed' in pretraining ? { pretraining: pretraining.seed } : {}),
    ...('seed' in data ? { data: data.seed } : {}),
    split: data.splitSeed,
  }
}

function dataInWords({ data }: ExperimentConfig, shape: readonly number[]): string {
  const normalisation = typeof data.normalisation === 'string' ? data.normalisation : 'given'
  return `${data.kind}, examples of ${shape.join(' × ')}; normalisation ${normalisation}`
}

/** The first run of each order of data: these are drawn mode by mode. */
function firstsOf<Run extends { readonly order: string }>(runs: readonly Run[]): Run[] {
  return [...new Map([...runs].reverse().map((run) => [run.order, run])).values()]
}

/** The sweep's runs with the calibrating one among them, by the swept value. */
function inOrder(
  labels: readonly string[],
  calibration: string,
  parameter: NetworkReport['sweeps'][number]['parameter'],
  runs: readonly RecordedRun[],
): string[] {
  const value = (label: string): number => runs.find((run) => run.label === label)!.hyperparameters[parameter]
  return [...new Set([...labels, calibration])].sort((a, b) => value(a) - value(b))
}

/** Numbers from 1 to count, at most so many, first and last among them. */
function spread(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i + 1)
  return Array.from({ length: most }, (_, i) => 1 + Math.round((i * (count - 1)) / (most - 1)))
}
