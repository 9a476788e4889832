import type { NetworkMode, NetworkRun } from '../../foundation/network-results.ts'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { estimateLongRun } from '../../harness/index.ts'
import { observeSpectrum } from '../../observables/index.ts'
import { frequencyBands } from '../frequency-bands.ts'
import { exponentSpread } from './exponent-spread.ts'
import type { BatchOrder } from './follow-mode.ts'
import { type ModeAmplitudes, type ModeWindow, meanFrequency, modeWindows } from './mode-window.ts'
import {
  type ExponentFit,
  fitCurve,
  fittedSteps,
  type NetworkStart,
  speedByEquation18,
  stationaryTheory,
  stiffnessOf,
  type WindowCurves,
  windowCurves,
} from './network-predictions.ts'
import { type NetworkSpectrum, type NoiseModel, noiseModels } from './network-spectrum.ts'
import { equation18, windowTheory } from './network-theories.ts'

/** What a run recorded, as `readRecord` reads it. */
export interface RunRecord {
  readonly columns: readonly string[]
  readonly rowCount: number
  /** // [row, column] */
  readonly values: Float64Array
}

/** A run and how it was made. */
export interface RecordedRun {
  readonly label: string
  readonly seed: number
  readonly hyperparameters: Hyperparameters
  readonly order: BatchOrder
  readonly record: RunRecord
}

/** What is known of the network at the runs' start, and how their curves are read. */
export interface RunAnalysis {
  readonly spectrum: NetworkSpectrum
  readonly start: NetworkStart
  readonly fit: ExponentFit
  /** n, steps from the start that frequencies are of, rounded down to a power of two; absent: no frequencies. Cost n² a mode. */
  readonly spectrumPoints?: number
  /** Fits of this many first steps (Fig. 9); none if empty. */
  readonly exponentLengths: readonly number[]
  /** Numbers of modes drawn, from 1. */
  readonly drawnModes: readonly number[]
}

/** What one run of these settings is expected to show, the same for every seed. */
export interface RunPredictions {
  readonly steps: number
  readonly curves: Readonly<Record<NoiseModel, WindowCurves>>
  /** E‖δ‖² in the long run, where there is a stationary law. */
  readonly stationarySpeed: Readonly<Partial<Record<NoiseModel, number>>>
  /** // [mode] */
  readonly modes: readonly Readonly<Record<NoiseModel, ModeWindow>>[]
  /** Absent without frequencies. // [mode] */
  readonly amplitudes?: readonly Readonly<Record<NoiseModel, ModeAmplitudes>>[]
  readonly exponents: Readonly<Partial<Record<NoiseModel, { readonly value: number; readonly spread: number }>>>
}

/** Σ f|X(f)| and Σ |X(f)|. */
export interface FrequencySums {
  readonly position: readonly [weighted: number, total: number]
  readonly velocity: readonly [weighted: number, total: number]
}

/** What a run's claims are made of: its own numbers, and the series that a single run's intervals come from. */
export interface RunStatistics {
  /** ‖δ_k‖² and ‖Δ_k‖² at steps 0 … n. */
  readonly localDisplacement: Float64Array
  readonly globalDisplacement: Float64Array
  readonly exponent: number
  /** // [mode] */
  readonly modes: readonly ModeWindow[]
  /** Appendix H's two sums, whose quotient is the mean frequency; absent without frequencies. // [mode] */
  readonly frequencies?: readonly FrequencySums[]
  /** v² in each mode at steps 1 … n. // [mode][step] */
  readonly velocitySquares: readonly Float64Array[]
  /** Δ_k v_{k+1} − Δ_{k+1} v_k at steps k = 0 … n−1. // [mode][step] */
  readonly rotations: readonly Float64Array[]
  /** At the steps k < n where the full gradient was computed. */
  readonly virial: {
    readonly steps: readonly number[]
    readonly potential: Float64Array
    readonly kinetic: Float64Array
    /** βΔ_k·v_k − Δ_k·v_{k+1} */
    readonly kineticAndBoundary: Float64Array
  }
}

/** Points that a figure can show. */
const shown = 400
/** Frequencies that a figure can show. */
const shownFrequencies = 60
/** 95 % of a normal law. */
const likely = 1.96

/**
 * What a run is expected to show, by each noise model, from its start.
 *
 * Numbers may be infinite where η is too large for the mode: they are then left out of the run's report.
 */
export function predictRun(
  { hyperparameters, order, record }: Pick<RecordedRun, 'hyperparameters' | 'order' | 'record'>,
  { spectrum, start, fit, spectrumPoints }: RunAnalysis,
): RunPredictions {
  const steps = record.rowCount
  const curves = windowCurves(spectrum, start, hyperparameters, order, steps)
  const points = spectrumPoints === undefined ? undefined : pointsOf(spectrumPoints, steps)
  const windows = spectrum.top.map(({ eigenvalue }, mode) => {
    const from = { force: start.forces[mode]!, velocity: start.velocities?.[mode] ?? 0 }
    return modeWindows(stiffnessOf(eigenvalue, hyperparameters), from, hyperparameters, order, steps, points ?? 0)
  })
  const stationarySpeed: Partial<Record<NoiseModel, number>> = {}
  const exponents: Partial<Record<NoiseModel, { value: number; spread: number }>> = {}
  for (const model of noiseModels) {
    const speed = stationaryTheory(spectrum, model, hyperparameters, order)?.predictions.localDisplacement?.()
    if (speed !== undefined) stationarySpeed[model] = speed
    const curve = curves[model].globalDisplacement
    if (!fittedSteps(fit, steps).every((step) => curve[step]! > 0 && Number.isFinite(curve[step]))) continue
    exponents[model] = {
      value: fitCurve(curve, fit, steps).exponent,
      spread: exponentSpread(spectrum, model, start, hyperparameters, order, fit, steps, curve),
    }
  }
  const perModel = <T>(mode: number, of: (noise: number) => T): Record<NoiseModel, T> => ({
    proportional: of(spectrum.top[mode]!.noise.proportional),
    measured: of(spectrum.top[mode]!.noise.measured),
  })
  return {
    steps,
    curves,
    stationarySpeed,
    exponents,
    modes: windows.map((window, mode) => perModel(mode, window.moments)),
    ...(points === undefined ? {} : { amplitudes: windows.map((window, mode) => perModel(mode, window.amplitudes)) }),
  }
}

/**
 * Reads a run's record: its displacements, fits, modes and virial, as a report shows them with the predictions beside, and as
 * claims need them.
 *
 * @throws RangeError for a record without the columns of a tracked run, with other modes than the spectrum's, or fewer than 60
 *   steps
 */
export function analyseRun(
  run: RecordedRun,
  analysis: RunAnalysis,
  predictions: RunPredictions = predictRun(run, analysis),
): { readonly run: NetworkRun; readonly statistics: RunStatistics } {
  const { label, seed, hyperparameters, order, record } = run
  const { spectrum, start, fit, exponentLengths } = analysis
  const steps = record.rowCount
  if (steps < 60) throw new RangeError(`analyseRun: ${label} must have at least 60 steps, got ${steps}`)
  const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
  const recorded = record.columns.filter((name) => name.startsWith('position_') && name !== 'position_velocity')
  if (recorded.length !== spectrum.top.length) {
    throw new RangeError(
      `analyseRun: ${label} must have one position for each of ${spectrum.top.length} modes, got ${recorded.length}`,
    )
  }
  const column = (name: string, atStart: number): Float64Array => columnFromStart(run, name, atStart)
  const local = column('local_displacement', learningRate ** 2 * (start.velocitySquare ?? 0))
  const global = column('global_displacement', 0)
  const positionVelocity = column('position_velocity', 0)
  const positions = spectrum.top.map((_, mode) => column(`position_${mode + 1}`, 0))
  const velocities = spectrum.top.map((_, mode) => column(`velocity_${mode + 1}`, start.velocities?.[mode] ?? 0))

  const { exponent, prefactor } = fitCurve(global, fit, steps)
  const points = analysis.spectrumPoints === undefined ? undefined : pointsOf(analysis.spectrumPoints, steps)
  const spectra =
    points === undefined
      ? undefined
      : spectrum.top.map((_, mode) => spectrumOf(positions[mode]!, velocities[mode]!, points))
  const statistics: RunStatistics = {
    localDisplacement: local,
    globalDisplacement: global,
    exponent,
    modes: spectrum.top.map((_, mode) => momentsOf(positions[mode]!, velocities[mode]!)),
    ...(spectra === undefined ? {} : { frequencies: spectra.map(({ sums }) => sums) }),
    velocitySquares: velocities.map((values) => values.subarray(1).map((v) => v * v)),
    rotations: spectrum.top.map((_, mode) => rotationsOf(positions[mode]!, velocities[mode]!)),
    virial: virialOf(run, { local, positionVelocity }),
  }

  const blocks = Math.max(1, Math.ceil(steps / shown))
  const loss = blockMeans(column('loss', Number.NaN), blocks)
  const localBlocks = blockMeans(local, blocks)
  const window = (model: NoiseModel): string => windowTheory(order.sampling, model).name
  const shownSteps = thinned(steps)
  const fitted = fittedSteps(fit, steps)
  const lengths = exponentLengths.filter((length) => length <= steps && fittedSteps(fit, length).length >= 2)
  const fits = lengths.map((length) => fitCurve(global, fit, length))

  return {
    statistics,
    run: {
      label,
      seed,
      hyperparameters: { learningRate, momentum, weightDecay, batchSize },
      order: order.sampling,
      steps,
      localDisplacement: {
        last: local[steps]!,
        mean: meanOf(local.subarray(1)),
        blockLength: blocks,
        ...localBlocks,
        predicted: [
          { theory: equation18.name, value: speedByEquation18(spectrum.noiseTrace, hyperparameters) },
          ...noiseModels.map((model) => ({
            theory: window(model),
            value: mean(predictions.curves[model].localDisplacement.subarray(1)),
          })),
        ].filter(({ value }) => Number.isFinite(value)),
      },
      globalDisplacement: {
        steps: shownSteps,
        values: shownSteps.map((step) => global[step]!),
        fit: { from: fitted[0]!, to: fitted.at(-1)!, exponent, prefactor },
        predicted: noiseModels
          .map((model) => ({
            theory: window(model),
            values: shownSteps.map((step) => predictions.curves[model].globalDisplacement[step]!),
          }))
          .filter(({ values }) => values.every(Number.isFinite)),
        predictedExponents: noiseModels.flatMap((model) => {
          const predicted = predictions.exponents[model]
          if (predicted === undefined) return []
          const { value, spread } = predicted
          return [{ theory: window(model), value, low: value - likely * spread, high: value + likely * spread }]
        }),
      },
      ...(lengths.length === 0
        ? {}
        : {
            exponents: {
              lengths,
              measured: fits.map((line) => line.exponent),
              prefactors: fits.map((line) => line.prefactor),
              predicted: noiseModels
                .filter((model) => predictions.exponents[model] !== undefined)
                .map((model) => ({
                  theory: window(model),
                  values: lengths.map(
                    (length) => fitCurve(predictions.curves[model].globalDisplacement, fit, length).exponent,
                  ),
                })),
            },
          }),
      loss,
      modes: spectrum.top.map((_, mode) =>
        modeReport({
          mode,
          run,
          analysis,
          predictions,
          variance: { position: varianceOf(positions[mode]!), velocity: varianceOf(velocities[mode]!) },
          ...(spectra === undefined ? {} : { spectrum: spectra[mode]! }),
          trajectory: {
            steps: shownSteps,
            position: shownSteps.map((step) => positions[mode]![step]!),
            velocity: shownSteps.map((step) => velocities[mode]![step]!),
          },
        }),
      ),
    },
  }
}

interface ModeParts {
  readonly mode: number
  readonly run: RecordedRun
  readonly analysis: RunAnalysis
  readonly predictions: RunPredictions
  readonly variance: Pick<NonNullable<NetworkMode['variance']>, 'position' | 'velocity'>
  readonly spectrum?: ModeAmplitudes & { readonly sums: FrequencySums }
  readonly trajectory: NonNullable<NetworkMode['trajectory']>
}

function modeReport({ mode, run, analysis, predictions, variance, spectrum, trajectory }: ModeParts): NetworkMode {
  const { start, drawnModes } = analysis
  const stiffness = analysis.spectrum.top[mode]!.eigenvalue + run.hyperparameters.weightDecay
  const theory = (model: NoiseModel): string => windowTheory(run.order.sampling, model).name
  const windows = predictions.modes[mode]!
  const amplitudes = predictions.amplitudes?.[mode]
  const drawn = drawnModes.includes(mode + 1)
  const seen = amplitudes === undefined ? [] : noiseModels.filter((model) => moves(amplitudes[model]))
  return {
    mode: mode + 1,
    ...(stiffness > 0 ? { stationaryMean: -start.forces[mode]! / stiffness } : {}),
    variance: {
      ...variance,
      predicted: noiseModels
        .map((model) => ({
          theory: theory(model),
          position: windows[model].positionVariance,
          velocity: windows[model].velocityVariance,
        }))
        .filter(({ position, velocity }) => Number.isFinite(position + velocity)),
    },
    ...(drawn ? { trajectory } : {}),
    ...(spectrum === undefined
      ? {}
      : {
          frequency: {
            position: { value: quotient(spectrum.sums.position) },
            velocity: { value: quotient(spectrum.sums.velocity) },
            predicted: seen.map((model) => {
              const { frequencies, position, velocity } = amplitudes![model]
              return {
                theory: theory(model),
                position: meanFrequency(frequencies, position),
                velocity: meanFrequency(frequencies, velocity),
              }
            }),
          },
        }),
    ...(drawn && spectrum !== undefined
      ? {
          spectrum: {
            ...smoothed(spectrum),
            predicted: seen.map((model) => {
              const { position, velocity } = smoothed(amplitudes![model])
              return { theory: theory(model), position, velocity }
            }),
          },
        }
      : {}),
  }
}

/** Whether amplitudes are numbers, and not all zero: a mode may be without noise, or unstable. */
function moves({ position, velocity }: ModeAmplitudes): boolean {
  return [position, velocity].every((values) => values.every(Number.isFinite) && values.some((value) => value > 0))
}

/** The largest power of two that both settings and run allow. */
function pointsOf(wanted: number, steps: number): number {
  return 2 ** Math.floor(Math.log2(Math.min(wanted, steps)))
}

/** A column with the state before the first step in front. // [step] */
function columnFromStart({ label, record }: RecordedRun, name: string, atStart: number): Float64Array {
  const { columns, rowCount, values } = record
  const at = columns.indexOf(name)
  if (at === -1) throw new RangeError(`analyseRun: ${label} must have recorded ${name}, got ${columns.join(', ')}`)
  const column = new Float64Array(rowCount + 1)
  column[0] = atStart
  for (let row = 0; row < rowCount; row++) column[row + 1] = values[row * columns.length + at]!
  return column
}

function momentsOf(position: Float64Array, velocity: Float64Array): ModeWindow {
  return {
    positionVariance: aboutMean(position.subarray(1)),
    velocityVariance: aboutMean(velocity.subarray(1)),
    rotation: mean(rotationsOf(position, velocity)),
  }
}

function rotationsOf(position: Float64Array, velocity: Float64Array): Float64Array {
  return Float64Array.from(
    { length: position.length - 1 },
    (_, k) => position[k]! * velocity[k + 1]! - position[k + 1]! * velocity[k]!,
  )
}

/** Where the full gradient was computed, but for the last step, which has no next one. */
function virialOf(
  run: RecordedRun,
  { local, positionVelocity }: { readonly local: Float64Array; readonly positionVelocity: Float64Array },
): RunStatistics['virial'] {
  const { learningRate, momentum } = run.hyperparameters
  const all = run.record.columns.includes('virial') ? columnFromStart(run, 'virial', 0) : new Float64Array(0)
  const steps = Array.from(all.keys()).filter((k) => k > 0 && k < all.length - 1 && !Number.isNaN(all[k]))
  return {
    steps,
    potential: Float64Array.from(steps, (k) => all[k]!),
    kinetic: Float64Array.from(steps, (k) => (local[k + 1]! + momentum * local[k]!) / (2 * learningRate)),
    // Δ_k·v_{k+1} = Δ_{k+1}·v_{k+1} − η‖v_{k+1}‖²
    kineticAndBoundary: Float64Array.from(
      steps,
      (k) => momentum * positionVelocity[k]! - positionVelocity[k + 1]! + local[k + 1]! / learningRate,
    ),
  }
}

/** One run's amplitudes |X(f)| over its first steps 1 … n, and appendix H's two sums. */
function spectrumOf(
  position: Float64Array,
  velocity: Float64Array,
  points: number,
): ModeAmplitudes & { readonly sums: FrequencySums } {
  const { observer, record } = observeSpectrum(
    { modeCount: 1, outputCount: 1 },
    { burnIn: 1, pointCount: points, every: points },
  )
  for (let step = 1; step <= points; step++) {
    observer.observe(step, position.subarray(step, step + 1), velocity.subarray(step, step + 1))
  }
  const seen = record()
  return {
    frequencies: seen.frequencies,
    position: seen.position.power.map(Math.sqrt),
    velocity: seen.velocity.power.map(Math.sqrt),
    sums: {
      position: [seen.position.weightedAmplitude[0]!, seen.position.totalAmplitude[0]!],
      velocity: [seen.velocity.weightedAmplitude[0]!, seen.velocity.totalAmplitude[0]!],
    },
  }
}

/** Means over neighbouring frequencies, in bands of equal ratio. */
function smoothed({ frequencies, position, velocity }: ModeAmplitudes): {
  frequencies: number[]
  position: number[]
  velocity: number[]
} {
  const over = frequencyBands(frequencies, shownFrequencies)
  return { frequencies: over(frequencies), position: over(position), velocity: over(velocity) }
}

/** Means of so many steps each, at the blocks' ends; what is left over at the end is left out. */
function blockMeans(column: Float64Array, length: number): { steps: number[]; values: number[] } {
  const count = Math.floor((column.length - 1) / length)
  const steps = Array.from({ length: count }, (_, block) => (block + 1) * length)
  return { steps, values: steps.map((end) => mean(column.subarray(end - length + 1, end + 1))) }
}

/** At most 400 steps, the last one among them. */
function thinned(steps: number): number[] {
  const stride = Math.ceil(steps / shown)
  const first = steps % stride === 0 ? stride : steps % stride
  return Array.from({ length: Math.floor((steps - first) / stride) + 1 }, (_, i) => first + i * stride)
}

/** A time mean with its standard error from batches, where the run is long enough to know it. */
function meanOf(values: Float64Array): { value: number; standardError?: number } {
  const { estimate, tooShort } = estimateLongRun({ numerator: values }, 'linear')
  const value = mean(values)
  return tooShort === undefined ? { value, standardError: estimate.standardError } : { value }
}

function varianceOf(column: Float64Array): { value: number; standardError?: number } {
  const values = column.subarray(1)
  const center = mean(values)
  return meanOf(values.map((value) => (value - center) ** 2))
}

function aboutMean(values: Float64Array): number {
  const center = mean(values)
  return mean(values.map((value) => (value - center) ** 2))
}

function mean(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

function quotient([weighted, total]: readonly [number, number]): number {
  return weighted / total
}
