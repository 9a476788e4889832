import type {
  Hyperparameters,
  ModeSpectrum,
  PhasePoint,
  SamplingScheme,
  TrajectorySource,
} from '../../foundation/phase-space.ts'
import { type RegressionProblem, spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import { relaxationsPerReplica } from '../../harness/evidence/mean-power.ts'
import type { Experiment, Setting } from '../../harness/hypothesis.ts'
import type { MeanRecord, StationaryRecord } from '../../observables/index.ts'
import { type Memory, memoryOf } from '../../oracle/autocorrelation.ts'
import { discreteTheory } from '../../oracle/discrete.ts'
import { displacedSpread } from '../../oracle/displaced-spread.ts'
import { equation19, equation19AsPrinted } from '../../oracle/equation-19.ts'
import { langevinTheory } from '../../oracle/langevin.ts'
import type { DrivingNoise } from '../../oracle/quadratic-spread.ts'
import { ballisticTheory, brownianTheory } from '../../oracle/rivals/brownian.ts'
import { firstOrderTheory } from '../../oracle/rivals/first-order.ts'
import { gradientFlowTheory } from '../../oracle/rivals/gradient-flow.ts'
import { linearScalingTheory } from '../../oracle/rivals/linear-scaling.ts'
import { noMomentumTheory } from '../../oracle/rivals/no-momentum.ts'
import { originalLossTheory } from '../../oracle/rivals/original-loss.ts'
import { ultraSlowTheory } from '../../oracle/rivals/ultra-slow.ts'
import { shuffledEpochsTheory } from '../../oracle/shuffled-epochs.ts'
import type { Theory } from '../../oracle/theory.ts'
import { type EnsembleStart, regressionSource } from '../../sim/index.ts'
import { cloudAtMinimum, referenceFor } from './reference.ts'
import { type MeanJob, type ReplicaExperiment, replicaRunner, type StationaryJob } from './replica.ts'

/** What hypotheses about time means know: chains that are simulated here, or were recorded elsewhere. */
export interface StationarySetting extends Setting {
  readonly sampling: SamplingScheme
  readonly theories: readonly Theory[]
  readonly problem: Pick<RegressionProblem, 'eigenvalues' | 'noiseVariance'>
  readonly hyperparameters: Hyperparameters
  /** Correlations are counted in samples: steps, or recorded rows. */
  readonly memory: Memory
  readonly noise: DrivingNoise
  readonly stationary: Experiment<StationaryRecord>
  /** Neighbouring modes that a replica outlives, in up to three bins; then the rest in one. */
  readonly bins: readonly Bin[]
  /** Why stationary variances cannot be answered here. */
  readonly varianceRefusal?: string
  /** Margin of speed and energies, relative; absent: the hypothesis' own. */
  readonly pooledMargin?: number
}

/**
 * Linear regression as a setting: one problem, one set of hyperparameters, one sampling scheme, and the trajectories that
 * its hypotheses are measured on.
 */
export interface RegressionSetting extends StationarySetting {
  readonly problem: RegressionProblem
  readonly stationary: ReplicaExperiment<StationaryRecord>
  /** Chains of this setting that start from its reference's stationary law. */
  readonly stationarySource: (seed: number) => TrajectorySource
  /** Chains of this setting from a known start. */
  readonly sourceFrom: (start: EnsembleStart, seed: number) => TrajectorySource
  /** Lags of E‖Δ_t‖² that the stationary experiment records. */
  readonly lags: readonly number[]
  /** Windows of E‖Δ_t‖² start at multiples of this many steps: an epoch, or often enough. */
  readonly windowStride: number
  readonly displaced: DisplacedExperiment
}

/** Modes first…last−1, by descending eigenvalue. */
export interface Bin {
  readonly first: number
  readonly last: number
  /** Whether a replica is long enough to forget where these modes started. */
  readonly outlived: boolean
}

export interface DisplacedExperiment extends ReplicaExperiment<MeanRecord> {
  /** The start, summed over outputs. // [mode] */
  readonly start: PhasePoint
  readonly modes: readonly number[]
  /** Ascending; the record holds // [mode, step] */
  readonly steps: readonly number[]
  /** Expected variance of a replica. // [mode, step] */
  readonly variance: PhasePoint
}

export interface RegressionSettingOptions {
  readonly sampling: SamplingScheme
  /** Whether the gradient noise depends on the state, as in SGD, or is frozen at the minimum. */
  readonly noise?: 'state-dependent' | 'frozen'
  readonly seed: number
  /** Steps that the stationary experiment may simulate, over all replicas. */
  readonly stepsBudget: number
  readonly varianceRefusal?: string
  readonly pooledMargin?: number
}

const stationaryLooks = [64, 128]
/** Rare enough that the compiled loop runs many steps at a stretch, which is what makes it fast. */
const usualStride = 32
/** Longest displaced trajectory, in steps. */
const displacedReach = 2000
/** Most steps that the displaced experiment may simulate, over all replicas, unless 512 replicas need more. */
const displacedBudget = 1e6
/** Displaced modes start this many stationary standard deviations out: far enough that the noise already there is small. */
const displacement = 100

export function regressionSetting(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  options: RegressionSettingOptions,
): RegressionSetting {
  const { sampling, stepsBudget } = options
  const frozen = options.noise === 'frozen'
  const shuffled = sampling === 'shuffled-epochs'
  const voices = theoriesFor(problem, hyperparameters, sampling, frozen)
  const memory = memoryOf(problem.eigenvalues, hyperparameters)

  const windowStride = shuffled ? Math.ceil(problem.exampleCount / hyperparameters.batchSize) : usualStride
  const replicas = stationaryLooks[stationaryLooks.length - 1]!
  // at least an epoch to forget the start in, and two to measure
  const stepsPerReplica = Math.max(10, 4 * (windowStride - 1), Math.floor(stepsBudget / replicas))
  const burnIn = Math.ceil(stepsPerReplica / 5 / windowStride) * windowStride
  const longest = Math.max(2, Math.floor((stepsPerReplica - burnIn) / relaxationsPerReplica))
  const lags = shuffled ? logSpaced(longest, 16) : inStride(logSpaced(longest, 16), windowStride)
  const common = { sampling, ...(frozen ? { noise: 'frozen' as const } : {}) }

  const cloud = cloudAtMinimum(problem, voices.startCovariance)
  const sourceFrom = (start: EnsembleStart, seed: number): TrajectorySource =>
    regressionSource(problem, hyperparameters, { ...common, seed, start })
  const job: StationaryJob = {
    kind: 'stationary',
    problem,
    hyperparameters,
    source: { ...common, seed: options.seed, start: cloud },
    steps: stepsPerReplica,
    observe: { burnIn, lags, correlationLags: [], stride: windowStride },
  }
  const stationary: ReplicaExperiment<StationaryRecord> = {
    name: 'stationary',
    seed: options.seed,
    looks: stationaryLooks,
    stepsPerReplica,
    samplesPerReplica: stepsPerReplica - burnIn,
    job,
    runReplica: replicaRunner(job),
  }

  return {
    name: frozen ? `${sampling}, frozen noise` : sampling,
    sampling,
    theories: voices.theories,
    reference: voices.reference,
    required: voices.required,
    problem,
    hyperparameters,
    memory,
    noise: {
      problem,
      batchSize: hyperparameters.batchSize,
      variances: noiseOfBatches(problem, hyperparameters, sampling),
      fromExamples: sampling !== 'gaussian',
    },
    stationary,
    stationarySource: (seed) => sourceFrom(cloud, seed),
    sourceFrom,
    lags,
    windowStride,
    displaced: displacedExperiment(problem, hyperparameters, memory, {
      ...common,
      seed: options.seed + 1,
      stepsBudget: Math.min(stepsBudget, displacedBudget),
    }),
    bins: binsOf(memory, stepsPerReplica),
    ...(options.varianceRefusal === undefined ? {} : { varianceRefusal: options.varianceRefusal }),
    ...(options.pooledMargin === undefined ? {} : { pooledMargin: options.pooledMargin }),
  }
}

/** Who speaks about this sampling scheme, whose word is nearest, and the stationary covariance to start from. */
function theoriesFor(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  sampling: SamplingScheme,
  frozen: boolean,
): { theories: Theory[]; reference: string; required: boolean; startCovariance: Float64Array } {
  const spectrum = spectrumOf(problem)
  const atMinimum = spectrumAtMinimum(problem)
  const discrete = discreteTheory(spectrum, hyperparameters)
  const atMinimumTheory: Theory = {
    ...discreteTheory(atMinimum, hyperparameters),
    name: 'noise at the minimum',
    title: "exact discrete SGD with additive noise, the data's own at θ = μ",
    source: 'stationary AR(2) in each mode, without Assumption 3',
  }
  // Rivals get the noise that the data have, so that what refutes them is their own claim and not Assumption 3.
  const likeNoise = sampling === 'gaussian' ? spectrum : atMinimum
  const rivals = rivalTheories(likeNoise, hyperparameters)
  const common = [langevinTheory(spectrum, hyperparameters), discrete]
  const { theory, startCovariance } = referenceFor(problem, hyperparameters, sampling)
  const voice = { reference: theory.name, startCovariance }
  if (sampling === 'gaussian') return { ...voice, theories: [...common, ...rivals], required: true }
  if (sampling === 'shuffled-epochs') {
    return { ...voice, theories: [...common, atMinimumTheory, theory, ...rivals], required: frozen }
  }
  const shuffledTheory = shuffledEpochsTheory(atMinimum, hyperparameters, { exampleCount: problem.exampleCount })
  return {
    ...voice,
    theories: [...common, atMinimumTheory, theory, shuffledTheory, ...rivals],
    required: !frozen,
  }
}

/** Who is wrong about SGD near its minimum, each in its own way. */
export function rivalTheories(spectrum: ModeSpectrum, hyperparameters: Hyperparameters): Theory[] {
  return [
    firstOrderTheory(spectrum, hyperparameters),
    noMomentumTheory(spectrum, hyperparameters),
    originalLossTheory(spectrum, hyperparameters),
    linearScalingTheory(spectrum, hyperparameters),
    gradientFlowTheory(spectrum, hyperparameters),
    brownianTheory(spectrum, hyperparameters),
    ballisticTheory(spectrum, hyperparameters),
    ultraSlowTheory(spectrum, hyperparameters),
    equation19(spectrum, hyperparameters),
    equation19AsPrinted(spectrum, hyperparameters),
    ...(hyperparameters.weightDecay > 0 ? [weightDecayIgnored(spectrum, hyperparameters)] : []),
  ]
}

function weightDecayIgnored(spectrum: ModeSpectrum, hyperparameters: Hyperparameters): Theory {
  return {
    ...discreteTheory(spectrum, { ...hyperparameters, weightDecay: 0 }),
    name: 'no weight decay',
    title: 'exact discrete SGD with λ = 0',
    source: 'the same law with weight decay ignored',
  }
}

/** Var ε_l of one batch. // [mode] */
function noiseOfBatches(
  problem: RegressionProblem,
  { batchSize }: Hyperparameters,
  sampling: SamplingScheme,
): Float64Array {
  const { eigenvalues, noiseVariances } = sampling === 'gaussian' ? spectrumOf(problem) : spectrumAtMinimum(problem)
  return noiseVariances.map((noise, l) => (noise * eigenvalues[l]!) / batchSize)
}

function displacedExperiment(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  memory: Memory,
  { stepsBudget, ...options }: { sampling: SamplingScheme; noise?: 'frozen'; seed: number; stepsBudget: number },
): DisplacedExperiment {
  const { modeCount, outputCount } = problem
  // Modes that decay within reach: the steepest, the flattest and the one between.
  const reachable = memory.relaxationSteps.findIndex((relaxation) => 3 * relaxation > displacedReach)
  const count = Math.max(1, reachable === -1 ? modeCount : reachable)
  const modes = [...new Set([0, Math.floor((count - 1) / 2), count - 1])]
  const slowest = Math.max(...modes.map((l) => memory.relaxationSteps[l]!), 1 / (1 - hyperparameters.momentum))
  const last = Math.min(displacedReach, Math.ceil(3 * slowest))
  // Dense where inertia shows, sparse where the mode has relaxed.
  const steps = [...new Set(Array.from({ length: 61 }, (_, j) => Math.round(last * (j / 60) ** 2)))]
  const replicas = 2 ** Math.max(9, Math.min(14, Math.floor(Math.log2(stepsBudget / last))))

  const spread = discreteTheory(spectrumOf(problem), hyperparameters).predictions.positionVariance!()
  const start = { position: new Float64Array(modeCount), velocity: new Float64Array(modeCount) }
  for (const l of modes) start.position[l] = displacement * Math.sqrt(spread[l]!)
  const perOutput = new Float64Array(modeCount * outputCount)
  for (let o = 0; o < outputCount; o++)
    perOutput.set(
      start.position.map((x) => x / outputCount),
      o * modeCount,
    )

  const job: MeanJob = {
    kind: 'mean',
    problem,
    hyperparameters,
    source: { ...options, start: { position: perOutput, velocity: new Float64Array(modeCount * outputCount) } },
    steps: last,
    observe: { steps, modes },
  }
  const fromExamples = options.sampling !== 'gaussian' && options.noise !== 'frozen'
  return {
    name: 'displaced',
    seed: options.seed,
    looks: [replicas / 8, replicas / 2, replicas],
    stepsPerReplica: last,
    samplesPerReplica: 1,
    start,
    modes,
    steps,
    variance: displacedSpread(problem, hyperparameters, start, modes, steps, fromExamples),
    job,
    runReplica: replicaRunner(job),
  }
}

/** Up to three bins of equal size among the modes that a replica outlives, then one of the rest. */
function binsOf({ relaxationSteps }: Memory, stepsPerReplica: number): Bin[] {
  const modeCount = relaxationSteps.length
  const slow = relaxationSteps.findIndex((relaxation) => relaxation * relaxationsPerReplica > stepsPerReplica)
  const answerable = slow === -1 ? modeCount : slow
  const bins: Bin[] = []
  const binCount = Math.min(3, answerable)
  for (let b = 0; b < binCount; b++) {
    const [first, last] = [b, b + 1].map((edge) => Math.floor((edge * answerable) / binCount)) as [number, number]
    bins.push({ first, last, outlived: true })
  }
  if (answerable < modeCount) bins.push({ first: answerable, last: modeCount, outlived: false })
  return bins
}

/** Long lags rounded to whole strides, so that windows end where others begin. */
function inStride(lags: readonly number[], stride: number): number[] {
  return [...new Set(lags.map((lag) => (lag <= stride ? lag : Math.round(lag / stride) * stride)))]
}

/** About `count` distinct integers from 1 to `last`, evenly on the log scale. */
function logSpaced(last: number, count: number): number[] {
  return [...new Set(Array.from({ length: count }, (_, j) => Math.round(last ** (j / (count - 1)))))]
}
