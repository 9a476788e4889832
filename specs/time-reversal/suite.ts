import type { Hyperparameters, TrajectorySource } from '../../foundation/phase-space.ts'
import { regressionProblem, spectrumAtMinimum } from '../../foundation/regression-problem.ts'
import type { Experiment, Setting, Suite } from '../../harness/hypothesis.ts'
import type { Coordinate } from '../../harness/quantity.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeTimeAsymmetry } from '../../observables/index.ts'
import { batchGradientCumulants } from '../../oracle/batch-gradient-cumulants.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import type { SecondOrderLaw } from '../../oracle/theory.ts'
import { timeAsymmetry } from '../../oracle/time-asymmetry.ts'
import { type RegressionSourceOptions, regressionSource, startAtMinimum } from '../../sim/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** E[y_k² y_{k+1} − y_k y_{k+1}²] over (Var y)^{3/2}, of positions and of velocities. // [mode] each */
export interface MarginalAsymmetry {
  readonly position: Float64Array
  readonly velocity: Float64Array
}

export interface TimeReversalSetting extends Setting {
  readonly theories: readonly Voice<MarginalAsymmetry>[]
  readonly experiment: Experiment<MarginalAsymmetry>
  readonly coordinates: { readonly position: readonly Coordinate[]; readonly velocity: readonly Coordinate[] }
}

/** Both modes oscillate and forget in 1.7 steps. */
const usual: Omit<Hyperparameters, 'batchSize'> = { learningRate: 0.6, momentum: 0.3, weightDecay: 0 }

/**
 * Examples whose labels are all noise, skewed and of two values: of gradients as skewed as these, no other are less heavy-tailed, and
 * statistics of third order scatter the less.
 */
const exampleCount = 15
const features = Float64Array.from({ length: 2 * exampleCount }, (_, at) =>
  at % 2 === 0 ? 1 : [1, -0.5, -0.5][((at - 1) / 2) % 3]!,
)
const labels = Float64Array.from({ length: exampleCount }, (_, i) => (i < 3 ? 2 : -0.5))
const problem = regressionProblem(features, labels, exampleCount, 0)
const { eigenvalues, modeCount } = problem

/** Steps from window to window: e^{−4} is left in between, and of a product of three less. */
const stride = 9
const burnIn = 40
const replicas = 128
/** Of a pilot, on a stream that no run draws from: it plans, and decides nothing. */
const [pilotSeed, pilotPieces, pilotWindows] = [8, 1000, 20]

/** Means of third order, of lag 1 alone, in units of the law's standard deviation cubed. */
type Standardised = (
  record: Record<'position' | 'velocity', { readonly third: Float64Array }>,
  sign?: number,
) => MarginalAsymmetry

function standardisedBy({ stationary }: SecondOrderLaw): Standardised {
  return (record, sign = 1) => {
    const of = (what: 'position' | 'velocity'): Float64Array =>
      record[what].third.map((value, l) => {
        const variance = stationary[4 * l + (what === 'position' ? 0 : 3)]!
        return (sign * value) / variance ** 1.5
      })
    return { position: of('position'), velocity: of('velocity') }
  }
}

function theoriesFor(hyperparameters: Hyperparameters, standardised: Standardised): Voice<MarginalAsymmetry>[] {
  const cumulants = batchGradientCumulants(problem, new Float64Array(modeCount), hyperparameters.batchSize, {
    replacement: true,
  })
  const predicted = timeAsymmetry(eigenvalues, cumulants, hyperparameters, [1])
  return [
    {
      name: 'reversible',
      title: 'positions alone and velocities alone look the same backwards',
      source: 'sec. 7, for Gaussian noise',
      says: standardised(predicted, 0),
    },
    {
      name: 'skewed noise',
      title: 'the third cumulants of batches show the direction of time',
      source: 'oracle/time-asymmetry.ts; Weiss 1975',
      says: standardised(predicted),
    },
    {
      name: 'time turned round',
      title: 'the same cumulants, read backwards',
      source: 'oracle/time-asymmetry.ts with the sign of the lag',
      says: standardised(predicted, -1),
    },
  ]
}

interface Plan {
  readonly stream: number
  readonly batchSize: number
  /** At the usual budget. */
  readonly windows: number
  readonly reference: 'reversible' | 'skewed noise'
  readonly required: boolean
}

function setting(
  name: string,
  options: Pick<RegressionSourceOptions, 'sampling' | 'noise'>,
  { stream, batchSize, windows, reference, required }: Plan,
): TimeReversalSetting {
  const hyperparameters = { ...usual, batchSize }
  const standardised = standardisedBy(discreteLaw(spectrumAtMinimum(problem), hyperparameters))
  const seed = seedFor(stream)
  const source = (ofSeed: number): TrajectorySource =>
    regressionSource(problem, hyperparameters, { ...options, seed: ofSeed, start: startAtMinimum(problem) })
  const chains = source(seed)
  const stepsPerReplica = burnIn + stride * Math.ceil((windows * specBudget()) / replicas)
  const run = (from: TrajectorySource, chain: number, steps: number): MarginalAsymmetry => {
    const { observer, record } = observeTimeAsymmetry(problem, { burnIn, lags: [1], stride })
    from.run(chain, steps, observer)
    return standardised(record())
  }
  const pilot = source(pilotSeed)
  const pilotSteps = stride * pilotWindows
  const pieces = Array.from({ length: pilotPieces }, (_, chain) => run(pilot, chain, burnIn + pilotSteps))
  const coordinatesOf = (of: 'position' | 'velocity'): Coordinate[] =>
    Array.from({ length: modeCount }, (_, l) => {
      const { variance, third } = centralMoments(pieces.map((piece) => piece[of][l]!))
      return {
        name: `mode ${l + 1}`,
        spread: {
          varianceSteps: variance * pilotSteps,
          // noise that is symmetric in sign leaves these statistics so
          asymmetrySteps: options.sampling === 'gaussian' ? 0 : (third * pilotSteps ** 2) / 3,
        },
        relaxationSteps: 0,
      }
    })
  return {
    name,
    sampling: options.sampling,
    theories: theoriesFor(hyperparameters, standardised),
    reference,
    required,
    coordinates: { position: coordinatesOf('position'), velocity: coordinatesOf('velocity') },
    experiment: remembered({
      name: 'stationary',
      seed,
      looks: [replicas / 2, replicas],
      stepsPerReplica,
      samplesPerReplica: stepsPerReplica - burnIn,
      runReplica: (chain: number) => run(chains, chain, stepsPerReplica),
    }),
  }
}

function centralMoments(values: readonly number[]): { variance: number; third: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let [variance, third] = [0, 0]
  for (const value of values) {
    variance += (value - mean) ** 2 / values.length
    third += (value - mean) ** 3 / values.length
  }
  return { variance, third }
}

export const timeReversals: Suite<TimeReversalSetting> = {
  settings: [
    setting(
      'gaussian noise',
      { sampling: 'gaussian' },
      { stream: 420, batchSize: 1, windows: 1.4e5, reference: 'reversible', required: true },
    ),
    setting(
      'single examples, frozen noise',
      { sampling: 'with-replacement', noise: 'frozen' },
      { stream: 421, batchSize: 1, windows: 1.4e5, reference: 'skewed noise', required: true },
    ),
    setting(
      'batches of two with replacement',
      { sampling: 'with-replacement' },
      { stream: 422, batchSize: 2, windows: 1.8e5, reference: 'skewed noise', required: false },
    ),
  ],
  ledger: specLedger,
  mutants: [],
}
