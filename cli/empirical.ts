import { existsSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { estimateTime, type TimeEstimate } from '../empirical/experiment/estimate-time.ts'
import { type ExperimentConfig, plannedRuns, readExperiment } from '../empirical/experiment/experiment-config.ts'
import { openExperiment } from '../empirical/experiment/opened-experiment.ts'
import { runExperiment, type Stage } from '../empirical/experiment/run-experiment.ts'
import { places } from '../empirical/experiment/run-network.ts'
import { describeBackend, openBackend } from '../empirical/tensorflow/backend.ts'
import { type BackendName, runsOnGpu } from '../empirical/tensorflow/backend-names.ts'
import { DivergedError } from '../foundation/phase-space.ts'
import { version } from '../foundation/version.ts'
import { renderNetworkSummary, writeNetworkReport } from '../reports/index.ts'
import { experimentReport } from '../specs/networks/experiment-report.ts'
import { runLabels } from '../specs/networks/run-labels.ts'
import { type ExperimentDataOptions, withData } from './experiment-data.ts'
import { exitCodes, InputError } from './failure.ts'
import { untilInterrupted } from './interruption.ts'
import { type Progress, showProgress } from './progress.ts'
import { refuseForeignFolder } from './report-folder.ts'
import type { Streams } from './run.ts'
import { runRecord } from './run-record.ts'

export interface EmpiricalOptions extends ExperimentDataOptions {
  readonly backend?: BackendName
  readonly out?: string
  readonly resume: boolean
  /** One a core unless given; but a GPU is one, and each thread would ask for all of its memory. */
  readonly workers?: number
}

/** `sgd-oracle empirical`: trains, measures, follows and reports an experiment with a network; resolves to the exit code. */
export async function empirical(file: string, options: EmpiricalOptions, streams: Streams): Promise<number> {
  const startedAt = new Date()
  const config = withData(readConfig(file), options)
  const baseFolder = dirname(resolve(file))
  const folder = options.out ?? join('reports', 'out', config.name)
  const reportFolder = join(folder, 'report')
  await refuseForeignFolder(reportFolder)
  const backend = await asInput(() => openBackend(options.backend))
  streams.err.write(`${describeBackend(backend)}\n`)
  const workers = options.workers ?? (runsOnGpu(backend.name) ? 1 : availableParallelism())
  const opened = await asInput(() => openExperiment(config, baseFolder))
  let progress: { readonly stage: Stage; readonly bar: Progress; done: number } | undefined
  try {
    const estimate = await asInput(() => estimateTime(config, opened, folder, workers))
    const continued = isContinued(folder, options)
    streams.err.write(`${workInWords(config, estimate, folder)}\n`)
    return await untilInterrupted(async (signal) => {
      try {
        const outcome = await runExperiment(config, opened, {
          baseFolder,
          folder,
          versions: `sgd-oracle ${version}, ${backend.name}`,
          backend,
          workers,
          resume: options.resume,
          signal,
          onProgress: (stage, done, total) => {
            if (progress?.stage !== stage) {
              progress?.bar.finish()
              progress = { stage, bar: showProgress(total, streams.err, 'steps'), done: 0 }
            }
            progress.bar.advance(done - progress.done, stage)
            progress.done = done
          },
        })
        progress?.bar.finish()
        const names = runLabels(outcome.runs, config.sweeps.length > 0)
        for (const { label, failure } of outcome.failures) {
          streams.err.write(`sgd-oracle: run ${names.get(label) ?? label}: ${failure}\n`)
        }
        const report = experimentReport(config, opened, outcome, {
          folder,
          command: commandOf(file, options),
          version,
          backend,
        })
        const run = runRecord(startedAt, {
          inputPath: options.data ?? file,
          workers,
          schemes: [],
          continued,
        })
        await writeNetworkReport(reportFolder, report, run)
        streams.out.write(renderNetworkSummary(report))
        streams.out.write(`Report: ${join(reportFolder, 'report.md')}\n`)
        return outcome.failures.length === 0 ? exitCodes.passed : exitCodes.failed
      } catch (error) {
        progress?.bar.finish()
        if (signal.aborted) {
          streams.err.write(`sgd-oracle: interrupted; --resume goes on from the last checkpoints in ${folder}\n`)
          return exitCodes.interrupted
        }
        if (error instanceof DivergedError) {
          streams.err.write(`sgd-oracle: ${error.message}; the last good checkpoint is kept in ${folder}\n`)
          return exitCodes.failed
        }
        if (error instanceof RangeError) throw new InputError(error.message)
        throw error
      }
    })
  } finally {
    await opened.close()
  }
}

function readConfig(file: string): ExperimentConfig {
  if (!existsSync(file) || !statSync(file).isFile()) throw new InputError(`cannot read ${file}: there is no such file`)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new InputError(`${file}: not JSON: ${(error as Error).message}`)
  }
  try {
    return readExperiment(value, file)
  } catch (error) {
    throw new InputError((error as Error).message)
  }
}

/** What the user gave wrongly is said in one line. */
async function asInput<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new InputError(error.message)
    throw error
  }
}

/** Said before the work: what is left to do, and how long it takes. */
function workInWords(config: ExperimentConfig, estimate: TimeEstimate, folder: string): string {
  const { pretrainingSteps, products, runs, seconds } = estimate
  const steps = runs.reduce((sum, run) => sum + run.steps, 0)
  const finished = plannedRuns(config).runs.length - runs.length
  const parts = [
    ...(pretrainingSteps === 0 ? [] : [`${pretrainingSteps.toLocaleString('en')} steps of pre-training`]),
    ...(products === 0 ? [] : [`at most ${products.toLocaleString('en')} Hessian-vector products`]),
    ...(runs.length === 0 ? [] : [`${countedRuns(runs.length)} of ${steps.toLocaleString('en')} steps in all`]),
    ...(finished === 0 ? [] : [`${countedRuns(finished)} finished already`]),
  ]
  return `${config.name}: ${parts.join(', ')}; about ${durationOf(seconds)}, into ${folder}`
}

/** Whether an earlier command left anything that this one takes over. */
function isContinued(folder: string, { resume }: EmpiricalOptions): boolean {
  return existsSync(join(folder, resume ? places.identity : places.start))
}

function countedRuns(count: number): string {
  return `${count} ${count === 1 ? 'run' : 'runs'}`
}

function durationOf(seconds: number): string {
  if (seconds < 60) return 'a minute or less'
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  return `${Math.round(minutes / 60).toLocaleString('en')} hours`
}

function commandOf(file: string, { backend, out, data, target }: EmpiricalOptions): string {
  const flags = [
    ...(data === undefined ? [] : [`--data ${data}`]),
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...(backend === undefined ? [] : [`--backend ${backend}`]),
    ...(out === undefined ? [] : [`--out ${out}`]),
  ]
  return ['npx sgd-oracle empirical', file, ...flags].join(' ')
}
