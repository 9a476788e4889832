import type { RecordedTrajectory } from '../../foundation/formats/recorded-trajectory.ts'
import type { Hyperparameters, ModeSpectrum } from '../../foundation/phase-space.ts'
import { relaxationsPerReplica } from '../../harness/evidence/mean-power.ts'
import type { Experiment } from '../../harness/hypothesis.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { memoryOf } from '../../oracle/autocorrelation.ts'
import { discreteTheory } from '../../oracle/discrete.ts'
import { langevinTheory } from '../../oracle/langevin.ts'
import type { OutputNoise } from '../../oracle/quadratic-spread.ts'
import { shuffledEpochsTheory } from '../../oracle/shuffled-epochs.ts'
import { shuffledTwoTimeExcess } from '../../oracle/shuffled-epochs-two-time.ts'
import type { PhaseBlocks, SecondOrderLaw, Theory } from '../../oracle/theory.ts'
import { anomalousExponent } from '../hypotheses/anomalous-exponent.ts'
import { constantSpeed } from '../hypotheses/constant-speed.ts'
import { globalDisplacement } from '../hypotheses/global-displacement.ts'
import { isotropy } from '../hypotheses/isotropy.ts'
import { meanTrajectory } from '../hypotheses/mean-trajectory.ts'
import { rotation } from '../hypotheses/rotation.ts'
import { velocityCorrelation } from '../hypotheses/velocity-correlation.ts'
import { velocityShape } from '../hypotheses/velocity-shape.ts'
import { rivalTheories, type StationarySetting } from '../regression/setting.ts'
import { type RecordedChain, recordedChain, squaresOfLast } from './chain.ts'
import { type RowCorrelations, rowCorrelations } from './row-correlations.ts'
import type { ReadSettings, RecordedSettings } from './settings.ts'
import { recordedSpectrum } from './spectrum.ts'
import { type EpochMemory, type Window, windowOf } from './window.ts'

/** A trajectory from elsewhere as a setting: its theories say what is expected of its very rows, given its starts. */
export interface RecordedSetting extends StationarySetting {
  readonly theories: readonly RecordedTheory[]
  readonly recorded: Experiment<RecordedChain>
  /** Many chains are replicas; few are strung together to one long run. */
  readonly evidence: 'replicas' | 'long-run'
  /** Steps after the first row. // [row] */
  readonly steps: Float64Array
  /** Rows before it are left out. */
  readonly firstRow: number
  /** Steps from row to row, where they are alike. */
  readonly every?: number
  /** Steps from row to row on average. */
  readonly spacing: number
  /** Where each mode of the spectrum is recorded, −1 where it is not. // [mode] */
  readonly columns: Int32Array
  /** Z₀ of the recorded modes. // [mode, 4] */
  readonly start: PhaseBlocks
  readonly correlations: RowCorrelations
  /** Row lags that products of two rows are asked at, ascending. */
  readonly lags: readonly number[]
  /** Where stationarity is taken for granted, why. */
  readonly assumedStationary?: string
  /** Hypotheses that cannot be asked, and for want of what. */
  readonly limits: readonly Limit[]
  readonly notes: readonly string[]
  readonly settings: RecordedSettings
  readonly limitedBy: (hypothesis: string) => boolean
}

export interface RecordedTheory extends Theory {
  /** Absent: the theory speaks of the stationary state only. */
  readonly window?: Window
}

export interface Limit {
  readonly hypothesis: string
  readonly missing: string
}

export interface RecordedOptions {
  /** Of the file, without its path. */
  readonly name: string
  /** Rows left out at the start, beside the first. */
  readonly burnIn: number
  /** What --spectrum holds. */
  readonly spectrum?: Float64Array
}

/** Fewer chains do not know their own scatter as replicas. */
const fewestReplicas = 64
/** A run of fewer rows cannot be cut into batches at all. */
const fewestRows = 60
/** What is left of a start after so many relaxations, e^{−2·5}, is below every margin. */
export const relaxationsForgotten = 5
/** Where a window's expectation is this near the stationary one, theories of the stationary state may speak of it. */
const nearlyStationary = 0.01

/**
 * Everything that is known of a recorded trajectory before its rows are looked at.
 *
 * @throws RangeError in one line for settings that are missing or that no theory speaks of, and for too few rows
 */
export function recordedSetting(
  trajectory: RecordedTrajectory,
  { settings, replaced, ourGaussianNoise }: ReadSettings,
  { name, burnIn, spectrum: listed }: RecordedOptions,
): RecordedSetting {
  const { chainCount, rowCount } = trajectory
  const { learningRate, momentum } = settings
  if (learningRate === undefined) throw new RangeError('learningRate: needed: neither the file nor --settings gives it')
  if (momentum === undefined) throw new RangeError('momentum: needed: neither the file nor --settings gives it')
  const firstRow = 1 + burnIn
  const keptRows = rowCount - firstRow
  const evidence = chainCount >= fewestReplicas ? 'replicas' : 'long-run'
  if (keptRows < 1 || (evidence === 'long-run' && keptRows * chainCount < fewestRows)) {
    throw new RangeError(
      `${name}: too few rows: ${chainCount} × ${rowCount} leave ${Math.max(0, keptRows) * chainCount} after the start${burnIn > 0 ? ` and a burn-in of ${burnIn}` : ''}, at least ${evidence === 'long-run' ? `${fewestRows} (or ${fewestReplicas} chains)` : `1 a chain`} are needed`,
    )
  }
  const sampling = settings.sampling ?? 'with-replacement'
  const { eigenvalues, columns, whole, noiseVariances, nullModes } = recordedSpectrum(trajectory, settings, listed)
  const noiseKnown =
    settings.batchSize !== undefined && (settings.noiseVariance !== undefined || noiseVariances !== undefined)
  const hyperparameters: Hyperparameters = {
    learningRate,
    momentum,
    weightDecay: settings.weightDecay ?? 0,
    batchSize: settings.batchSize ?? 1,
  }
  const sigma2 = settings.noiseVariance ?? (noiseVariances ? weightedMean(noiseVariances, eigenvalues) : 1)
  const assumption3: ModeSpectrum = { eigenvalues, noiseVariances: new Float64Array(eigenvalues.length).fill(sigma2) }
  const thinning = thinningOf(settings)
  const likeNoise: ModeSpectrum =
    sampling === 'gaussian' || sampling === 'student-t' || noiseVariances === undefined
      ? assumption3
      : { eigenvalues, noiseVariances: noiseVariances.map((noise) => noise * thinning) }
  const voices = voicesOf(assumption3, likeNoise, hyperparameters, settings, trajectory.steps[0]!)

  const steps = trajectory.steps.map((step) => step - trajectory.steps[0]!)
  const every = evenSpacing(steps)
  const spacing = steps[rowCount - 1]! / (rowCount - 1)
  const relaxation = memoryOf(eigenvalues, hyperparameters).relaxationSteps
  const start = recordedStart(trajectory, columns)
  const others = otherStarts(trajectory, settings, columns)
  const lags = every === undefined ? [] : rowLags(every, momentum, rowCount - firstRow)
  const unweighed = !noiseKnown && start.some((z) => z !== 0)
  const rows = {
    steps,
    ...(every === undefined ? {} : { every }),
    first: firstRow,
    end: rowCount,
    lags,
  }
  const startFor = (stationary: PhaseBlocks | undefined): PhaseBlocks | undefined => {
    const filled = start.slice()
    for (const [mode, column] of columns.entries()) {
      if (column !== -1) continue
      const from = others === 'stationary' || others === 'unknown' ? stationary : others
      if (from === undefined) return undefined
      filled.set(from.subarray(4 * mode, 4 * mode + 4), 4 * mode)
    }
    return filled
  }
  const windows = voices.map((voice): RecordedVoice => {
    const from = startFor(voice.stationary)
    const window = unweighed || from === undefined ? undefined : windowOf(voice.theory, from, rows, voice.memory)
    return { ...voice, ...(window && { window }) }
  })
  const referenceVoice = windows.find(({ isReference }) => isReference)!
  const assumedStationary = unweighed
    ? 'without the noise, what is left of the start cannot be weighed against it: rows are taken to be stationary'
    : referenceVoice.window === undefined
      ? 'the first row is not at the start of an epoch: rows are taken to be stationary'
      : undefined
  const settled = settledModes(referenceVoice, rowCount)
  const theories = windows.map((voice) => recordedTheory(voice, rowCount, learningRate, settled))

  const limits: Limit[] = []
  const limit = (missing: string, ...hypotheses: readonly string[]): void => {
    for (const hypothesis of hypotheses) limits.push({ hypothesis, missing })
  }
  const missingNoise = settings.batchSize === undefined ? 'batchSize' : 'noiseVariance or noiseVariances'
  if (!noiseKnown) {
    limit(missingNoise, constantSpeed.id, isotropy.id, velocityShape.id, globalDisplacement.id, anomalousExponent.id)
    limit(missingNoise, rotation.id)
  }
  if (!whole) limit('spectrum, of every mode that moves', constantSpeed.id, globalDisplacement.id, anomalousExponent.id)
  if (trajectory.globalDisplacement === undefined && evidence === 'replicas') {
    limit('tensor global_displacement', globalDisplacement.id, anomalousExponent.id)
  }
  if (others === 'unknown')
    limit('start, of the modes that are not recorded', globalDisplacement.id, anomalousExponent.id)
  if (others === 'unknown' && burnIn === 0) {
    limit('start, of the modes that are not recorded (or --burn-in)', constantSpeed.id)
  }
  if (evidence === 'long-run') limit(`${fewestReplicas} chains`, anomalousExponent.id, meanTrajectory.id)
  if (every === undefined) limit('rows at even distances', velocityCorrelation.id, rotation.id)
  else if (every !== 1) limit('every row (every = 1)', rotation.id)
  if (referenceVoice.window === undefined && !unweighed) {
    limit('a first row at the start of an epoch', globalDisplacement.id, anomalousExponent.id, meanTrajectory.id)
  }
  if (referenceVoice.window === undefined && referenceVoice.memory !== 'none') {
    if (unweighed) limit(missingNoise, velocityCorrelation.id)
    else limit('a first row at the start of an epoch', velocityCorrelation.id, rotation.id)
  }
  const notes = [
    ...replaced,
    ...(settings.sampling === undefined ? ['sampling is not given: batches are taken to be independent'] : []),
    ...(settings.weightDecay === undefined ? ['weightDecay is not given: taken to be 0'] : []),
    ...(sampling === 'without-replacement' && settings.exampleCount === undefined
      ? ['exampleCount is not given: the noise is taken to be that of batches with replacement']
      : []),
    ...(sampling === 'shuffled-epochs' && settings.exampleCount === undefined
      ? ['exampleCount is not given: shuffling is not predicted, and independent batches are held against it']
      : []),
    ...(sampling !== 'gaussian' && noiseKnown && noiseVariances === undefined
      ? ['noiseVariances are not given: Assumption 3, Σ = σ²H, is part of what is compared']
      : []),
    ...(sampling === 'gaussian' || sampling === 'student-t'
      ? []
      : ['the exact mini-batch theory is not asked: it needs the data set itself, a spectrum is not enough']),
    ...(nullModes > 0 ? [`${nullModes} recorded modes have no curvature and are not judged`] : []),
    ...(assumedStationary === undefined ? [] : [assumedStationary]),
    ...(others === 'unknown' && burnIn > 0
      ? ['modes that are not recorded are taken to be stationary after the burn-in']
      : []),
  ]

  const chains = new Map<number, RecordedChain>()
  const shape = { learningRate, modeCount: eigenvalues.length, columns, firstRow, squares: squaresOfLast() }
  const runReplica = (chain: number): RecordedChain => {
    const known = chains.get(chain)
    if (known) return known
    const read = recordedChain(trajectory, chain, shape)
    chains.set(chain, read)
    return read
  }
  const experiment = {
    name: 'recorded',
    ...(settings.seed === undefined ? {} : { seed: settings.seed }),
    looks: [chainCount],
    stepsPerReplica: steps[rowCount - 1]!,
    samplesPerReplica: keptRows,
  }
  const stationary: Experiment<StationaryRecord> = { ...experiment, runReplica: (chain) => runReplica(chain).mean }
  const correlations = rowCorrelations(
    referenceVoice.theory.law ?? withStationary(discreteTheory(likeNoise, hyperparameters).law!, referenceVoice.theory),
    spacing,
    keptRows,
    referenceVoice.memory,
  )
  return {
    name,
    sampling,
    theories,
    reference: referenceVoice.theory.name,
    required: ourGaussianNoise && sampling === 'gaussian',
    problem: { eigenvalues, noiseVariance: sigma2 },
    hyperparameters,
    memory: {
      relaxationSteps: relaxation,
      positionSteps: correlations.positionRows,
      velocitySteps: correlations.velocityRows,
    },
    noise: {
      fromExamples: false,
      problem: outputNoise(trajectory, eigenvalues, columns),
      batchSize: hyperparameters.batchSize,
      variances: likeNoise.noiseVariances.map((noise, l) => (noise * eigenvalues[l]!) / hyperparameters.batchSize),
    },
    stationary,
    bins: [...columns.keys()].flatMap((mode) =>
      columns[mode] === -1
        ? []
        : [
            {
              first: mode,
              last: mode + 1,
              outlived: relaxation[mode]! * relaxationsPerReplica <= steps[rowCount - 1]!,
            },
          ],
    ),
    ...(sampling === 'student-t' && (settings.noiseVariance !== undefined || noiseVariances !== undefined)
      ? { varianceRefusal: 'heavy tails: fourth moments of Student-t noise need not exist' }
      : {}),
    recorded: { ...experiment, runReplica },
    evidence,
    steps,
    firstRow,
    ...(every === undefined ? {} : { every }),
    spacing,
    columns,
    start,
    correlations,
    lags,
    ...(assumedStationary === undefined ? {} : { assumedStationary }),
    limits,
    notes,
    settings,
    limitedBy: (hypothesis) => limits.some((one) => one.hypothesis === hypothesis),
  }
}

interface Voice {
  readonly theory: Theory
  readonly isReference: boolean
  /** Of the noise: what one step tells of another. */
  readonly memory: EpochMemory | 'none'
  /** Its stationary second moments at a chain's start. // [mode, 4] */
  readonly stationary?: PhaseBlocks
}

type RecordedVoice = Voice & { readonly window?: Window }

/** Who speaks about this sampling, the nearest to the truth among them. */
function voicesOf(
  assumption3: ModeSpectrum,
  likeNoise: ModeSpectrum,
  hyperparameters: Hyperparameters,
  { sampling, exampleCount }: RecordedSettings,
  firstStep: number,
): Voice[] {
  const voice = (theory: Theory, isReference: boolean): Voice => ({
    theory,
    isReference,
    memory: 'none',
    ...(theory.law && { stationary: theory.law.stationary }),
  })
  const shuffling =
    exampleCount === undefined || hyperparameters.batchSize >= exampleCount ? undefined : { exampleCount }
  const shuffled = shuffling && shuffledEpochsTheory(likeNoise, hyperparameters, shuffling)
  const isShuffled = sampling === 'shuffled-epochs' && shuffled !== undefined
  const ownNoise = likeNoise !== assumption3
  const atMinimum: Theory = {
    ...discreteTheory(likeNoise, hyperparameters),
    name: 'noise at the minimum',
    title: "exact discrete SGD with additive noise, the data's own at θ = μ",
    source: 'stationary AR(2) in each mode, without Assumption 3',
  }
  return [
    voice(langevinTheory(assumption3, hyperparameters), false),
    voice(discreteTheory(assumption3, hyperparameters), !isShuffled && !ownNoise),
    ...(ownNoise ? [voice(atMinimum, !isShuffled)] : []),
    ...(shuffled && shuffling
      ? [
          {
            theory: firstStep % shuffled.epochSteps === 0 ? shuffled : withoutTransient(shuffled),
            isReference: isShuffled,
            memory: {
              epochSteps: shuffled.epochSteps,
              excess: shuffledTwoTimeExcess(likeNoise, hyperparameters, shuffling),
            },
            stationary: shuffled.epochEnd,
          },
        ]
      : []),
    ...rivalTheories(likeNoise, hyperparameters).map((theory) => voice(theory, false)),
  ]
}

/** How a law goes on from the stationary moments of another theory. */
function withStationary(law: SecondOrderLaw, { predictions }: Theory): SecondOrderLaw {
  const positions = predictions.positionVariance!()
  const velocities = predictions.velocityVariance!()
  const across = predictions.positionVelocityCovariance!()
  const stationary = new Float64Array(4 * positions.length)
  for (const [l, x] of positions.entries()) stationary.set([x, across[l]!, across[l]!, velocities[l]!], 4 * l)
  return { ...law, stationary }
}

/** A theory of epochs knows nothing of rows whose place in an epoch is not known. */
function withoutTransient(theory: Theory): Theory {
  const { meanTrajectory: _, covarianceAtStep: __, ...predictions } = theory.predictions
  return { ...theory, predictions }
}

/** Of batches drawn without replacement, each alone. */
function thinningOf({ sampling, exampleCount, batchSize }: RecordedSettings): number {
  if (sampling !== 'without-replacement' || exampleCount === undefined || batchSize === undefined) return 1
  return Math.max(0, exampleCount - batchSize) / (exampleCount - 1)
}

/** Modes whose window the reference expects to be as in the stationary state. // [mode] */
function settledModes({ theory, window }: RecordedVoice, rowCount: number): boolean[] {
  const positions = theory.predictions.positionVariance!()
  const velocities = theory.predictions.velocityVariance!()
  if (window === undefined) return Array.from(positions, () => true)
  const average = window.average(rowCount)
  const near = (value: number, stationary: number): boolean => Math.abs(value / stationary - 1) < nearlyStationary
  return Array.from(positions, (x, l) => near(average[4 * l]!, x) && near(average[4 * l + 3]!, velocities[l]!))
}

/** A theory that speaks of the window's rows; NaN where it cannot. */
function recordedTheory(
  { theory, window }: RecordedVoice,
  rowCount: number,
  learningRate: number,
  settled: readonly boolean[],
): RecordedTheory {
  const { predictions } = theory
  if (window !== undefined) {
    const entry = (offset: number): Float64Array => {
      const average = window.average(rowCount)
      return Float64Array.from({ length: average.length / 4 }, (_, l) => average[4 * l + offset]!)
    }
    return {
      ...theory,
      window,
      predictions: {
        ...predictions,
        positionVariance: () => entry(0),
        velocityVariance: () => entry(3),
        positionVelocityCovariance: () => entry(1),
        localDisplacement: () => learningRate ** 2 * entry(3).reduce((sum, v) => sum + v, 0),
      },
    }
  }
  const { positionVariance, velocityVariance, localDisplacement, ...others } = predictions
  const ifSettled = (values: Float64Array): Float64Array => values.map((value, l) => (settled[l] ? value : Number.NaN))
  return {
    ...theory,
    predictions: {
      ...others,
      ...(positionVariance && { positionVariance: () => ifSettled(positionVariance()) }),
      ...(velocityVariance && { velocityVariance: () => ifSettled(velocityVariance()) }),
      ...(localDisplacement && {
        localDisplacement: () => (settled.every(Boolean) ? localDisplacement() : Number.NaN),
      }),
    },
  }
}

/** Z₀ of each recorded mode: products in the first row, summed over outputs, mean over chains. // [mode, 4] */
function recordedStart(
  { position, velocity, chainCount, rowCount, outputCount, modeCount }: RecordedTrajectory,
  columns: Int32Array,
): PhaseBlocks {
  const start = new Float64Array(4 * columns.length)
  for (let chain = 0; chain < chainCount; chain++) {
    for (let output = 0; output < outputCount; output++) {
      const from = (chain * rowCount * outputCount + output) * modeCount
      for (const [mode, column] of columns.entries()) {
        if (column === -1) continue
        const [x, v] = [position[from + column]!, velocity[from + column]!]
        for (const [at, product] of [x * x, x * v, v * x, v * v].entries()) {
          start[4 * mode + at]! += product / chainCount
        }
      }
    }
  }
  return start
}

/** Where the modes start that are not recorded: blocks, the stationary law, or who knows. */
function otherStarts(
  { minimum, outputCount }: RecordedTrajectory,
  { start }: RecordedSettings,
  columns: Int32Array,
): PhaseBlocks | 'stationary' | 'unknown' {
  const blocks = new Float64Array(4 * columns.length)
  if (!columns.includes(-1) || start === 'minimum') return blocks
  if (start === 'stationary') return start
  if (start === undefined || minimum === undefined || minimum.length !== outputCount * columns.length) return 'unknown'
  for (let at = 0; at < minimum.length; at++) blocks[4 * (at % columns.length)]! += minimum[at]! ** 2
  return blocks
}

/** How the outputs share the noise: as the recorded velocities do, which scatters alike in all modes. */
function outputNoise(
  { velocity, outputCount, modeCount }: RecordedTrajectory,
  eigenvalues: Float64Array,
  columns: Int32Array,
): OutputNoise {
  if (outputCount === 1) {
    return { outputCount, residualCovariance: new Float64Array([1]), noiseVariance: 1 }
  }
  const covariance = new Float64Array(outputCount ** 2)
  const width = outputCount * modeCount
  for (let row = 0; row < velocity.length; row += width) {
    for (const [mode, column] of columns.entries()) {
      if (column === -1) continue
      for (let o = 0; o < outputCount; o++) {
        const v = velocity[row + o * modeCount + column]! / eigenvalues[mode]!
        for (let p = 0; p <= o; p++) covariance[o * outputCount + p]! += v * velocity[row + p * modeCount + column]!
      }
    }
  }
  let trace = 0
  for (let o = 0; o < outputCount; o++) {
    trace += covariance[o * outputCount + o]!
    for (let p = 0; p < o; p++) covariance[p * outputCount + o] = covariance[o * outputCount + p]!
  }
  return { outputCount, residualCovariance: covariance, noiseVariance: trace }
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0
  let total = 0
  for (let l = 0; l < values.length; l++) {
    sum += values[l]! * weights[l]!
    total += weights[l]!
  }
  return sum / total
}

function evenSpacing(steps: Float64Array): number | undefined {
  const every = steps[1]!
  return steps.every((step, row) => step === row * every) ? every : undefined
}

/** One row, and about the velocity's memory if rows are nearer than that. */
function rowLags(every: number, momentum: number, keptRows: number): number[] {
  const memory = Math.round(1 / (1 - momentum) / every)
  return [...new Set([1, memory])].filter((lag) => lag >= 1 && 4 * lag < keptRows)
}
