import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { regressionProblem } from '../../foundation/regression-problem.ts'
import type { Experiment, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { logSpread, type Spread } from '../../harness/spread.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { discreteTheory } from '../../oracle/discrete.ts'
import { interpolationDecay } from '../../oracle/interpolation-decay.ts'
import { regressionSource } from '../../sim/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** What is said of one mode whose examples all agree at the solution, x₀ = 1. */
export interface Decay {
  /** E x² at the later step over that at the earlier. */
  readonly squareRatio?: number
  /** E log|x_k|, a step. */
  readonly logRate?: number
  /** E x² long after. */
  readonly rest?: number
}

/** Squares at the two steps and long after, and log|x| at the later a step. */
export interface DecayRecord {
  readonly earlier: number
  readonly later: number
  readonly logRate: number
  readonly rest: number
}

export interface InterpolationSetting extends Setting {
  readonly theories: readonly Voice<Decay>[]
  readonly experiment: Experiment<DecayRecord>
  readonly steps: readonly [earlier: number, later: number, rest: number]
  readonly squareSpread: Spread
  /** Of log|x_k|/k; absent where nothing is said of it. */
  readonly logSpread?: Spread
}

const features = Float64Array.of(1, -1.4, 0.5, 1.2, -1, 0.7)
const problem = regressionProblem(features, new Float64Array(features.length), features.length, 0)
const curvature = problem.eigenvalues[0]!

/** Moments of the factor 1 − ηa of x without momentum, over all batches that may be drawn with replacement. */
function factorMean(learningRate: number, batchSize: number, f: (factor: number) => number): number {
  const means = (left: number): number[] =>
    left === 0 ? [0] : means(left - 1).flatMap((sum) => Array.from(features, (x) => sum + x * x))
  const sums = means(batchSize)
  return sums.reduce((total, sum) => total + f(1 - (learningRate * sum) / batchSize), 0) / sums.length
}

function setting(
  name: string,
  hyperparameters: Hyperparameters,
  { steps, stream, replicas }: { steps: readonly [number, number, number]; stream: number; replicas: number },
): InterpolationSetting {
  const { learningRate, momentum, batchSize } = hyperparameters
  const [earlier, later, rest] = steps
  const seed = seedFor(stream)
  const source = regressionSource(problem, hyperparameters, {
    sampling: 'with-replacement',
    seed,
    start: { position: Float64Array.of(1), velocity: Float64Array.of(0) },
  })
  const { meanSquareRate, almostSureRate } = interpolationDecay(problem, hyperparameters, { replacement: true })
  const span = later - earlier
  // Assumption 3 with the noise that the data have at the start, σ² the mean squared residual of x₀ = 1
  const additive = discreteTheory(
    { eigenvalues: problem.eigenvalues, noiseVariances: Float64Array.of(curvature) },
    hyperparameters,
  )
  const spread = additive.predictions.positionVariance!()[0]!
  /** Spectral radius of the mean's own map, for real roots. */
  const trace = 1 + momentum - learningRate * curvature
  const root = Math.sqrt(Math.max(0, trace ** 2 - 4 * momentum))
  const meanFactor = (trace + root) / 2
  // without momentum steps are independent; with it the factors of β = 0 at the learning rate η/(1−β) of slow motion
  const effective = learningRate / (1 - momentum)
  const moment = (power: number, factor: number): number => factorMean(factor, batchSize, (m) => m ** power)
  const growth = (power: number, count: number): number =>
    (moment(2 * power, effective) / moment(2, effective) ** power) ** count
  const relative = growth(2, later)
  const squareSpread = logSpread(relative - 1, growth(3, later) - 3 * relative + 2)
  const logMean = factorMean(learningRate, batchSize, (m) => Math.log(Math.abs(m)))
  const central = (power: number): number =>
    factorMean(learningRate, batchSize, (m) => (Math.log(Math.abs(m)) - logMean) ** power)
  const most = Math.floor(replicas * Math.max(1, specBudget()))
  return {
    name,
    sampling: 'with-replacement',
    steps,
    squareSpread,
    ...(almostSureRate === undefined
      ? {}
      : {
          logSpread: { varianceSteps: central(2) / later, asymmetrySteps: Math.abs(central(3)) / 3 / later ** 2 },
        }),
    experiment: remembered({
      name: 'decay',
      seed,
      looks: [Math.floor(most / 2), most],
      stepsPerReplica: rest,
      samplesPerReplica: 1,
      runReplica(chain) {
        const record = { earlier: 1, later: 0, logRate: 0, rest: 0 }
        source.run(chain, rest, {
          next: (step) =>
            step < earlier ? earlier : step < later ? later : step < rest ? rest : Number.POSITIVE_INFINITY,
          observe(step, position) {
            const x = position[0]!
            if (step === earlier) record.earlier = x * x
            if (step === later) {
              record.later = x * x
              record.logRate = Math.log(Math.abs(x)) / later
            }
            if (step === rest) record.rest = x * x
          },
        })
        return record
      },
    }),
    reference: 'interpolation',
    required: true,
    theories: [
      {
        name: 'interpolation',
        title: 'the noise vanishes at the solution, and all of it with it',
        source: 'Ali, Dobriban & Tibshirani 2020, sec. 3; oracle/interpolation-decay.ts',
        says: {
          squareRatio: Math.exp(meanSquareRate * span),
          rest: 0,
          ...(almostSureRate === undefined ? {} : { logRate: almostSureRate }),
        },
      },
      {
        name: 'stationary spread',
        title: 'Assumption 3: the noise at the start stays, Σ = σ²H, and so does a spread',
        source: 'Assumption 3; oracle/discrete.ts',
        says: {
          squareRatio:
            (spread + meanFactor ** (2 * later) * (1 - spread)) / (spread + meanFactor ** (2 * earlier) * (1 - spread)),
          rest: spread,
        },
      },
      {
        name: 'no noise',
        title: 'gradient descent: what vanishes at the solution does nothing on the way',
        source: 'eq. 9 without noise',
        says: { squareRatio: meanFactor ** (2 * span), logRate: Math.log(meanFactor), rest: 0 },
      },
      {
        name: 'half the rate of the mean square',
        title: 'a typical run falls as the root of the mean square',
        source: 'Jensen’s inequality read as an equality',
        says: { logRate: meanSquareRate / 2 },
      },
    ],
  }
}

export const interpolations: Suite<InterpolationSetting> = {
  settings: [
    setting(
      'one example a step, no momentum',
      { learningRate: 0.25, momentum: 0, weightDecay: 0, batchSize: 1 },
      { steps: [0, 3, 60], stream: 344, replicas: 24000 },
    ),
    setting(
      'batches of two, momentum',
      { learningRate: 0.05, momentum: 0.4, weightDecay: 0, batchSize: 2 },
      { steps: [12, 24, 150], stream: 345, replicas: 13000 },
    ),
  ],
  ledger: specLedger,
  mutants: [],
}
