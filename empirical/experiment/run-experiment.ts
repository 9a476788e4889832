import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { readSafetensors } from '../../foundation/formats/safetensors.ts'
import { writeSafetensors } from '../../foundation/formats/safetensors-writer.ts'
import type { NetworkReport, Plane } from '../../foundation/network-results.ts'
import { workerPool } from '../../foundation/worker-pool.ts'
import { type CurvatureState, curvatureReport, measureCurvature } from '../curvature/measure-curvature.ts'
import { vectorOf } from '../curvature/parameter-vector.ts'
import { restoreState, storeState } from '../curvature/state-tensors.ts'
import { fileProblem } from '../data/file-problem.ts'
import { initialParameters } from '../models/initial-parameters.ts'
import type { Objective } from '../models/objective.ts'
import { initialStatistics, uploadParameters, uploadStatistics } from '../models/parameter-list.ts'
import { readWeights } from '../models/weights.ts'
import type { OpenBackend } from '../tensorflow/backend.ts'
import { innerProductInDoubles } from '../tensorflow/inner-product.ts'
import { type NetworkPoint, train } from '../training/train.ts'
import { readJson, writeJson } from './atomic-json.ts'
import { evaluate } from './evaluate.ts'
import { type ExperimentConfig, type PlannedRun, plannedRuns } from './experiment-config.ts'
import type { OpenedExperiment } from './opened-experiment.ts'
import { planeOf } from './plane.ts'
import { isFinished, places, runFolder } from './run-network.ts'
import type { RunOutcome, RunSteps, RunWorkerData } from './run-worker.ts'
import { readNetworkPoint, writeNetworkPoint } from './start-point.ts'

export interface ExperimentOptions {
  /** Of the paths in the config. */
  readonly baseFolder: string
  /** Where everything goes that the experiment makes. */
  readonly folder: string
  /** What else the results depend on: program, packages, backend. */
  readonly versions: string
  readonly backend: OpenBackend
  /** Threads that runs are spread over. */
  readonly workers: number
  /** Unfinished parts go on from their checkpoints; else they begin anew. Finished ones are kept either way. */
  readonly resume: boolean
  readonly signal: AbortSignal
  /** Told of the work as it is done: `done` of `total` units of a stage. */
  readonly onProgress: (stage: Stage, done: number, total: number) => void
}

export type Stage = 'pre-training' | 'curvature' | 'runs' | 'planes'

/** What is known of the network where its runs start. */
export interface Start {
  readonly pretraining: NetworkReport['pretraining']
  readonly curvature: NetworkReport['curvature']
  readonly noise: NetworkReport['noise']
  /** Where runs start: qᵀ(g + λθ) and qᵀv in each mode, and the squares of g + λθ and v over all parameters. // [mode] */
  readonly forces: readonly number[]
  readonly forceSquare: number
  readonly velocities: readonly number[]
  readonly velocitySquare: number
}

export interface ExperimentOutcome extends Start {
  readonly runs: readonly PlannedRun[]
  /** Runs that failed, and why. */
  readonly failures: readonly Required<RunOutcome>[]
  readonly planes: readonly Plane[]
}

/** Every how many milliseconds the curvature's state is written. */
const stateInterval = 20_000

/** Examples that are evaluated at a time. */
const evaluationBatch = 256

/**
 * Pre-trains a network, measures its curvature there, and follows every run from there. What is finished in the folder is
 * kept: a second call does only what is missing.
 *
 * @throws RangeError if the folder holds another experiment; DivergedError if pre-training diverges; what the files and the
 *   signal throw. A run that fails is reported, and the others go on.
 */
export async function runExperiment(
  config: ExperimentConfig,
  opened: OpenedExperiment,
  options: ExperimentOptions,
): Promise<ExperimentOutcome> {
  const { folder } = options
  const identity = JSON.stringify({ ...config, versions: options.versions })
  claimFolder(folder, identity)
  const point = await startOf(config, opened, options, identity)
  const start = await curvatureAt(config, opened, point, options)
  const { runs } = plannedRuns(config)
  const failures = await followRuns(config, runs, options, identity)
  const planes = await planesOf(config, opened, point, runs, failures, options)
  return { ...start, runs, failures, planes }
}

/** A folder is one experiment's. */
function claimFolder(folder: string, identity: string): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, places.identity)
  const found = readJson(path)
  if (found !== undefined && JSON.stringify(found) !== identity) {
    throw new RangeError(
      `runExperiment: folder must be new or hold the same experiment, got ${folder}: it holds another${differenceOf(found, JSON.parse(identity))}`,
    )
  }
  writeJson(path, JSON.parse(identity))
}

/** The first setting in which two experiments differ. */
function differenceOf(found: unknown, asked: unknown): string {
  const [there, here] = [found, asked] as Record<string, unknown>[]
  const key = Object.keys(here!).find((name) => JSON.stringify(there![name]) !== JSON.stringify(here![name]))
  return key === undefined ? '' : `, of other ${key}`
}

/** Pre-trains, phase after phase, or reads weights. */
async function startOf(
  config: ExperimentConfig,
  { model, loss, train: source }: OpenedExperiment,
  { folder, baseFolder, resume, signal, onProgress }: ExperimentOptions,
  identity: string,
): Promise<Required<NetworkPoint>> {
  const path = join(folder, places.start)
  if (existsSync(path)) return readNetworkPoint(path, model)
  const still = model.parameters.map(
    ({ shape }) => new Float32Array(shape.reduce((product, size) => product * size, 1)),
  )
  const { pretraining } = config
  let point: Required<NetworkPoint>
  if ('weights' in pretraining) {
    const file = join(baseFolder, pretraining.weights)
    point = { ...readWeights(model, weightsOf(file), file), velocities: still }
  } else {
    point = {
      parameters: initialParameters(model, config.seed),
      velocities: still,
      statistics: initialStatistics(model),
    }
    const total = pretraining.phases.reduce((sum, { steps }) => sum + steps, 0)
    let before = 0
    for (const [index, phase] of pretraining.phases.entries()) {
      point = await train({
        model,
        loss,
        source,
        start: point,
        hyperparameters: phase,
        order: pretraining.order,
        seed: pretraining.seed + index,
        steps: phase.steps,
        eigenvectors: [],
        folder: join(folder, 'pretraining', String(index + 1)),
        identity: `${identity} phase ${index + 1}`,
        checkpointEvery: config.checkpointEvery,
        resume,
        signal,
        onSteps: (done) => onProgress('pre-training', before + done, total),
      })
      before += phase.steps
    }
  }
  writeNetworkPoint(path, model, point)
  return point
}

function weightsOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw fileProblem(file, error)
  }
}

async function curvatureAt(
  config: ExperimentConfig,
  opened: OpenedExperiment,
  point: Required<NetworkPoint>,
  { folder, resume, signal, onProgress }: ExperimentOptions,
): Promise<Start> {
  const path = join(folder, places.curvature)
  const found = readJson(path)
  if (found !== undefined) return found as Start
  const { model, loss, train: source, test, curvatureExamples } = opened
  const parameters = uploadParameters(model, point.parameters)
  const statistics = uploadStatistics(model, point.statistics)
  const objective: Objective = { model, loss, mode: 'batch', statistics }
  const running: Objective = { ...objective, mode: 'running' }
  try {
    const trained = await evaluate(running, parameters, source, evaluationBatch)
    const tested = test && (await evaluate(running, parameters, test, evaluationBatch))
    const statePath = join(folder, places.curvatureState)
    const from = resume && existsSync(statePath) ? readCurvatureState(statePath) : undefined
    let written = Date.now()
    const { examples: _, ...settings } = config.curvature
    const curvature = await measureCurvature(
      { objective, parameters, source: curvatureExamples, weightDecay: config.runs[0]!.weightDecay },
      { ...settings, seed: config.seed },
      {
        from,
        signal,
        onProgress: (done, total, state) => {
          onProgress('curvature', done, total)
          if (Date.now() - written < stateInterval) return
          const { tensors, outline } = storeState(state)
          writeSafetensors(statePath, tensors, { outline })
          written = Date.now()
        },
      },
    )
    const { eigenvectors } = curvature.eigenpairs
    const all = new Float32Array(eigenvectors.length * (eigenvectors[0]?.length ?? 0))
    eigenvectors.forEach((vector, mode) => {
      all.set(vector, mode * vector.length)
    })
    const shape = [eigenvectors.length, eigenvectors[0]?.length ?? 0]
    writeSafetensors(join(folder, places.eigenvectors), { eigenvectors: { dtype: 'F32', shape, values: all } }, {})
    const start: Start = {
      ...curvatureReport(curvature),
      pretraining: {
        about: pretrainingInWords(config),
        steps:
          'weights' in config.pretraining ? 0 : config.pretraining.phases.reduce((sum, { steps }) => sum + steps, 0),
        trainLoss: trained.loss,
        ...(trained.accuracy === undefined ? {} : { trainAccuracy: trained.accuracy }),
        ...(tested === undefined ? {} : { testLoss: tested.loss }),
        ...(tested?.accuracy === undefined ? {} : { testAccuracy: tested.accuracy }),
        gradientNorm: curvature.gradientNorm,
      },
      ...startAlong(eigenvectors, curvature.gradient, point, config),
    }
    writeJson(path, start)
    rmSync(statePath, { force: true })
    return start
  } finally {
    tf.dispose([parameters, statistics])
  }
}

function readCurvatureState(path: string): CurvatureState {
  const { tensors, metadata } = readSafetensors(readFileSync(path), path)
  return restoreState({ tensors: Object.fromEntries(tensors), outline: metadata['outline'] ?? '' }) as CurvatureState
}

/** In the theory's terms, of the weight decay that the runs share. */
function startAlong(
  eigenvectors: readonly Float32Array[],
  gradient: Float32Array,
  { parameters, velocities }: Required<NetworkPoint>,
  { runs, velocity }: ExperimentConfig,
): Pick<Start, 'forces' | 'forceSquare' | 'velocities' | 'velocitySquare'> {
  const theta = vectorOf(parameters)
  const { weightDecay } = runs[0]!
  const force = gradient.map((value, i) => value + weightDecay * theta[i]!)
  const v = velocity === 'kept' ? vectorOf(velocities) : new Float32Array(theta.length)
  return {
    forces: eigenvectors.map((vector) => innerProductInDoubles([vector], [force])),
    forceSquare: innerProductInDoubles([force], [force]),
    velocities: eigenvectors.map((vector) => innerProductInDoubles([vector], [v])),
    velocitySquare: innerProductInDoubles([v], [v]),
  }
}

function pretrainingInWords({ pretraining }: ExperimentConfig): string {
  if ('weights' in pretraining) return 'weights read from a file'
  const phases = pretraining.phases.map(
    ({ steps, learningRate, momentum, weightDecay, batchSize }) =>
      `${steps} steps at η = ${learningRate}, β = ${momentum}, λ = ${weightDecay}, S = ${batchSize}`,
  )
  return `SGD with momentum in ${pretraining.order}: ${phases.join('; then ')}`
}

/** Follows what is not finished, on worker threads with a backend each. */
async function followRuns(
  config: ExperimentConfig,
  runs: readonly PlannedRun[],
  { folder, baseFolder, backend, workers, resume, signal, onProgress }: ExperimentOptions,
  identity: string,
): Promise<Required<RunOutcome>[]> {
  const missing = runs.filter((run) => !isFinished(folder, run))
  if (missing.length === 0) return []
  const total = missing.reduce((sum, { steps }) => sum + steps, 0)
  const module = new URL(import.meta.url.endsWith('.ts') ? './run-worker.ts' : './run-worker.js', import.meta.url)
  const data: RunWorkerData = { config, baseFolder, folder, identity, backend: backend.name, resume }
  const pool = workerPool<PlannedRun, RunOutcome, RunSteps>(module, data, Math.min(workers, missing.length), signal)
  const failures: Required<RunOutcome>[] = []
  let done = 0
  try {
    const outcomes = pool.map(missing, ({ steps }) => {
      done += steps
      onProgress('runs', done, total)
    })
    for await (const { label, failure } of outcomes) if (failure !== undefined) failures.push({ label, failure })
  } finally {
    await pool.close()
  }
  return failures
}

/** Losses about the first run's trajectory, where it did not fail. */
async function planesOf(
  config: ExperimentConfig,
  opened: OpenedExperiment,
  point: NetworkPoint,
  runs: readonly PlannedRun[],
  failures: readonly RunOutcome[],
  { folder, signal, onProgress }: ExperimentOptions,
): Promise<Plane[]> {
  const [run] = runs
  if (config.plane === undefined || failures.some(({ label }) => label === run!.label)) return []
  const path = join(folder, places.planes)
  const found = readJson(path)
  if (found !== undefined) return found as Plane[]
  const plane = await planeOf(
    config.plane,
    opened,
    point,
    folder,
    runFolder(folder, run!.label),
    signal,
    (done, total) => onProgress('planes', done, total),
  )
  const planes = [{ run: run!.label, ...plane }]
  writeJson(path, planes)
  return planes
}
