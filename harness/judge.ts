import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { DivergedError } from '../foundation/phase-space.ts'
import type { Comparison, Look, Verdict } from '../foundation/results.ts'
import type { Holding, Reading, Recorder } from './evidence/index.ts'
import type { Experiment, Setting, TheoryOf } from './hypothesis.ts'
import { type Ledger, spentAtLook } from './ledger.ts'
import type { PlannedClaim } from './plan.ts'

/** A planned claim with what its samples said. */
export interface JudgedClaim<S extends Setting, Measured> {
  readonly plan: PlannedClaim<S, Measured>
  /** Its looks, kept so that they can be held against other theories. */
  readonly readings: readonly Reading<TheoryOf<S>>[]
  readonly looks: readonly Look[]
  readonly comparisons: readonly Comparison[]
  /** Steps over all replicas that its last look rests on. */
  readonly stepsUsed: number
  /** What ended the sampling early: a replica that diverged. Whatever was not decided by then stays inconclusive. */
  readonly diverged?: string
}

export interface JudgeOptions<Measured> {
  /** Gives the experiment's own records of chains first, …, end − 1, in order, as threads would; else they are run here. */
  readonly runReplicas?: (first: number, end: number) => AsyncIterable<Measured>
  /** Called after each replica with the steps it simulated. */
  readonly onReplica?: (steps: number) => void
  readonly signal?: AbortSignal
}

/** What an experiment gave: its claims judged, and the records of all replicas that were run. */
export interface Judgement<S extends Setting, Measured> {
  readonly claims: JudgedClaim<S, Measured>[]
  readonly records: readonly Measured[]
}

/** Longest that the judge keeps other events waiting, in milliseconds; verdicts do not depend on it. */
const patience = 20

/**
 * Runs one experiment, look by look, until every claim on it is decided against every theory that can be told apart, or
 * the budget is spent. All claims look at the same replicas; a verdict once reached stands.
 *
 * @param claims planned on one and the same experiment, or on none
 */
export async function judge<S extends Setting, Measured>(
  claims: readonly PlannedClaim<S, Measured>[],
  ledger: Ledger,
  { runReplicas, onReplica, signal }: JudgeOptions<Measured> = {},
): Promise<Judgement<S, Measured>> {
  const experiment = claims.find((claim) => claim.experiment !== undefined)?.experiment
  if (claims.some((claim) => claim.experiment !== undefined && claim.experiment !== experiment)) {
    throw new RangeError('judge: claims must be planned on one experiment, got several')
  }
  const records: Measured[] = []
  const open = claims.map(
    (plan): OpenClaim<S, Measured> => ({
      plan,
      recorder: plan.evidence.recorder(),
      readings: [],
      holdings: new Map(),
      stepsUsed: 0,
    }),
  )
  for (const claim of open) {
    if (claim.plan.experiment === undefined && claim.plan.looks.length > 0) takeLook(claim, { alpha: 0, phi: 0 }, 0)
  }

  let diverged: string | undefined
  const sampled = open.filter(({ plan }) => plan.experiment !== undefined)
  const take = (record: Measured): void => {
    signal?.throwIfAborted()
    records.push(record)
    for (const { plan, recorder } of sampled) if (plan.looks.length > 0) recorder.add(record)
    onReplica?.(experiment!.stepsPerReplica)
  }
  for (let look = 1; experiment !== undefined && look <= experiment.looks.length; look++) {
    const pending = sampled.filter((claim) => claim.plan.looks.length > 0 && !isDecided(claim))
    if (look > 1 && pending.length === 0) break
    const [first, end] = [records.length, experiment.looks[look - 1]!]
    try {
      if (runReplicas === undefined) await runHere(experiment, first, end, take)
      else for await (const record of runReplicas(first, end)) take(record)
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error
      diverged = error.message
      break
    }
    for (const claim of pending) {
      if (claim.plan.looks.includes(look)) {
        takeLook(claim, spentAtLook(ledger, look), records.length * experiment.stepsPerReplica)
      }
    }
  }
  return { records, claims: open.map((claim) => closed(claim, diverged)) }
}

/** What a judged claim would have said of a theory that was not asked: the same looks in the same order. */
export function judgeAgain<S extends Setting, Measured>(
  { readings, diverged, plan }: JudgedClaim<S, Measured>,
  theory: TheoryOf<S>,
): Verdict | undefined {
  let verdict: Verdict | undefined
  for (const reading of readings) {
    const holding = reading.against(theory)
    if (holding === undefined) return undefined
    verdict = holding.verdict
    if (verdict !== 'inconclusive') break
  }
  return finalVerdict(plan.refusal, diverged, verdict)
}

/** A claim that is not answerable, as it stands without samples. */
export function unsampled<S extends Setting, Measured>(plan: PlannedClaim<S, Measured>): JudgedClaim<S, Measured> {
  return closed(
    { plan, recorder: plan.evidence.recorder(), readings: [], holdings: new Map(), stepsUsed: 0 },
    undefined,
  )
}

interface OpenClaim<S extends Setting, Measured> {
  readonly plan: PlannedClaim<S, Measured>
  readonly recorder: Recorder<Measured, TheoryOf<S>>
  readonly readings: Reading<TheoryOf<S>>[]
  /** The verdict of each theory so far, by name: once it is one, it stands. */
  readonly holdings: Map<string, { verdict: Verdict; last: Holding }>
  stepsUsed: number
}

/** One replica after the other, with a pause for other events now and then: a pause after each would cost more than short ones. */
async function runHere<Measured>(
  { runReplica }: Experiment<Measured>,
  first: number,
  end: number,
  take: (record: Measured) => void,
): Promise<void> {
  let pausedAt = performance.now()
  for (let chain = first; chain < end; chain++) {
    take(runReplica(chain))
    if (performance.now() - pausedAt > patience) {
      await yieldToEvents()
      pausedAt = performance.now()
    }
  }
}

function isDecided<S extends Setting, Measured>({ plan, holdings }: OpenClaim<S, Measured>): boolean {
  return plan.comparisons.every(({ theory, separable }) => {
    const held = holdings.get(theory.name)
    return separable === false || (held !== undefined && held.verdict !== 'inconclusive')
  })
}

function takeLook<S extends Setting, Measured>(
  claim: OpenClaim<S, Measured>,
  spent: { readonly alpha: number; readonly phi: number },
  stepsUsed: number,
): void {
  const reading = claim.recorder.read(spent, claim.plan.reference)
  claim.readings.push(reading)
  claim.stepsUsed = stepsUsed
  for (const { theory } of claim.plan.comparisons) {
    const last = reading.against(theory)!
    const before = claim.holdings.get(theory.name)?.verdict
    const verdict = before === undefined || before === 'inconclusive' ? last.verdict : before
    claim.holdings.set(theory.name, { verdict, last })
  }
}

function closed<S extends Setting, Measured>(
  { plan, readings, holdings, stepsUsed }: OpenClaim<S, Measured>,
  diverged: string | undefined,
): JudgedClaim<S, Measured> {
  const ended = plan.experiment === undefined ? undefined : diverged
  return {
    plan,
    readings,
    looks: readings.map(({ look }) => look),
    comparisons: plan.comparisons.map(({ theory, ...comparison }): Comparison => {
      const held = holdings.get(theory.name)
      const { verdict: _, rejected, ...last } = held?.last ?? ({} as Partial<Holding>)
      return {
        theory: theory.name,
        ...comparison,
        ...last,
        ...(rejected === undefined ? {} : { rejected: [...rejected] }),
        verdict: finalVerdict(plan.refusal, ended, held?.verdict),
      }
    }),
    ...(ended === undefined ? {} : { diverged: ended }),
    stepsUsed,
  }
}

/** A source that diverges has no moments to agree with, whatever its first replicas said. */
function finalVerdict(
  refusal: string | undefined,
  diverged: string | undefined,
  verdict: Verdict = 'inconclusive',
): Verdict {
  if (refusal !== undefined) return 'not-answerable'
  return diverged !== undefined && verdict === 'agrees' ? 'inconclusive' : verdict
}
