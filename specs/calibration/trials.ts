import binomialDistribution from '@stdlib/stats-base-dists-binomial-cdf'
import type { RandomState } from '../../foundation/random/xoshiro128.ts'
import type { CalibrationRow, Verdict } from '../../foundation/results.ts'
import { binomialLowerBound, binomialUpperBound } from '../../foundation/statistics/binomial-bound.ts'
import type { Experiment, Hypothesis, Setting } from '../../harness/hypothesis.ts'
import { judge } from '../../harness/judge.ts'
import { type Ledger, ledgerFor, spentAtLook } from '../../harness/ledger.ts'
import { planClaims } from '../../harness/plan.ts'
import type { EdgeTheory, KnownSource, Sample } from './sources.ts'

/** How often the judge errs where errors are most frequent, against the rates that it was given. */

/** Plans once; each call then gives one trial's verdicts, on every theory of a source, from what the experiment holds now. */
export type Procedure = (
  source: KnownSource,
  experiment: Experiment<Sample>,
  ledger: Ledger,
) => () => Promise<Map<string, Verdict>>

interface CalibrationSetting extends Setting {
  readonly theories: readonly EdgeTheory[]
}

/** The judge as it is. */
export const harness: Procedure = (source, experiment, ledger) => {
  const { name, quantity, scale, margin, right, wrong } = source
  const theories = [...new Set([...right, ...wrong])]
  const setting: CalibrationSetting = { name, theories, reference: theories[0]!.name, required: true }
  const hypothesis: Hypothesis<CalibrationSetting, Sample> = {
    id: 'calibration',
    claim: 'The truth is at the edge.',
    source: 'known',
    scale,
    margin,
    marginReason: 'wide enough that the other edge plays no part',
    experiment: () => experiment,
    quantities: () => [quantity],
    rivals: () => [],
  }
  const plans = planClaims(hypothesis, setting, ledger)
  return async () => {
    const { claims } = await judge(plans, ledger)
    return new Map(claims[0]!.comparisons.map(({ theory, verdict }) => [theory, verdict]))
  }
}

/** Two rates that are measured on the same samples. */
export interface Rates {
  readonly alpha: number
  readonly phi: number
}

export interface Counts {
  readonly trials: number
  readonly falseAlarms: number
  readonly falsePasses: number
  /** Trials of which some theory was not answerable. */
  readonly refused: number
}

/** Counts the errors of a procedure at several rates; every rate sees the same samples. */
export async function countErrors(
  source: KnownSource,
  procedure: Procedure,
  rates: readonly Rates[],
  trials: number,
  state: RandomState,
): Promise<Counts[]> {
  const { experiment, draw } = trialsOf(source, state)
  const judged = rates.map(({ alpha, phi }) => procedure(source, experiment, ledgerFor(1, alpha, phi)))
  const counts = rates.map(() => ({ trials, falseAlarms: 0, falsePasses: 0, refused: 0 }))
  for (let trial = 0; trial < trials; trial++) {
    draw()
    for (const [at, verdictsOf] of judged.entries()) {
      const verdicts = await verdictsOf()
      if (source.right.some(({ name }) => verdicts.get(name) === 'disagrees')) counts[at]!.falseAlarms++
      for (const { name } of source.wrong) if (verdicts.get(name) === 'agrees') counts[at]!.falsePasses++
      if ([...verdicts.values()].includes('not-answerable')) counts[at]!.refused++
    }
  }
  return counts
}

/** An experiment that holds one trial's replicas, drawn from the running stream: every procedure and rate sees the same. */
function trialsOf(
  { name, looks, samplesPerReplica, start }: KnownSource,
  state: RandomState,
): { experiment: Experiment<Sample>; draw: () => void } {
  const drawn: Sample[] = []
  const most = looks[looks.length - 1]!
  return {
    experiment: {
      name,
      looks,
      stepsPerReplica: samplesPerReplica,
      samplesPerReplica,
      runReplica: (chain) => drawn[chain]!,
    },
    draw() {
      const next = start(state)
      for (let replica = 0; replica < most; replica++) drawn[replica] = next()
    },
  }
}

/** Chance that a bound of a rate is wrong. */
export const boundsFail = 0.01
/** A row is answerable if a procedure that spends what it should is shown to be within its design so often. */
const answerablePower = 0.99

/** What so many errors say of a rate. */
export function calibrationRow(
  row: Pick<CalibrationRow, 'source' | 'procedure' | 'error' | 'design' | 'trials' | 'errors'>,
  looks: number,
): CalibrationRow {
  const { design, trials, errors } = row
  const lower = binomialLowerBound(errors, trials, boundsFail)
  const upper = binomialUpperBound(errors, trials, boundsFail)
  return {
    ...row,
    lower,
    upper,
    boundsFail,
    answerable: isAnswerable(design, trials, looks),
    finding: upper <= design ? 'within' : lower > design ? 'exceeds' : 'undecided',
  }
}

/** Whether so many trials show that a procedure which spends its rates look by look keeps its design. */
function isAnswerable(design: number, trials: number, looks: number): boolean {
  let spent = 0
  const ledger = ledgerFor(1, design, design)
  for (let look = 1; look <= looks; look++) spent += spentAtLook(ledger, look).phi
  let most = -1
  while (most + 1 < trials && binomialUpperBound(most + 1, trials, boundsFail) <= design) most++
  return most >= 0 && binomialDistribution(most, trials, spent) >= answerablePower
}
