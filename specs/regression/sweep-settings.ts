import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import type { Experiment, NamedTheory, Setting, Suite } from '../../harness/hypothesis.ts'
import type { Spread } from '../../harness/spread.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeStationary } from '../../observables/index.ts'
import { discreteTheory } from '../../oracle/discrete.ts'
import { dampingRatio } from '../../oracle/oscillator.ts'
import { shuffledEpochsTheory } from '../../oracle/shuffled-epochs.ts'
import { NotPredictedError, type Start, type Theory } from '../../oracle/theory.ts'
import { pathWorld } from './path-world.ts'
import { regressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'
import { referenceOf, stationarySpread } from './spread.ts'
import { teacherProblem } from './teacher-problem.ts'

/**
 * Fig. 7 on linear regression: one hyperparameter moved while the others stay at their defaults. Training is resumed as there, with
 * velocities at rest; positions start at the minimum.
 */

/** What is said of one run of the sweep. */
export interface SweepTheory extends NamedTheory {
  /** E‖δ‖² once stationary. */
  readonly speed?: number
  /** E‖Δ_k‖² where it is recorded. // [point] */
  readonly curve?: ArrayLike<number>
  /** ζ_l. // [mode] */
  readonly dampingRatio?: Float64Array
}

export interface SweepRecord {
  /** Mean of ‖v‖² over a stationary chain; NaN where none is run. */
  readonly squaredSpeed: number
  /** Mean of ‖Δ_k‖² over paths from rest. // [point] */
  readonly curve: Float64Array
}

export interface SweepSetting extends Setting {
  readonly theories: readonly SweepTheory[]
  readonly hyperparameters: Hyperparameters
  readonly runs: Experiment<SweepRecord>
  /** Where ‖Δ_k‖² is recorded, evenly spaced. // [point] */
  readonly steps: readonly number[]
  readonly exponentMargin: number
  /** Whether the way itself is asked for, not only how it grows. */
  readonly asksDistance: boolean
  /** Of Σ_k w_k log E‖Δ_k‖², in units of the experiment's samples. w: // [point] */
  readonly spreadOfLogs: (weights: Float64Array) => Spread
  /** Of the speed, in the same units; absent where it is not asked for. */
  readonly speedSpread?: Spread
  /** The point at which as much time ηk has passed as in the whole path of the default, if it is another than the last one. */
  readonly sameTime?: number
  /** Damping ratios as the simulated dynamics have them; absent where it is not asked for. // [mode] */
  readonly dampingRatios?: () => Float64Array
}

const usual: Hyperparameters = { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }
const teacher = teacherProblem(
  {
    seed: 11,
    exampleCount: 160,
    eigenvalues: Array.from({ length: 8 }, (_, l) => 4 * 0.0125 ** (l / 7)),
    labelNoise: 0.5,
  },
  0,
)
const spectrum = spectrumOf(teacher)
const atMinimum = spectrumAtMinimum(teacher)
const rest: Start = {
  position: new Float64Array(teacher.modeCount),
  velocity: new Float64Array(teacher.modeCount),
}
const exponentMargin = 0.07
const replicas = 128
const looks = [replicas / 2, replicas]
const [every, points] = [4, 20]
const usualSteps = Array.from({ length: points }, (_, point) => every * (point + 1))

function dampingRatiosOf({ learningRate, momentum, weightDecay }: Hyperparameters): Float64Array {
  return teacher.eigenvalues.map((rho) => dampingRatio(learningRate, momentum, rho + weightDecay))
}

/** The exact law's word at other hyperparameters than the run's own. */
function says(at: Hyperparameters, named: NamedTheory): SweepTheory {
  const { predictions } = discreteTheory(spectrum, at)
  return {
    ...named,
    speed: predictions.localDisplacement!(),
    curve: predictions.globalDisplacement!(rest, usualSteps),
    dampingRatio: dampingRatiosOf(at),
  }
}

function curveFromRest({ predictions }: Theory, steps: readonly number[]): Float64Array | undefined {
  try {
    return predictions.globalDisplacement?.(rest, steps)
  } catch (error) {
    if (error instanceof NotPredictedError) return undefined
    throw error
  }
}

/** What a theory of this very run says. */
function ownWord(theory: Theory, steps: readonly number[], ratios?: Float64Array): SweepTheory {
  const { name, title, source } = theory
  const speed = theory.predictions.localDisplacement?.()
  const curve = curveFromRest(theory, steps)
  return {
    ...{ name, title, source },
    ...(speed === undefined ? {} : { speed }),
    ...(curve === undefined ? {} : { curve }),
    ...(ratios === undefined ? {} : { dampingRatio: ratios }),
  }
}

interface Plan {
  readonly stream: number
  /** At the usual budget, over all replicas. */
  readonly paths: number
  /** Steps of stationary chains, over all replicas. */
  readonly speedSteps: number
}

/** Additive Gaussian noise, so that nothing but the theory is in question. */
function moved(change: Partial<Hyperparameters>, { stream, paths, speedSteps }: Plan): SweepSetting {
  const hyperparameters = { ...usual, ...change }
  const { learningRate, momentum, batchSize } = hyperparameters
  const world = pathWorld(teacher, hyperparameters, { sampling: 'gaussian', stream, displaced: () => 0, every, points })
  const seed = seedFor(stream)
  const regression = regressionSetting(teacher, hyperparameters, { sampling: 'gaussian', seed, stepsBudget: 1e4 })
  const source = regression.stationarySource(seed)
  const pathsPerReplica = Math.ceil((paths * specBudget()) / replicas)
  const chainSteps = Math.ceil((speedSteps * specBudget()) / replicas)
  const { varianceSteps, asymmetrySteps } = stationarySpread(
    regression,
    referenceOf(regression).velocityVariance!(),
    regression.memory.velocitySteps,
  )
  const share = pathsPerReplica / chainSteps
  const scale = ({ learningRate: eta, momentum: beta, batchSize: S }: Hyperparameters): number =>
    eta ** 2 / (S * (1 - beta ** 2))
  const default0 = discreteTheory(spectrum, usual).predictions.localDisplacement!()
  // η′ at which the default's S and β have the same η/(S(1−β))
  const equivalent = (learningRate * usual.batchSize * (1 - usual.momentum)) / (batchSize * (1 - momentum))
  const sameTime = usualSteps.indexOf(Math.round((every * points * usual.learningRate) / learningRate))
  const name = Object.entries(change).map(([key, value]) => `${symbols[key as keyof Hyperparameters]} = ${value}`)
  return {
    name: name.length === 0 ? 'default' : name.join(', '),
    sampling: 'gaussian',
    hyperparameters,
    asksDistance: momentum === usual.momentum && batchSize === usual.batchSize,
    reference: world.reference,
    required: true,
    theories: [
      ...regression.theories
        .filter((theory) => spoken.includes(theory.name))
        .map((theory) =>
          ownWord(theory, usualSteps, theory.name === world.reference ? dampingRatiosOf(hyperparameters) : undefined),
        ),
      {
        name: 'eq. 18 calibrated',
        title: 'η²σ² tr H/(S(1−β²)) with the σ² tr H that the default has by it',
        source: 'eq. 18, as Fig. 7 has it',
        speed: (default0 * scale(hyperparameters)) / scale(usual),
      },
      says(usual, { name: 'as the default', title: 'nothing changes', source: 'the exact law at the default' }),
      says(
        { ...usual, learningRate: equivalent },
        {
          name: 'linear scaling',
          title: 'as the default with its learning rate changed by as much as η/(S(1−β)) is',
          source: 'Goyal et al. 2017; Smith et al. 2017',
        },
      ),
    ],
    steps: usualSteps,
    exponentMargin,
    spreadOfLogs: world.spreadOfLogs,
    speedSpread: { varianceSteps: varianceSteps * share, asymmetrySteps: asymmetrySteps * share ** 2 },
    ...(sameTime >= 0 && sameTime < points - 1 ? { sameTime } : {}),
    dampingRatios: () => measuredDampingRatios(regression.sourceFrom, hyperparameters, seed),
    runs: {
      name: 'paths from rest, stationary chains',
      seed,
      looks,
      stepsPerReplica: pathsPerReplica * every * points + chainSteps,
      samplesPerReplica: pathsPerReplica,
      runReplica(replica) {
        const { observer, record } = observeStationary(teacher, { burnIn: 0, lags: [], correlationLags: [], stride: 1 })
        // one stream after another: the paths', then the chain's
        const first = replica * (pathsPerReplica + 1)
        const curve = world.meanPath(first, first + pathsPerReplica)
        source.run(first + pathsPerReplica, chainSteps, observer)
        return { squaredSpeed: record().squaredSpeed, curve }
      },
    },
  }
}

const symbols: Readonly<Record<keyof Hyperparameters, string>> = {
  learningRate: 'η',
  momentum: 'β',
  weightDecay: 'λ',
  batchSize: 'S',
}
const spoken = ['discrete', 'langevin', 'first-order', 'Brownian', 'ballistic']

/**
 * ζ_l = (1−β)/√(2η(1+β)h_l) with the β and h_l of the simulated steps: two runs with the same noise from different starts differ by a
 * noiseless oscillator, dv_{k+1} = β dv_k − h dx_k, and two steps of it tell both.
 */
function measuredDampingRatios(
  sourceFrom: ReturnType<typeof regressionSetting>['sourceFrom'],
  { learningRate }: Hyperparameters,
  seed: number,
): Float64Array {
  const { modeCount } = teacher
  const statesFrom = (position: number): { x: Float64Array; v: Float64Array }[] => {
    const states: { x: Float64Array; v: Float64Array }[] = []
    const start = { position: new Float64Array(modeCount).fill(position), velocity: new Float64Array(modeCount) }
    sourceFrom(start, seed).run(0, 2, (_, x, v) => states.push({ x: x.slice(), v: v.slice() }))
    return states
  }
  const [from, to] = [statesFrom(0), statesFrom(1)]
  return Float64Array.from({ length: modeCount }, (_, l) => {
    const [dx, dv] = [(k: number) => to[k]!.x[l]! - from[k]!.x[l]!, (k: number) => to[k]!.v[l]! - from[k]!.v[l]!]
    // from rest: dv_1 = −h dx_0
    const curvature = -dv(1) / dx(0)
    const momentum = (dv(2) + curvature * dx(1)) / dv(1)
    return (1 - momentum) / Math.sqrt(2 * learningRate * (1 + momentum) * curvature)
  })
}

const quarters = 4

/** Two epochs of reshuffled examples, as Fig. 7's sweep of S has them: fewer steps the larger S is. Fitted at quarters of them. */
function twoEpochs(batchSize: number, { stream, paths }: Omit<Plan, 'speedSteps'>): SweepSetting {
  const hyperparameters = { ...usual, batchSize }
  const { exampleCount } = teacher
  const strideOf = (size: number): number => (2 * exampleCount) / size / quarters
  const world = pathWorld(teacher, hyperparameters, {
    ...{ sampling: 'shuffled-epochs', stream, displaced: () => 0 },
    ...{ every: strideOf(batchSize), points: quarters },
  })
  const pathsPerReplica = Math.ceil((paths * specBudget()) / replicas)
  const usualQuarters = Array.from({ length: quarters }, (_, point) => strideOf(usual.batchSize) * (point + 1))
  return {
    name: `two shuffled epochs, S = ${batchSize}`,
    sampling: 'shuffled-epochs',
    hyperparameters,
    asksDistance: false,
    reference: world.reference,
    required: true,
    theories: [
      ...world.theories
        .filter(({ name }) => [...spoken, 'noise at the minimum', 'shuffled epochs'].includes(name))
        .map((theory) => ownWord(theory, world.steps)),
      ...(batchSize === usual.batchSize
        ? []
        : [
            {
              name: 'as the default',
              title: `the batch size leaves c over two epochs alone: as at S = ${usual.batchSize}`,
              source: 'the exact law of shuffled epochs there',
              // its fit does not see the unit of steps
              curve: curveFromRest(shuffledEpochsTheory(atMinimum, usual, { exampleCount }), usualQuarters)!,
            },
          ]),
    ],
    steps: world.steps,
    exponentMargin,
    spreadOfLogs: world.spreadOfLogs,
    runs: {
      name: 'paths from rest',
      seed: seedFor(stream),
      looks,
      stepsPerReplica: pathsPerReplica * world.steps.at(-1)!,
      samplesPerReplica: pathsPerReplica,
      runReplica: (replica) => ({
        squaredSpeed: Number.NaN,
        curve: world.meanPath(replica * pathsPerReplica, (replica + 1) * pathsPerReplica),
      }),
    },
  }
}

export const sweep: Suite<SweepSetting> = {
  settings: [
    moved({}, { stream: 370, paths: 7500, speedSteps: 3.7e5 }),
    moved({ learningRate: 0.1 }, { stream: 371, paths: 7500, speedSteps: 1.8e6 }),
    moved({ momentum: 0.8 }, { stream: 372, paths: 7500, speedSteps: 3.4e6 }),
    moved({ momentum: 0.95 }, { stream: 373, paths: 7500, speedSteps: 7.4e5 }),
    moved({ batchSize: 4 }, { stream: 374, paths: 7500, speedSteps: 3.7e5 }),
    twoEpochs(4, { stream: 375, paths: 8200 }),
    twoEpochs(16, { stream: 376, paths: 6700 }),
    twoEpochs(80, { stream: 377, paths: 12500 }),
  ],
  ledger: specLedger,
  mutants: [],
}
