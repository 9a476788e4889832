import { basename, join } from 'node:path'
import type { Run } from '../foundation/results.ts'
import { version } from '../foundation/version.ts'
import { renderSummary, writeReport } from '../reports/index.ts'
import { plannedSteps, planVerification, runVerification, type VerificationPlan } from '../specs/regression/verify.ts'
import { checked, exitCodes } from './failure.ts'
import { untilInterrupted } from './interruption.ts'
import { showProgress } from './progress.ts'
import { type DataOrExampleOptions, preparedDataset } from './read-dataset.ts'
import { renderPlan } from './render-plan.ts'
import { refuseForeignFolder } from './report-folder.ts'
import type { Streams } from './run.ts'
import { runRecord } from './run-record.ts'

export interface VerifyOptions extends DataOrExampleOptions {
  readonly learningRate?: number
  readonly momentum: number
  readonly weightDecay: number
  readonly batchSize: number
  readonly seed: number
  readonly out?: string
  readonly workers: number
  readonly dryRun: boolean
}

/** `sgd-oracle verify`: plans, samples, judges, reports; resolves to the exit code. */
export async function verify(options: VerifyOptions, streams: Streams): Promise<number> {
  const startedAt = new Date()
  const dataset = preparedDataset(options)
  const { learningRate, momentum, weightDecay, batchSize, seed } = options
  const plan = checked(() =>
    planVerification({
      dataset,
      momentum,
      weightDecay,
      batchSize,
      seed,
      command: commandOf(options),
      ...(learningRate === undefined ? {} : { learningRate }),
    }),
  )
  if (options.dryRun) {
    streams.out.write(renderPlan(plan))
    return exitCodes.passed
  }
  const out = options.out ?? join('reports', 'out', dataset.name.replace(/\.[^.]*$/, ''))
  return sampleAndReport(plan, { out, startedAt, inputPath: options.data, workers: options.workers }, streams)
}

async function sampleAndReport(
  plan: VerificationPlan,
  {
    out,
    startedAt,
    inputPath,
    workers,
  }: { out: string; startedAt: Date; inputPath: string | undefined; workers: number },
  streams: Streams,
): Promise<number> {
  await refuseForeignFolder(out)
  const { dataset } = plan.request
  const { learningRate } = plan.hyperparameters
  streams.err.write(
    `${dataset.name}: ${dataset.exampleCount} examples, ${plan.problem.modeCount} modes, η = ${learningRate.toPrecision(4)} (${plan.learningRateReason})\n`,
  )
  const progress = showProgress(plannedSteps(plan), streams.err, 'budget')
  const schemes: Run['schemes'] = []
  return untilInterrupted(async (signal) => {
    try {
      const report = await runVerification(plan, version, {
        workers,
        onSteps: (sampling, steps) => progress.advance(steps, sampling),
        onScheme: (scheme) => schemes.push(scheme),
        signal,
      })
      progress.finish()
      const written = await writeReport(out, report, runRecord(startedAt, { inputPath, workers, schemes }))
      streams.out.write(
        `${renderSummary(report)}\nReport: ${written.find((file) => file.endsWith('report.md')) ?? out}\n`,
      )
      return report.summary.passed ? exitCodes.passed : exitCodes.failed
    } catch (error) {
      progress.finish()
      if (!signal.aborted) throw error
      streams.err.write(`sgd-oracle: interrupted; ${out} was left as it was\n`)
      return exitCodes.interrupted
    }
  })
}

/** The command without paths, so that the same run gives the same report anywhere. */
function commandOf(options: VerifyOptions): string {
  const words = ['npx sgd-oracle verify']
  const flag = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) words.push(`--${name} ${value}`)
  }
  flag('data', options.data === undefined ? undefined : basename(options.data))
  flag('format', options.format)
  flag('pool', options.pool)
  flag(
    'target',
    options.target === undefined || /^[\w.-]+$/.test(options.target) ? options.target : JSON.stringify(options.target),
  )
  if (options.oneHot) words.push('--one-hot')
  if (!options.standardize) words.push('--no-standardize')
  if (!options.center) words.push('--no-center')
  flag('learning-rate', options.learningRate)
  flag('momentum', options.momentum)
  flag('weight-decay', options.weightDecay)
  flag('batch-size', options.batchSize)
  flag('seed', options.seed)
  return words.join(' ')
}
