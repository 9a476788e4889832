import type { SamplingScheme } from '../../foundation/phase-space.ts'
import { spectrumAtMinimum } from '../../foundation/regression-problem.ts'
import { type Claim, type Report, type Run, schemaVersion } from '../../foundation/results.ts'
import { claimOf } from '../../harness/claim.ts'
import type { Setting } from '../../harness/hypothesis.ts'
import { judge } from '../../harness/judge.ts'
import { type Ledger, ledgerFor } from '../../harness/ledger.ts'
import { type PlannedClaim, planClaims } from '../../harness/plan.ts'
import { summaryOf } from '../../harness/summary.ts'
import type { MeanRecord, StationaryRecord } from '../../observables/index.ts'
import { erratumRows } from '../../oracle/errata/index.ts'
import { dampingRatio } from '../../oracle/oscillator.ts'
import { displacedHypotheses, stationaryHypotheses } from '../hypotheses/index.ts'
import { displacementCurve, errorBudgetOf, meanCurves, varianceCurve } from './curves.ts'
import {
  type OperatingPoint,
  type OperatingPointRequest,
  operatingPoint,
  type StabilityLimits,
} from './operating-point.ts'
import { withWorkers } from './replica-pool.ts'
import { type RegressionSetting, regressionSetting } from './setting.ts'
import { singleRun } from './single-run.ts'

/** Verification of the theory on one dataset: prepared here, planned without sampling, then run. */
export interface VerificationRequest extends OperatingPointRequest {
  readonly seed: number
  /** Steps that each scheme's stationary experiment may simulate; absent: by the cost of a step. */
  readonly stepsBudget?: number
  /** The command that makes this report again. */
  readonly command: string
}

export interface VerificationPlan extends OperatingPoint {
  readonly request: VerificationRequest
  readonly ledger: Ledger
  readonly schemes: readonly PlannedScheme[]
}

export interface PlannedScheme {
  readonly setting: RegressionSetting
  readonly stationary: readonly PlannedClaim<RegressionSetting, StationaryRecord>[]
  readonly displaced: readonly PlannedClaim<RegressionSetting, MeanRecord>[]
}

/** How batches are really drawn, after the noise that the theory supposes; the others are rivals' worlds. */
const verifiedSchemes: readonly SamplingScheme[] = [
  'gaussian',
  'with-replacement',
  'without-replacement',
  'shuffled-epochs',
]

/** Of which one run is shown: SGD as the theory supposes it, on the data's own noise. */
const followedScheme: SamplingScheme = 'with-replacement'

/** Largest budget of a scheme's stationary experiment, in steps, and in multiply-adds for large problems. */
const largestBudget = 4e6
const multiplyAdds = 1.6e10
const smallestBudget = 1e6

/**
 * Everything that is known before the first step: problem, limits, learning rate, claims with cost and power.
 *
 * @throws RangeError for settings that cannot be run, each in one line
 */
export function planVerification(request: VerificationRequest): VerificationPlan {
  const point = operatingPoint(request)
  const { problem, hyperparameters, limits } = point
  const { learningRate, batchSize } = hyperparameters
  refuseUnstable(learningRate, limits)
  const perStep = 2 * batchSize * problem.modeCount * problem.outputCount
  const affordable = Math.min(largestBudget, Math.max(smallestBudget, Math.floor(multiplyAdds / perStep)))
  const stepsBudget = request.stepsBudget ?? affordable

  const settings = verifiedSchemes.map((sampling, index) => {
    const varianceRefusal = heavyTails(sampling, learningRate, limits)
    return regressionSetting(problem, hyperparameters, {
      sampling,
      seed: request.seed * 16 + 2 * index,
      stepsBudget,
      ...(varianceRefusal === undefined ? {} : { varianceRefusal }),
    })
  })
  const quantities = settings.flatMap((setting) => [
    ...stationaryHypotheses.flatMap((hypothesis) => hypothesis.quantities(setting)),
    ...displacedHypotheses.flatMap((hypothesis) => hypothesis.quantities(setting)),
  ])
  const ledger = ledgerFor(quantities.length)
  const schemes = settings.map((setting) => ({
    setting,
    stationary: stationaryHypotheses.flatMap((hypothesis) => planClaims(hypothesis, setting, ledger)),
    displaced: displacedHypotheses.flatMap((hypothesis) => planClaims(hypothesis, setting, ledger)),
  }))
  return { request, ...point, ledger, schemes }
}

function refuseUnstable(learningRate: number, { mean, meanSquare }: StabilityLimits): void {
  const largest = meanSquare.withReplacement
  if (learningRate < largest && learningRate < mean) return
  throw new RangeError(
    `learning rate ${learningRate} is past a stability limit: the mean's is ${mean.toPrecision(4)}, the second moments' ${largest.toPrecision(4)} (with replacement); the largest usable is below ${Math.min(largest, mean).toPrecision(4)}`,
  )
}

function heavyTails(sampling: SamplingScheme, learningRate: number, limits: StabilityLimits): string | undefined {
  if (sampling === 'gaussian') return undefined
  const limit =
    sampling === 'without-replacement' ? limits.meanSquare.withoutReplacement : limits.meanSquare.withReplacement
  if (learningRate <= limit / 2) return undefined
  return `heavy tails: the learning rate is above half of the second moments' limit ${limit.toPrecision(4)}`
}

export interface VerificationOptions {
  /** Threads that chains are spread over, ≥ 1; the report is the same for any number. */
  readonly workers?: number
  /** Steps simulated since the last call, and the scheme they belong to. */
  readonly onSteps?: (sampling: SamplingScheme, steps: number) => void
  readonly onScheme?: (scheme: Run['schemes'][number]) => void
  readonly signal?: AbortSignal
}

/** Most steps that a plan may simulate. */
export function plannedSteps({ schemes }: VerificationPlan): number {
  let steps = 0
  for (const { setting } of schemes) {
    for (const { looks, stepsPerReplica } of [setting.stationary, setting.displaced])
      steps += looks.at(-1)! * stepsPerReplica
  }
  return steps
}

/** Samples, judges and reports. The same plan and program version give the same report, byte for byte. */
export async function runVerification(
  plan: VerificationPlan,
  version: string,
  { workers = 1, onSteps, onScheme, signal }: VerificationOptions = {},
): Promise<Report> {
  const claims: Claim[] = []
  const curves: Pick<Report, 'errorBudget' | 'meanCurves' | 'displacementCurves' | 'varianceCurves'> = {
    errorBudget: [],
    meanCurves: [],
    displacementCurves: [],
    varianceCurves: [],
  }
  for (const { setting, stationary, displaced } of plan.schemes) {
    const startedAt = performance.now()
    let steps = 0
    const onReplica = (simulated: number): void => {
      steps += simulated
      onSteps?.(setting.sampling, simulated)
    }
    const options = { onReplica, ...(signal ? { signal } : {}) }
    const moving = await withWorkers(setting.stationary, workers, signal, (runReplicas) =>
      judge(stationary, plan.ledger, { ...options, ...(runReplicas ? { runReplicas } : {}) }),
    )
    const relaxing = await withWorkers(setting.displaced, workers, signal, (runReplicas) =>
      judge(displaced, plan.ledger, { ...options, ...(runReplicas ? { runReplicas } : {}) }),
    )
    const { command } = plan.request
    claims.push(
      ...moving.claims.map((claim) => ({ ...claimOf(claim, plan.ledger, command), sampling: setting.sampling })),
      ...relaxing.claims.map((claim) => ({ ...claimOf(claim, plan.ledger, command), sampling: setting.sampling })),
    )
    curves.errorBudget.push(...errorBudgetOf(setting, moving.claims))
    if (relaxing.records.length > 1) curves.meanCurves.push(...meanCurves(setting, relaxing.records))
    if (moving.records.length > 1) {
      curves.displacementCurves.push(displacementCurve(setting, moving.records))
      curves.varianceCurves.push(varianceCurve(setting, moving.records))
    }
    onScheme?.({ sampling: setting.sampling, seconds: (performance.now() - startedAt) / 1000, steps })
  }
  signal?.throwIfAborted()
  const followed = plan.schemes.find(({ setting }) => setting.sampling === followedScheme)
  // after the schemes' own seeds
  const run = followed && singleRun(followed.setting, plan.request.seed * 16 + 2 * plan.schemes.length)
  return { ...reportOf(plan, version, claims, curves), ...(run === undefined ? {} : { singleRun: run }) }
}

function reportOf(
  plan: VerificationPlan,
  version: string,
  claims: Claim[],
  curves: Pick<Report, 'errorBudget' | 'meanCurves' | 'displacementCurves' | 'varianceCurves'>,
): Report {
  const { request, problem, hyperparameters, limits, ledger, schemes } = plan
  const { dataset } = request
  return {
    schemaVersion,
    program: { name: 'sgd-oracle', version },
    command: request.command,
    seed: request.seed,
    dataset: {
      name: dataset.name,
      examples: dataset.exampleCount,
      features: dataset.featureCount,
      outputs: dataset.outputCount,
      droppedColumns: [...dataset.droppedColumns],
      nullModes: problem.nullModeCount,
      standardized: dataset.standardized,
      centered: dataset.centered,
      oneHot: dataset.oneHot,
    },
    hyperparameters: { ...hyperparameters, learningRateReason: plan.learningRateReason },
    limits: { mean: limits.mean, meanSquare: { ...limits.meanSquare } },
    spectrum: {
      eigenvalues: [...problem.eigenvalues],
      dampingRatio: Array.from(problem.eigenvalues, (rho) =>
        dampingRatio(hyperparameters.learningRate, hyperparameters.momentum, rho + hyperparameters.weightDecay),
      ),
      noiseVariance: problem.noiseVariance,
      noiseVarianceAtMinimum: [...spectrumAtMinimum(problem).noiseVariances],
    },
    ledger: { ...ledger, looks: Math.max(...schemes.map(({ setting }) => longestLooks(setting))) },
    theories: theoriesNamed(schemes.map(({ setting }) => setting)),
    summary: summaryOf(claims),
    claims,
    ...curves,
    errata: erratumRows(),
  }
}

function longestLooks({ stationary, displaced }: RegressionSetting): number {
  return Math.max(stationary.looks.length, displaced.looks.length)
}

function theoriesNamed(settings: readonly Setting[]): Report['theories'] {
  const named = new Map<string, Report['theories'][number]>()
  for (const { theories } of settings) {
    for (const { name, title, source } of theories) named.set(name, { name, title, source })
  }
  return [...named.values()]
}
