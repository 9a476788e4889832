import type { Theories } from '../names.ts'
import { theoryTitle } from '../names.ts'
import type { Figure } from './figure.ts'
import type { PredictedExponent } from './run-displacement.ts'
import {
  ink,
  inTheoryOrder,
  type Layer,
  linearDomain,
  linearPosition,
  logDomain,
  logPosition,
  type Panel,
  type Position,
  panelTitle,
  theoryBands,
  theoryEncoding,
} from './style.ts'

/** Runs that differ in one hyperparameter. */
export interface Sweep {
  readonly parameter: 'learningRate' | 'momentum' | 'batchSize'
  readonly points: readonly SweepPoint[]
  /** eq. 18's line through the default: values of the hyperparameter, and ‖δ‖² there */
  readonly calibrated: { readonly parameter: readonly number[]; readonly values: readonly number[] }
}

export interface SweepPoint {
  /** of the hyperparameter */
  readonly value: number
  /** its speed calibrates eq. 18 */
  readonly isDefault: boolean
  /** ‖δ‖² of the last step, and its mean over the run; squared parameter units */
  readonly last: number
  readonly mean: { readonly value: number; readonly standardError?: number | undefined }
  /** by eq. 18's line */
  readonly calibratedSpeed: number
  readonly predictedSpeeds: readonly { readonly theory: string; readonly value: number }[]
  /** of ‖Δ_k‖² ∝ kᶜ */
  readonly exponent: number
  readonly predictedExponents: readonly PredictedExponent[]
}

const width = 208
const height = 190
const calibratedTitle = 'eq. 18 through the default'
const axes = {
  batchSize: { title: 'batch size S  [examples]', scale: 'log' },
  learningRate: { title: 'learning rate η  [time/step]', scale: 'log' },
  momentum: { title: 'momentum β', scale: 'linear' },
} as const
const series = [
  { label: 'mean over the run ± 2 standard errors; exponent fitted to it', color: ink, shape: 'circle', size: 34 },
  { label: 'the default, whose mean calibrates eq. 18', color: '#D55E00', shape: 'diamond', size: 110 },
  { label: 'the last step alone', color: '#8C8C8C', shape: 'cross', size: 30 },
] as const
const [runSeries, defaultSeries, lastSeries] = [series[0].label, series[1].label, series[2].label]

/** Speed (top) and exponent (bottom) over learning rate, batch size and momentum: the paper's Figure 7. */
export function sweepFigure(theories: Theories, sweeps: readonly Sweep[]): Figure | undefined {
  const shown = sweeps.filter(({ points }) => points.length > 0)
  if (shown.length === 0) return undefined
  const title = 'Speed and exponent over the hyperparameters'
  const names = [
    ...shown.flatMap(({ points }) =>
      points.flatMap((point) => [...point.predictedSpeeds, ...point.predictedExponents].map(({ theory }) => theory)),
    ),
    calibratedTitle,
  ]
  const speeds = logDomain(
    shown.flatMap(({ points, calibrated }) => [
      ...calibrated.values,
      ...points.flatMap(({ last, mean, predictedSpeeds }) => [
        last,
        mean.value,
        ...predictedSpeeds.map(({ value }) => value),
      ]),
    ]),
  )
  const ratios = linearDomain([
    1,
    ...shown.flatMap(({ points }) =>
      points.flatMap(({ mean, calibratedSpeed, predictedSpeeds }) => [
        (mean.value - 2 * (mean.standardError ?? 0)) / calibratedSpeed,
        (mean.value + 2 * (mean.standardError ?? 0)) / calibratedSpeed,
        ...predictedSpeeds.map(({ value }) => value / calibratedSpeed),
      ]),
    ),
  ])
  const exponents = linearDomain([
    1,
    ...shown.flatMap(({ points }) =>
      points.flatMap(({ exponent, predictedExponents }) => [
        exponent,
        ...predictedExponents.flatMap(({ value, low, high }) => [low ?? value, high ?? value]),
      ]),
    ),
  ])
  return {
    kind: 'sweep',
    name: 'sweep',
    title,
    caption:
      'Top: ‖δ‖², the squared length of a step, in runs that differ in one hyperparameter. One line is eq. 18, ∝ η²/S(1−β²), through the mean of the default run, as in the paper: it tests the scaling alone; the middle row divides by it. The others were not calibrated on any of these runs. Bottom: exponent of the distance from the start over the whole run, and the same fit on predicted curves; where a band is drawn, 19 of 20 single runs of that theory lie in it. 1 (dotted) is ordinary diffusion.',
    spec: {
      title: {
        text: title,
        subtitle:
          'top: squared length of a step, then its ratio to eq. 18; bottom: exponent of the distance from the start',
      },
      columns: shown.length,
      concat: [
        ...shown.map((sweep) => speedPanel(theories, names, sweep, speeds)),
        ...shown.map((sweep) => ratioPanel(theories, names, sweep, ratios)),
        ...shown.map((sweep) => exponentPanel(theories, names, sweep, exponents)),
      ],
    },
  }
}

function speedPanel(theories: Theories, names: readonly string[], sweep: Sweep, domain: [number, number]): Panel {
  const { points, calibrated } = sweep
  const x = parameterPosition(sweep)
  const y = logPosition('value', '‖δ‖²  [sq. parameter units]', domain)
  const measured = points.map(({ value, isDefault, mean }) => {
    const error = 2 * (mean.standardError ?? 0)
    return {
      parameter: value,
      value: mean.value,
      low: Math.max(domain[0], mean.value - error),
      high: mean.value + error,
      series: isDefault ? defaultSeries : runSeries,
    }
  })
  const lines = [
    ...predictedRows(theories, points, (point) => point.predictedSpeeds),
    ...calibrated.parameter.map((parameter, i) => ({
      parameter,
      value: calibrated.values[i]!,
      theory: calibratedTitle,
    })),
  ]
  const { color, strokeDash } = theoryEncoding(theories, names)
  return {
    title: panelTitle(`speed over ${axes[sweep.parameter].title.split('  ')[0]}`),
    width,
    height,
    layer: [
      { data: { values: lines }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } },
      ...pointLayers(
        points.map(({ value, last }) => ({ parameter: value, value: last, series: lastSeries })),
        x,
        y,
      ),
      {
        data: { values: measured },
        mark: { type: 'rule', color: ink },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      ...pointLayers(measured, x, y),
    ],
  }
}

/** What the decades of the panel above hide. */
function ratioPanel(theories: Theories, names: readonly string[], sweep: Sweep, domain: [number, number]): Panel {
  const { points, calibrated } = sweep
  const x = parameterPosition(sweep)
  const y = linearPosition('value', '‖δ‖² / eq. 18', domain, { tickCount: 5 })
  const measured = points.map(({ value, isDefault, mean, calibratedSpeed }) => {
    const error = 2 * (mean.standardError ?? 0)
    return {
      parameter: value,
      value: mean.value / calibratedSpeed,
      low: (mean.value - error) / calibratedSpeed,
      high: (mean.value + error) / calibratedSpeed,
      series: isDefault ? defaultSeries : runSeries,
    }
  })
  const lines = [
    ...predictedRows(theories, points, ({ predictedSpeeds, calibratedSpeed }) =>
      predictedSpeeds.map(({ theory, value }) => ({ theory, value: value / calibratedSpeed })),
    ),
    ...calibrated.parameter.map((parameter) => ({ parameter, value: 1, theory: calibratedTitle })),
  ]
  const { color, strokeDash } = theoryEncoding(theories, names)
  return {
    title: panelTitle('the same, against eq. 18'),
    width,
    height: 120,
    layer: [
      { data: { values: lines }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } },
      {
        data: { values: measured },
        mark: { type: 'rule', color: ink },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      ...pointLayers(measured, x, y),
    ],
  }
}

function exponentPanel(theories: Theories, names: readonly string[], sweep: Sweep, domain: [number, number]): Panel {
  const { points } = sweep
  const x = parameterPosition(sweep)
  const y = linearPosition('value', 'exponent c', domain, { tickCount: 6 })
  const rows = predictedRows(theories, points, (point) => point.predictedExponents)
  const { color, strokeDash } = theoryEncoding(theories, names)
  return {
    title: panelTitle(`exponent over ${axes[sweep.parameter].title.split('  ')[0]}`),
    width,
    height,
    layer: [
      {
        data: { values: [{ value: 1 }] },
        mark: { type: 'rule', color: '#8C8C8C', strokeDash: [2, 3] },
        encoding: { y },
      },
      ...theoryBands(theories, names, rows, x, y),
      { data: { values: rows }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } },
      ...pointLayers(
        points.map(({ value, isDefault, exponent }) => ({
          parameter: value,
          value: exponent,
          series: isDefault ? defaultSeries : runSeries,
        })),
        x,
        y,
      ),
    ],
  }
}

function parameterPosition({ parameter, points, calibrated }: Sweep): Position {
  const values = [...points.map(({ value }) => value), ...calibrated.parameter]
  const { title, scale } = axes[parameter]
  return scale === 'log'
    ? logPosition('parameter', title, logDomain(values, 1.15))
    : linearPosition('parameter', title, linearDomain(values), { tickCount: 4 })
}

/** Predictions of every theory in the order of the hyperparameter. */
function predictedRows(
  theories: Theories,
  points: readonly SweepPoint[],
  of: (point: SweepPoint) => readonly PredictedExponent[],
): { parameter: number; value: number; low: number; high: number; theory: string }[] {
  return [...points]
    .sort((a, b) => a.value - b.value)
    .flatMap((point) =>
      inTheoryOrder(theories, of(point)).map(({ theory, value, low, high }) => ({
        parameter: point.value,
        value,
        low: low ?? value,
        high: high ?? value,
        theory: theoryTitle(theories, theory),
      })),
    )
}

/** Runs by shape and colour, with one legend for all panels. */
function pointLayers(
  rows: readonly { parameter: number; value: number; series: string }[],
  x: Position,
  y: Position,
): Layer[] {
  const domain = series.map(({ label }) => label)
  const legend = { columns: 1, symbolSize: 40, symbolStrokeWidth: 0, symbolOffset: 6, labelOffset: 10 }
  return series.map(({ label, size }) => ({
    data: { values: rows.filter((row) => row.series === label) },
    mark: { type: 'point', filled: true, opacity: 1, size },
    encoding: {
      x,
      y,
      shape: { field: 'series', type: 'nominal', scale: { domain, range: series.map(({ shape }) => shape) }, legend },
      fill: { field: 'series', type: 'nominal', scale: { domain, range: series.map(({ color }) => color) }, legend },
    },
  }))
}
