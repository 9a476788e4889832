import type { RecordedTrajectory } from '../../foundation/formats/recorded-trajectory.ts'
import { type Report, schemaVersion } from '../../foundation/results.ts'
import { claimOf } from '../../harness/claim.ts'
import { judge } from '../../harness/judge.ts'
import { type Ledger, ledgerFor } from '../../harness/ledger.ts'
import { type PlannedClaim, planClaims } from '../../harness/plan.ts'
import type { Quantity } from '../../harness/quantity.ts'
import { summaryOf } from '../../harness/summary.ts'
import { meanLimit } from '../../oracle/discrete-mode.ts'
import { dampingRatio } from '../../oracle/oscillator.ts'
import { meanTrajectory } from '../hypotheses/mean-trajectory.ts'
import type { RecordedChain } from './chain.ts'
import { recordedHypotheses } from './hypotheses.ts'
import type { RecordedHypothesis } from './row-quantity.ts'
import {
  type Limit,
  type RecordedOptions,
  type RecordedSetting,
  type RecordedTheory,
  recordedSetting,
} from './setting.ts'
import { readSettings } from './settings.ts'

export interface CheckRequest extends RecordedOptions {
  readonly trajectory: RecordedTrajectory
  /** What --settings gives, parsed. */
  readonly settings: unknown
  /** The command that makes this report again. */
  readonly command: string
}

export interface CheckPlan {
  readonly request: CheckRequest
  readonly setting: RecordedSetting
  readonly ledger: Ledger
  readonly claims: readonly PlannedClaim<RecordedSetting, RecordedChain>[]
  /** Hypotheses that are not asked, and for want of what. */
  readonly limits: readonly Limit[]
}

/**
 * Everything that is known of a recording before its rows are judged: settings, what they allow to be asked, each claim's margin.
 *
 * @throws RangeError in one line for settings that are missing, unknown or out of range, or rows too few to be judged
 */
export function planCheck(request: CheckRequest): CheckPlan {
  const { trajectory, settings, name } = request
  const setting = recordedSetting(trajectory, readSettings(trajectory, settings, name), request)
  const hypotheses = recordedHypotheses()
  const asked = hypotheses.map((hypothesis) => ({ hypothesis, quantities: hypothesis.quantities(setting) }))
  const ledger = ledgerFor(
    Math.max(
      1,
      asked.reduce((sum, { quantities }) => sum + quantities.length, 0),
    ),
  )
  const claims = asked.flatMap(({ hypothesis, quantities }) => {
    const widened = quantities.map((quantity) => withWiderMargins(hypothesis, quantity))
    return planClaims({ ...hypothesis, quantities: () => widened }, setting, ledger)
  })
  const unasked = asked.flatMap(({ hypothesis: { id }, quantities }) =>
    quantities.length > 0 || setting.limitedBy(id) ? [] : [{ hypothesis: id, missing: wantedBy(id) }],
  )
  return { request, setting, ledger, claims, limits: [...setting.limits, ...unasked] }
}

/** What a recording lacks that could be asked by its fields. */
function wantedBy(hypothesis: string): string {
  return hypothesis === meanTrajectory.id ? 'a start far outside the stationary spread' : 'more rows'
}

/** Margins that rows too few for a claim's own are put to. */
const widerMargins = [0.02, 0.05, 0.1, 0.2, 0.5]

/**
 * A recording cannot be made longer, so its claims are put with the tightest margin that so many rows can decide: the claim's
 * own, or the next in a row of wider ones. It follows from the plan alone; what the rows say has no part in it.
 */
function withWiderMargins(
  hypothesis: RecordedHypothesis,
  quantity: Quantity<RecordedChain, RecordedTheory>,
): Quantity<RecordedChain, RecordedTheory> {
  if (quantity.kind === 'exact' || quantity.kind === 'distribution') return quantity
  const own = [quantity.margin ?? hypothesis.margin].flat()
  const margin = [...own, ...widerMargins.filter((wider) => wider > Math.max(...own))]
  return { ...quantity, margin, marginReason: 'the tightest that so many rows can decide' }
}

/** Judges and reports. The same file and settings give the same report, byte for byte. */
export async function runCheck(plan: CheckPlan, version: string): Promise<Report> {
  const { request, setting, ledger, claims: planned } = plan
  const judged = await judge(planned, ledger)
  const claims = judged.claims.map((claim) => ({
    ...claimOf(claim, ledger, request.command),
    sampling: setting.sampling,
  }))
  const summary = summaryOf(claims)
  const { required } = summary
  const { trajectory, burnIn } = request
  const { hyperparameters, problem, settings, every } = setting
  const { learningRate, momentum, weightDecay } = hyperparameters
  const largest = problem.eigenvalues.reduce((a, b) => Math.max(a, b))
  return {
    schemaVersion,
    program: { name: 'sgd-oracle', version },
    command: request.command,
    ...(settings.seed === undefined ? {} : { seed: settings.seed }),
    dataset: {
      name: setting.name,
      ...(settings.exampleCount === undefined ? {} : { examples: settings.exampleCount }),
      outputs: trajectory.outputCount,
      droppedColumns: [],
      nullModes: 0,
    },
    recording: {
      chains: trajectory.chainCount,
      rows: trajectory.rowCount,
      modes: trajectory.modeCount,
      firstStep: trajectory.steps[0]!,
      lastStep: trajectory.steps.at(-1)!,
      ...(every === undefined ? {} : { every }),
      burnIn,
      evidence: setting.evidence,
      notes: [...setting.notes],
      limits: plan.limits.map((limit) => ({ ...limit })),
    },
    hyperparameters: {
      learningRate,
      momentum,
      weightDecay,
      ...(settings.batchSize === undefined ? {} : { batchSize: settings.batchSize }),
      learningRateReason: 'as recorded',
    },
    limits: { mean: meanLimit(momentum, largest + weightDecay) },
    spectrum: {
      eigenvalues: [...problem.eigenvalues],
      dampingRatio: Array.from(problem.eigenvalues, (rho) => dampingRatio(learningRate, momentum, rho + weightDecay)),
      ...(settings.noiseVariance === undefined ? {} : { noiseVariance: settings.noiseVariance }),
      noiseVarianceAtMinimum: [...(settings.noiseVariances ?? [])],
    },
    ledger: { ...ledger, looks: 1 },
    theories: setting.theories.map(({ name, title, source }) => ({ name, title, source })),
    // a recording need not have anything that is required
    summary: { ...summary, passed: required.disagrees === 0 && required.inconclusive === 0 },
    claims,
    errorBudget: [],
    meanCurves: [],
    displacementCurves: [],
    varianceCurves: [],
    errata: [],
  }
}
