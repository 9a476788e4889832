import { setImmediate as yieldToEvents } from 'node:timers/promises'
import type { TensorInfo } from '../../foundation/formats/safetensors.ts'
import type { Draft, SafetensorsWriter } from '../../foundation/formats/safetensors-writer.ts'
import { DivergedError, type Hyperparameters, type SamplingScheme } from '../../foundation/phase-space.ts'
import { type RegressionProblem, spectrumAtMinimum } from '../../foundation/regression-problem.ts'
import { workerPool } from '../../foundation/worker-pool.ts'
import { observeTrajectory, type TrajectoryRows } from '../../observables/index.ts'
import { type RegressionSourceOptions, regressionSource, startAtMinimum, startAtOrigin } from '../../sim/index.ts'
import { type OperatingPoint, type OperatingPointRequest, operatingPoint } from './operating-point.ts'
import { cloudAtMinimum, referenceFor } from './reference.ts'

export const simulationStarts = ['minimum', 'origin', 'stationary'] as const

export type SimulationStart = (typeof simulationStarts)[number]

/** Trajectories to be simulated and written to a file. */
export interface SimulationRequest extends OperatingPointRequest {
  readonly sampling: SamplingScheme
  /** Whether the noise of the examples is frozen at the minimum. */
  readonly frozen: boolean
  /** ν of 'student-t' noise, which needs it. */
  readonly degreesOfFreedom?: number
  readonly seed: number
  readonly start: SimulationStart
  readonly chains: number
  readonly steps: number
  /** Steps from row to row; absent: a thousandth of the steps, at least 1. */
  readonly every?: number
  /** Ranges of modes to record, from 1, the steepest; absent: the 32 steepest. */
  readonly modes?: readonly ModeRange[]
}

export type ModeRange = readonly [first: number, last: number]

/** Everything that the rows of a chain depend on, as plain data that can be sent to another thread. */
export interface ChainJob {
  readonly problem: RegressionProblem
  readonly hyperparameters: Hyperparameters
  readonly source: RegressionSourceOptions
  /** Row r is step r·every. */
  readonly every: number
  readonly rowCount: number
  /** From 0. // [mode] */
  readonly modes: readonly number[]
}

export interface SimulationPlan extends OperatingPoint {
  readonly request: SimulationRequest
  readonly job: ChainJob
  /** What the file holds. */
  readonly tensors: Readonly<Record<string, TensorInfo>>
  readonly metadata: Readonly<Record<string, string>>
  /** Why chains may run away here, where they may. */
  readonly warning?: string
}

/** Numbers in a block of rows: a megabyte. */
const blockSize = 2 ** 17
/** Blocks are also at most this part of a chain, for whoever watches the progress. */
const blocksPerChain = 20
const modesByDefault = 32

/**
 * Everything that is known before the first step: problem, learning rate, rows, modes, and what the file will hold.
 *
 * @throws RangeError for settings that cannot be run, each in one line
 */
export function planSimulation(request: SimulationRequest, version: string): SimulationPlan {
  const { chains, steps, sampling, frozen, seed, every = Math.max(1, Math.floor(request.steps / 1000)) } = request
  for (const [name, value] of Object.entries({ chains, steps, every })) {
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new RangeError(`${name} must be an integer ≥ 1, got ${value}`)
  }
  if (every > steps) throw new RangeError(`every must be at most the ${steps} steps, got ${every}`)

  const point = operatingPoint(request)
  const { problem, hyperparameters } = point
  const modes = modesOf(request, problem)
  const source: RegressionSourceOptions = {
    sampling,
    ...(frozen ? { noise: 'frozen' } : {}),
    ...(request.degreesOfFreedom === undefined ? {} : { degreesOfFreedom: request.degreesOfFreedom }),
    seed,
    start: startOf(request, point),
  }
  regressionSource(problem, hyperparameters, source) // refuses what cannot be run
  const job: ChainJob = { problem, hyperparameters, source, every, rowCount: Math.floor(steps / every) + 1, modes }
  const warning = warningOf(request, point)
  return {
    ...point,
    request,
    job,
    tensors: tensorsOf(job, chains),
    metadata: metadataOf(request, point, job, version),
    ...(warning === undefined ? {} : { warning }),
  }
}

/**
 * Simulates one chain through its last row, and hands its rows over in blocks. Nothing but the job and the chain decides
 * them: chains may be run in any order, by any number of threads.
 *
 * @throws DivergedError once the state or its squares are not finite
 */
export function simulateChain(job: ChainJob, chain: number, take: (rows: TrajectoryRows) => void): void {
  const { problem, hyperparameters, source, every, rowCount, modes } = job
  const { modeCount, outputCount } = problem
  const { learningRate } = hyperparameters
  const width = 2 * outputCount * modes.length + 2
  const blockRows = Math.max(1, Math.min(Math.floor(blockSize / width), Math.ceil(rowCount / blocksPerChain)))
  const options = { every, rowCount, modes, learningRate, blockRows }
  const observer = observeTrajectory({ modeCount, outputCount }, options, (rows) => {
    const bad = rows.globalDisplacement.findIndex(
      (distance, row) => !Number.isFinite(distance + rows.localDisplacement[row]!),
    )
    if (bad !== -1) {
      throw new DivergedError(
        `simulateChain: chain ${chain} diverged, its displacement was not finite at step ${(rows.firstRow + bad) * every}; learningRate ${learningRate} is unstable here`,
      )
    }
    take(rows)
  })
  regressionSource(problem, hyperparameters, source).run(chain, (rowCount - 1) * every, observer)
}

export interface SimulationOptions {
  /** Threads that chains are spread over, ≥ 1; the file is the same for any number. */
  readonly workers?: number
  /** Steps simulated since the last call, and the chain they belong to, from 0. */
  readonly onSteps?: (steps: number, chain: number) => void
  readonly signal?: AbortSignal
}

/**
 * Simulates all chains into a file begun with the plan's tensors and metadata, and finishes it; abandons it if anything
 * fails. The same plan gives the same bytes.
 *
 * @throws DivergedError; what the signal was aborted with; what the file system throws
 */
export async function runSimulation(
  { request, job, problem }: SimulationPlan,
  writer: SafetensorsWriter,
  { workers = 1, onSteps, signal }: SimulationOptions = {},
): Promise<void> {
  try {
    writeSteps(writer, job)
    const eigenvalues = Float64Array.from(job.modes, (l) => problem.eigenvalues[l]!)
    const minimum = startAtOrigin(problem).position.map((x) => -x) // [output, mode]
    writer.write('eigenvalues', 0, eigenvalues)
    writer.write('minimum', 0, minimum)
    const onRows = ({ chain, firstRow, rowCount }: RowsWritten): void =>
      onSteps?.((firstRow === 0 ? rowCount - 1 : rowCount) * job.every, chain)
    if (workers > 1) await writeInWorkers(writer, job, request.chains, workers, onRows, signal)
    else await writeHere(writer, job, request.chains, onRows, signal)
    signal?.throwIfAborted()
    writer.finish()
  } catch (error) {
    writer.abandon()
    throw error
  }
}

/** A block of a chain's rows that is in the file. */
export interface RowsWritten {
  readonly chain: number
  readonly firstRow: number
  readonly rowCount: number
}

async function writeHere(
  writer: SafetensorsWriter,
  job: ChainJob,
  chains: number,
  onRows: (written: RowsWritten) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let chain = 0; chain < chains; chain++) {
    signal?.throwIfAborted()
    simulateChain(job, chain, (rows) => {
      writeRows(writer, job, chain, rows)
      onRows({ chain, firstRow: rows.firstRow, rowCount: rows.rowCount })
    })
    await yieldToEvents()
  }
}

/** Threads write their chains' rows themselves, each into its own places of the draft: no rows wait in memory. */
async function writeInWorkers(
  writer: SafetensorsWriter,
  job: ChainJob,
  chains: number,
  workers: number,
  onRows: (written: RowsWritten) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const data: ChainWriterData = { job, draft: writer.draft }
  const module = new URL(import.meta.url.endsWith('.ts') ? './chain-worker.ts' : './chain-worker.js', import.meta.url)
  const pool = workerPool<number, object, RowsWritten>(module, data, Math.min(workers, chains), signal)
  const valuesPerRow = 2 * job.problem.outputCount * job.modes.length + 2
  try {
    const tasks = Array.from({ length: chains }, (_, index) => index)
    for await (const _ of pool.map(tasks, onRows)) writer.count(job.rowCount * valuesPerRow)
  } finally {
    await pool.close()
  }
}

/** What a thread that writes chains needs. */
export interface ChainWriterData {
  readonly job: ChainJob
  readonly draft: Draft
}

function writeSteps(writer: SafetensorsWriter, { rowCount, every }: ChainJob): void {
  for (let from = 0; from < rowCount; from += blockSize) {
    const length = Math.min(blockSize, rowCount - from)
    const steps = BigInt64Array.from({ length }, (_, row) => BigInt((from + row) * every))
    writer.write('step', from, steps)
  }
}

/** Writes a block of a chain's rows to their place in the file. */
export function writeRows(
  writer: Pick<SafetensorsWriter, 'write'>,
  job: ChainJob,
  chain: number,
  rows: TrajectoryRows,
): void {
  const row = chain * job.rowCount + rows.firstRow
  const width = job.problem.outputCount * job.modes.length
  writer.write('position', row * width, rows.position)
  writer.write('velocity', row * width, rows.velocity)
  writer.write('local_displacement', row, rows.localDisplacement)
  writer.write('global_displacement', row, rows.globalDisplacement)
}

function modesOf({ modes, dataset }: SimulationRequest, { modeCount }: RegressionProblem): number[] {
  const ranges = modes ?? [[1, Math.min(modesByDefault, modeCount)]]
  const chosen = new Set<number>()
  for (const [first, last] of ranges) {
    if (!(Number.isInteger(first) && Number.isInteger(last) && 1 <= first && first <= last && last <= modeCount)) {
      const got = first === last ? `${first}` : `${first}-${last}`
      throw new RangeError(`modes must be from 1 to ${modeCount}, the modes of ${dataset.name} that move, got ${got}`)
    }
    for (let mode = first; mode <= last; mode++) {
      if (chosen.has(mode - 1)) throw new RangeError(`modes must be given once each, got ${mode} twice`)
      chosen.add(mode - 1)
    }
  }
  if (chosen.size === 0) throw new RangeError('modes must hold at least one mode, got none')
  return [...chosen]
}

function startOf({ start, sampling }: SimulationRequest, { problem, hyperparameters }: OperatingPoint) {
  if (start === 'minimum') return startAtMinimum(problem)
  if (start === 'origin') return startAtOrigin(problem)
  return cloudAtMinimum(problem, referenceFor(problem, hyperparameters, sampling).startCovariance)
}

/** A learning rate that was asked for is run, whatever becomes of it. */
function warningOf(
  { sampling, frozen }: SimulationRequest,
  { hyperparameters, limits }: OperatingPoint,
): string | undefined {
  const { learningRate } = hyperparameters
  const past = (limit: number, whose: string, so: string): string =>
    `learning rate ${learningRate} is past the stability limit of ${whose}, ${limit.toPrecision(4)}: ${so}`
  if (learningRate >= limits.mean) return past(limits.mean, 'the mean', 'chains diverge')
  const { withReplacement, withoutReplacement } = limits.meanSquare
  const square = sampling === 'without-replacement' ? withoutReplacement : withReplacement
  if (sampling === 'gaussian' || sampling === 'student-t' || frozen || learningRate < square) return undefined
  return past(square, 'the second moments', 'chains may run away, and no variance is stationary')
}

function tensorsOf({ problem, rowCount, modes }: ChainJob, chains: number): Record<string, TensorInfo> {
  const { modeCount, outputCount } = problem
  const states: TensorInfo = { dtype: 'F64', shape: [chains, rowCount, outputCount, modes.length] }
  const displacements: TensorInfo = { dtype: 'F64', shape: [chains, rowCount] }
  return {
    step: { dtype: 'I64', shape: [rowCount] },
    eigenvalues: { dtype: 'F64', shape: [modes.length] },
    minimum: { dtype: 'F64', shape: [outputCount, modeCount] },
    local_displacement: displacements,
    global_displacement: displacements,
    position: states,
    velocity: states,
  }
}

/** Documented in docs/trajectories.md. */
function metadataOf(
  request: SimulationRequest,
  { problem, hyperparameters, limits }: OperatingPoint,
  { rowCount, every, modes }: ChainJob,
  version: string,
): Record<string, string> {
  const { dataset } = request
  const values = {
    schema_version: 1,
    mode_count: problem.modeCount,
    null_mode_count: problem.nullModeCount,
    example_count: problem.exampleCount,
    feature_count: dataset.featureCount,
    output_count: problem.outputCount,
    standardized: dataset.standardized,
    centered: dataset.centered,
    one_hot: dataset.oneHot,
    learning_rate: hyperparameters.learningRate,
    momentum: hyperparameters.momentum,
    weight_decay: hyperparameters.weightDecay,
    batch_size: hyperparameters.batchSize,
    frozen: request.frozen,
    ...(request.degreesOfFreedom === undefined ? {} : { degrees_of_freedom: request.degreesOfFreedom }),
    seed: request.seed,
    chains: request.chains,
    steps: (rowCount - 1) * every,
    every,
    modes: modes.map((mode) => mode + 1),
    spectrum: [...problem.eigenvalues],
    noise_variance: problem.noiseVariance,
    noise_variances_at_minimum: [...spectrumAtMinimum(problem).noiseVariances],
    mean_limit: limits.mean,
    mean_square_limit_with_replacement: limits.meanSquare.withReplacement,
    mean_square_limit_without_replacement: limits.meanSquare.withoutReplacement,
  }
  return {
    kind: 'trajectory',
    program: `sgd-oracle ${version}`,
    dataset: dataset.name,
    sampling: request.sampling,
    start: request.start,
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)])),
  }
}
