import { createSafetensors, type SafetensorsWriter } from '../foundation/formats/safetensors-writer.ts'
import { DivergedError, type SamplingScheme } from '../foundation/phase-space.ts'
import { version } from '../foundation/version.ts'
import {
  type ModeRange,
  planSimulation,
  runSimulation,
  type SimulationPlan,
  type SimulationStart,
} from '../specs/regression/simulate.ts'
import { checked, exitCodes, InputError } from './failure.ts'
import { untilInterrupted } from './interruption.ts'
import { showProgress } from './progress.ts'
import { type DataOrExampleOptions, preparedDataset } from './read-dataset.ts'
import type { Streams } from './run.ts'

export interface SimulateOptions extends DataOrExampleOptions {
  readonly learningRate?: number
  readonly momentum: number
  readonly weightDecay: number
  readonly batchSize: number
  readonly seed: number
  readonly sampling: SamplingScheme
  readonly frozen: boolean
  readonly start: SimulationStart
  readonly chains: number
  readonly steps: number
  readonly every?: number
  readonly modes?: readonly ModeRange[]
  readonly out: string
  readonly workers: number
  readonly degreesOfFreedom?: number
}

/** `sgd-oracle simulate`: runs chains of SGD and writes them to one file; resolves to the exit code. */
export async function simulate(options: SimulateOptions, streams: Streams): Promise<number> {
  if (!options.out.endsWith('.safetensors')) {
    throw new InputError(`--out must end in .safetensors, got ${options.out}`)
  }
  const plan = checked(() => planSimulation({ ...options, dataset: preparedDataset(options) }, version))
  const writer = beginFile(options.out, plan)
  say(plan, streams)

  const { chains } = plan.request
  const progress = showProgress(chains * (plan.job.rowCount - 1) * plan.job.every, streams.err, 'steps')
  return untilInterrupted(async (signal) => {
    try {
      await runSimulation(plan, writer, {
        workers: options.workers,
        onSteps: (steps, chain) => progress.advance(steps, `chain ${chain + 1} of ${chains}`),
        signal,
      })
      progress.finish()
      streams.out.write(`Trajectory: ${options.out} (${contents(plan)})\n`)
      return exitCodes.passed
    } catch (error) {
      progress.finish()
      const why = signal.aborted ? 'interrupted' : whyNotDone(error, options.out)
      if (why === undefined) throw error
      streams.err.write(`sgd-oracle: ${why}; ${options.out} was left as it was\n`)
      return signal.aborted ? exitCodes.interrupted : exitCodes.failed
    }
  })
}

/** Said before the work, not after it: a place that cannot be written, or a disk that is too full. */
function beginFile(out: string, { tensors, metadata }: SimulationPlan): SafetensorsWriter {
  try {
    return createSafetensors(out, tensors, metadata)
  } catch (error) {
    throw new InputError(error instanceof RangeError ? `--out: ${error.message}` : cannotWrite(error, out))
  }
}

function whyNotDone(error: unknown, out: string): string | undefined {
  if (error instanceof DivergedError) return error.message
  return (error as NodeJS.ErrnoException).code === undefined ? undefined : cannotWrite(error, out)
}

const inWords: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EEXIST: 'a file is in the place of a folder',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file is in the place of a folder',
  EROFS: 'the disk cannot be written to',
}

function cannotWrite(error: unknown, out: string): string {
  const { code, message } = error as NodeJS.ErrnoException
  return `cannot write --out ${out}: ${inWords[code ?? ''] ?? message}`
}

function say(
  { request, problem, hyperparameters, learningRateReason, job, warning }: SimulationPlan,
  { err }: Streams,
): void {
  const { dataset, chains, sampling } = request
  const steps = (job.rowCount - 1) * job.every
  err.write(
    `${dataset.name}: ${dataset.exampleCount} examples, ${problem.modeCount} modes, η = ${hyperparameters.learningRate.toPrecision(4)} (${learningRateReason}), ${sampling}; ${counted(chains, 'chain')} of ${counted(steps, 'step')}, a row every ${job.every}\n`,
  )
  if (warning !== undefined) err.write(`sgd-oracle: ${warning}\n`)
}

function contents({ request, problem, job }: SimulationPlan): string {
  const parts = [
    counted(request.chains, 'chain'),
    counted(job.rowCount, 'row'),
    counted(problem.outputCount, 'output'),
    counted(job.modes.length, 'mode'),
  ]
  return parts.join(' × ')
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
