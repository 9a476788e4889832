import { fitPowerLaw } from '../../foundation/power-law.ts'
import { logSpread, type Spread } from '../../harness/spread.ts'
import { quadraticSpread } from '../../oracle/quadratic-spread.ts'
import { anomalousExponent } from '../hypotheses/anomalous-exponent.ts'
import { constantSpeed } from '../hypotheses/constant-speed.ts'
import { equipartition } from '../hypotheses/equipartition.ts'
import { globalDisplacement } from '../hypotheses/global-displacement.ts'
import { isotropy } from '../hypotheses/isotropy.ts'
import { meanTrajectory } from '../hypotheses/mean-trajectory.ts'
import { rotation } from '../hypotheses/rotation.ts'
import { velocityCorrelation } from '../hypotheses/velocity-correlation.ts'
import { velocityShape } from '../hypotheses/velocity-shape.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'
import type { RecordedChain } from './chain.ts'
import { answeredByRows, askedOfRows, type RecordedHypothesis } from './row-quantity.ts'
import type { RecordedSetting, RecordedTheory } from './setting.ts'
import type { Window } from './window.ts'

/** In which order they are asked and reported. */
export const recordedHypotheses = (): readonly RecordedHypothesis[] => [
  askedOfRows(constantSpeed),
  askedOfRows(equipartition),
  askedOfRows(isotropy),
  shapeOfVelocities,
  correlationOfRows,
  rotationOfRows,
  displacementFromStart,
  exponentFromStart,
  meanFromStart,
]

/** Each mode alone and in the unit of its limit, as `velocityShape` asks; modes that are not recorded have no mean over all. */
const shapeOfVelocities: RecordedHypothesis = {
  ...velocityShape,
  margin: 0.05,
  marginReason: 'what a few thousand independent samples a mode can tell',
  experiment: ({ recorded }) => recorded,
  rivals: () => ['first-order', 'no momentum', 'original-loss Gibbs'],
  quantities: (setting) => {
    const { momentum, batchSize } = setting.hyperparameters
    const { eigenvalues, noiseVariance } = setting.problem
    return recordedModes(setting, velocityShape.id).map((mode) => {
      const unit = (noiseVariance * eigenvalues[mode]!) / (batchSize * (1 - momentum) * (1 + momentum))
      return answeredByRows(setting, {
        name: `mode ${mode + 1}`,
        predict({ predictions }) {
          const variances = predictions.velocityVariance?.()
          return variances && variances[mode]! / unit
        },
        rows: (chain) => ({
          numerator: overRows(setting, 0, (row) => chain.product(mode, 'velocity', row, 'velocity', row) / unit),
        }),
        spread: stationarySpread(
          setting,
          only(mode, referenceOf(setting).velocityVariance!()),
          setting.memory.velocitySteps,
        ),
        relaxationSteps: velocityMemory(setting),
        refusal: setting.varianceRefusal,
      })
    })
  },
}

const correlationOfRows: RecordedHypothesis = {
  ...velocityCorrelation,
  margin: 0.02,
  marginReason: 'in units of the variance; Langevin dynamics is off by as much at one step',
  experiment: ({ recorded }) => recorded,
  rivals: () => ['no momentum'],
  quantities: (setting) =>
    recordedModes(setting, velocityCorrelation.id).flatMap((mode) =>
      setting.lags.map((lag) =>
        answeredByRows(setting, {
          name: `mode ${mode + 1}, ${counted(lag * setting.every!)} apart`,
          predict: ({ window, predictions }) => {
            const steps = lag * setting.every!
            if (window === undefined) {
              if (setting.assumedStationary === undefined) return undefined
              const correlation = predictions.velocityCorrelation
              return correlation?.([steps])[mode]
            }
            const at = 4 * mode + 3
            return window.between(lag)[at]! / window.average(setting.steps.length - lag)[at]!
          },
          rows: (chain) => ({
            numerator: overRows(setting, lag, (row) => chain.product(mode, 'velocity', row, 'velocity', row + lag)),
            denominator: overRows(setting, lag, (row) => chain.product(mode, 'velocity', row, 'velocity', row)),
          }),
          spread: correlationSpread(setting, mode, lag),
          relaxationSteps: velocityMemory(setting),
          refusal: setting.varianceRefusal,
        }),
      ),
    ),
}

/** The size of what `rotation` says per step, in its unit ησ²ρ/(S(1−β)). */
const rotationOfRows: RecordedHypothesis = {
  ...rotation,
  margin: 0.1,
  marginReason: 'the size of a difference of two products, each far larger in flat modes',
  experiment: ({ recorded }) => recorded,
  rivals: () => ['no momentum'],
  quantities: (setting) => {
    const { learningRate, momentum, batchSize } = setting.hyperparameters
    const { eigenvalues, noiseVariance } = setting.problem
    return recordedModes(setting, rotation.id).map((mode) => {
      const unit = (learningRate * noiseVariance * eigenvalues[mode]!) / (batchSize * (1 - momentum))
      return answeredByRows(setting, {
        name: `mode ${mode + 1}, per step`,
        predict: ({ window }) => window && turned(window, mode) / unit,
        rows: (chain) => ({
          numerator: overRows(
            setting,
            1,
            (row) =>
              (chain.product(mode, 'velocity', row, 'position', row + 1) -
                chain.product(mode, 'position', row, 'velocity', row + 1)) /
              unit,
          ),
        }),
        spread: rotationSpread(setting, mode),
        relaxationSteps: velocityMemory(setting),
        refusal: setting.varianceRefusal,
      })
    })
  },
}

/** E[x_{k+1} v_k − x_k v_{k+1}]. */
function turned(window: Window, mode: number): number {
  const between = window.between(1)
  return between[4 * mode + 2]! - between[4 * mode + 1]!
}

/** Rows of the displacement curve that are asked about. */
const displacementRows = 4
/** Rows that an exponent is fitted to. */
const exponentRows = 12

const displacementFromStart: RecordedHypothesis = {
  ...globalDisplacement,
  experiment: ({ recorded }) => recorded,
  rivals: () => ['equation 19', 'equation 19 as printed', 'Brownian', 'ballistic', 'first-order', 'no momentum'],
  quantities(setting) {
    if (setting.limitedBy(globalDisplacement.id)) return []
    const alongRun = displacementAlongRun(setting)
    if (setting.evidence === 'long-run') return alongRun
    const fromStart = curveRows(setting, displacementRows).map((row) => ({
      kind: 'ratio' as const,
      name: `${counted(setting.steps[row]!)} from the start`,
      predict: (theory: RecordedTheory) => displacementAt(setting, theory, row),
      measure: (chain: RecordedChain) => [chain.globalDisplacement(row), 1] as const,
      spread: displacementSpread(setting, row),
      relaxationSteps: 0,
      refusal: setting.varianceRefusal,
    }))
    return [...alongRun, ...fromStart]
  },
}

const exponentFromStart: RecordedHypothesis = {
  ...anomalousExponent,
  margin: 0.05,
  marginReason: 'Brownian motion and ballistic motion are off by more',
  experiment: ({ recorded }) => recorded,
  rivals: () => ['Brownian', 'ballistic'],
  quantities(setting) {
    if (setting.limitedBy(anomalousExponent.id)) return []
    const rows = curveRows(setting, exponentRows)
    if (rows.length < 3) return []
    const steps = rows.map((row) => setting.steps[row]!)
    const slope = (curve: ArrayLike<number>): number => fitPowerLaw(steps, curve).exponent
    // as if each point of the curve scattered alone, or a quarter of what they could do together
    const logs = steps.map(Math.log)
    const center = logs.reduce((sum, log) => sum + log / logs.length, 0)
    const squares = logs.reduce((sum, log) => sum + (log - center) ** 2, 0)
    const variances = rows.map((row) => displacementSpread(setting, row))
    const scatter = Math.sqrt(
      variances.reduce((sum, { varianceSteps }, k) => sum + ((logs[k]! - center) / squares) ** 2 * varianceSteps, 0),
    )
    const most = logs.reduce((sum, log) => sum + Math.abs(log - center) / squares, 0) ** 2
    const largest = Math.max(...variances.map(({ varianceSteps }) => varianceSteps))
    return [
      {
        kind: 'function',
        name: `steps ${steps[0]} to ${steps.at(-1)}`,
        predict(theory) {
          const curve = rows.map((row) => displacementAt(setting, theory, row))
          return curve.every((value) => value !== undefined && value > 0) ? slope(curve as number[]) : undefined
        },
        measure: (chain) => Float64Array.from(rows, (row) => chain.globalDisplacement(row)),
        of: slope,
        spread: { varianceSteps: Math.max(scatter ** 2, (most * largest) / 4), asymmetrySteps: 0 },
        relaxationSteps: 0,
        refusal: setting.varianceRefusal,
      },
    ]
  },
}

/** Modes whose mean trajectory is asked about, at so many rows each. */
const meanModes = 3
const meanRows = 3

const meanFromStart: RecordedHypothesis = {
  ...meanTrajectory,
  experiment: ({ recorded }) => recorded,
  rivals: () => ['gradient flow', 'no momentum'],
  quantities(setting) {
    const { id } = meanTrajectory
    const { start, steps } = setting
    const displaced = recordedModes(setting, id).filter((mode) => displacedFar(setting, mode))
    const chosen = [...new Set([displaced[0], displaced[displaced.length >> 1], displaced.at(-1)].slice(0, meanModes))]
    return chosen.flatMap((mode) => {
      if (mode === undefined) return []
      const b = 4 * mode
      const relaxation = setting.memory.relaxationSteps[mode]!
      const reached = steps.findIndex((step) => step > 2 * relaxation)
      const lastRow = reached === -1 ? steps.length - 1 : reached
      const rows = [
        ...new Set(Array.from({ length: meanRows }, (_, k) => Math.max(1, Math.round((lastRow * (k + 1)) / meanRows)))),
      ]
      return rows.map((row) => ({
        kind: 'ratio' as const,
        name: `position of mode ${mode + 1} at step ${steps[row]}`,
        predict({ predictions }: RecordedTheory) {
          const modeCount = start.length / 4
          const fromX = { position: unit(modeCount, mode), velocity: new Float64Array(modeCount) }
          const fromV = { position: new Float64Array(modeCount), velocity: unit(modeCount, mode) }
          const x = predictions.meanTrajectory?.(fromX, [steps[row]!]).position[mode]
          const v = predictions.meanTrajectory?.(fromV, [steps[row]!]).position[mode]
          return x === undefined || v === undefined ? undefined : x + (v * start[b + 1]!) / start[b]!
        },
        measure: (chain: RecordedChain) =>
          [
            chain.product(mode, 'position', row, 'position', 0) / start[b]!,
            chain.product(mode, 'position', 0, 'position', 0) / start[b]!,
          ] as const,
        spread: {
          varianceSteps: (setting.recorded.samplesPerReplica * referenceSpread(setting, mode, row)) / start[b]!,
          asymmetrySteps: 0,
        },
        relaxationSteps: 0,
      }))
    })
  },
}

/** Recorded modes, steepest first; none where the hypothesis cannot be asked. */
function recordedModes({ columns, limitedBy }: RecordedSetting, hypothesis: string): number[] {
  return limitedBy(hypothesis) ? [] : [...columns.keys()].filter((mode) => columns[mode] !== -1)
}

/** Kept rows that have a later one at the lag. // [row] */
function overRows({ firstRow, steps }: RecordedSetting, lag: number, value: (row: number) => number): Float64Array {
  const count = steps.length - lag - firstRow
  const values = new Float64Array(count)
  for (let row = 0; row < count; row++) values[row] = value(firstRow + row)
  return values
}

/** Steps in which the amplitude of the velocity falls by e. */
function velocityMemory({ hyperparameters }: RecordedSetting): number {
  return 2 / (1 - hyperparameters.momentum)
}

function only(mode: number, values: Float64Array): Float64Array {
  return values.map((value, l) => (l === mode ? value : 0))
}

function unit(count: number, mode: number): Float64Array {
  const values = new Float64Array(count)
  values[mode] = 1
  return values
}

function counted(steps: number): string {
  return `${steps} step${steps === 1 ? '' : 's'}`
}

/** Rows evenly spaced on the log scale, the first after the start to the last. */
function curveRows({ steps }: RecordedSetting, count: number): number[] {
  const last = steps.length - 1
  return [...new Set(Array.from({ length: count }, (_, k) => Math.round(last ** (k / (count - 1)))))]
}

/** E‖θ − θ_0‖² at a row: from the very start where the theory can, else from a stationary one if that is what it was. */
function displacementAt(setting: RecordedSetting, theory: RecordedTheory, row: number): number | undefined {
  const { window, predictions } = theory
  if (window) return window.displacement(setting.steps[row]!).reduce((sum, value) => sum + value, 0)
  if (setting.settings.start !== 'stationary') return undefined
  return predictions.globalDisplacement?.('stationary', [setting.steps[row]!])[0]
}

function referenceWindow(setting: RecordedSetting): Window {
  return setting.theories.find(({ name }) => name === setting.reference)!.window!
}

/** Of one distance a chain. A start that is known takes the part of noise: it scatters less than is planned. */
function displacementSpread(setting: RecordedSetting, row: number): Spread {
  const contributions = referenceWindow(setting).displacement(setting.steps[row]!)
  const { variance, thirdCumulant } = quadraticSpread(
    { contributions, correlationBlocks: new Float64Array(contributions.length).fill(1), blockSteps: 1 },
    setting.noise,
  )
  // a replica counts as many samples as it has rows
  const rows = setting.recorded.samplesPerReplica
  return logSpread(variance * rows, thirdCumulant * rows ** 2)
}

/** V_xx at a row: the scatter of a position that starts at a known place. */
function referenceSpread(setting: RecordedSetting, mode: number, row: number): number {
  const reference = setting.theories.find(({ name }) => name === setting.reference)!
  return reference.predictions.covarianceAtStep!([setting.steps[row]!])[4 * mode]!
}

/** Far outside the stationary spread: a start that was chosen, not drawn. */
function displacedFar(setting: RecordedSetting, mode: number): boolean {
  const spread = referenceOf(setting).positionVariance!()[mode]!
  const { start } = setting
  // the window's own expectation holds what the start left in it
  return start[4 * mode]! > 0 && start[4 * mode]! > 3 * spread
}

/** Displacements over lags of rows, of the recorded modes only: windows along one run. */
function displacementAlongRun(setting: RecordedSetting): ReturnType<RecordedHypothesis['quantities']> {
  const modes = [...setting.columns.keys()].filter((mode) => setting.columns[mode] !== -1)
  return setting.lags
    .map((lag) => {
      const reference = displacementOverLag(
        setting,
        setting.theories.find(({ name }) => name === setting.reference)!,
        lag,
      )
      if (reference === undefined) return undefined
      const tau = Float64Array.from(setting.columns, (_, mode) => {
        const R = (rows: number): number => setting.correlations.between(mode, rows)[0]
        const variance = 2 * (R(0) - R(lag))
        let sum = 1
        for (let j = 1; j < setting.correlations.reach[mode]! + lag; j++) {
          sum += 2 * ((2 * R(j) - R(j - lag) - R(j + lag)) / variance) ** 2
        }
        return sum
      })
      return answeredByRows(setting, {
        name: `${counted(lag * setting.every!)}, recorded modes`,
        predict: (theory) => displacementOverLag(setting, theory, lag)?.reduce((sum, value) => sum + value, 0),
        rows: (chain) => ({
          numerator: overRows(setting, lag, (row) =>
            modes.reduce((sum, mode) => {
              const [before, across, after] = [
                chain.product(mode, 'position', row, 'position', row),
                chain.product(mode, 'position', row, 'position', row + lag),
                chain.product(mode, 'position', row + lag, 'position', row + lag),
              ]
              return sum + before - 2 * across + after
            }, 0),
          ),
        }),
        spread: stationarySpread(setting, reference, tau),
        relaxationSteps: Math.max(2 * lag * setting.every!, velocityMemory(setting)),
        refusal: setting.varianceRefusal,
      })
    })
    .filter((quantity) => quantity !== undefined)
}

/** E‖x − x‖² of rows `lag` apart in each recorded mode, 0 in others. // [mode] */
function displacementOverLag(
  setting: RecordedSetting,
  { window }: RecordedTheory,
  lag: number,
): Float64Array | undefined {
  const all = window?.displacementBetween(lag)
  return all?.map((value, mode) => (setting.columns[mode] === -1 ? 0 : value))
}

/** Bartlett's variance of a measured correlation, of Gaussian series pooled over outputs. */
function correlationSpread(setting: RecordedSetting, mode: number, lag: number): Spread {
  const { between, reach } = setting.correlations
  const r = (rows: number): number => between(mode, rows)[3]
  const at = r(lag)
  let variance = 0
  for (let j = -reach[mode]! - lag; j <= reach[mode]! + lag; j++) {
    variance += r(j) ** 2 + r(j + lag) * r(j - lag) + 2 * at ** 2 * r(j) ** 2 - 4 * at * r(j) * r(j - lag)
  }
  return { varianceSteps: Math.max(variance, 1e-12) * pooling(setting, mode), asymmetrySteps: 0 }
}

/** Variance of x_{k+1}v_k − x_k v_{k+1} over its mean squared, Gaussian pairs summed over all lags. */
function rotationSpread(setting: RecordedSetting, mode: number): Spread {
  const { between, reach } = setting.correlations
  const average = referenceWindow(setting).average(setting.steps.length)
  const mean = turned(referenceWindow(setting), mode) / Math.sqrt(average[4 * mode]! * average[4 * mode + 3]!)
  let variance = 0
  for (let j = -reach[mode]! - 1; j <= reach[mode]! + 1; j++) {
    const [xx, xv, vx, vv] = between(mode, j)
    const [xxAfter, xvAfter, vxAfter, vvAfter] = between(mode, j + 1)
    const [xxBefore, xvBefore, vxBefore, vvBefore] = between(mode, j - 1)
    const alike = 2 * xx * vv + xvAfter * vxBefore + xvBefore * vxAfter
    const across = xxAfter * vvBefore + xxBefore * vvAfter + 2 * xv * vx
    variance += alike - across
  }
  return logSpread((variance / mean ** 2) * pooling(setting, mode), 0)
}

/** By how much outputs that share a mode's noise average its squares out: 1 for one output. */
function pooling(setting: RecordedSetting, mode: number): number {
  const one = only(mode, new Float64Array(setting.columns.length).fill(1))
  const blocks = new Float64Array(setting.columns.length).fill(1)
  const { variance } = quadraticSpread({ contributions: one, correlationBlocks: blocks, blockSteps: 1 }, setting.noise)
  return variance / 2
}
