import { mean, sampleStandardDeviation } from 'simple-statistics'
import type { Theories } from '../names.ts'
import { theoryTitle } from '../names.ts'
import { formatCount, formatExponent, formatNumber, formatSetting } from '../numbers.ts'
import type { Figure } from './figure.ts'
import {
  axisExponent,
  fontSize,
  ink,
  inTheoryOrder,
  linearPosition,
  logDomain,
  logPosition,
  measuredEncoding,
  type Panel,
  panelTitle,
  panelWidth,
  theoryEncoding,
  unitTitle,
} from './style.ts'
import { fitText } from './text-width.ts'

/** How far one run went, at each step and since its start; squared parameter units. */
export interface RunDisplacement {
  readonly label: string
  readonly localDisplacement: {
    /** over the whole run */
    readonly mean: { readonly value: number; readonly standardError?: number | undefined }
    /** steps that one value is the mean of */
    readonly blockLength: number
    readonly steps: readonly number[]
    readonly values: readonly number[]
    readonly predicted: readonly { readonly theory: string; readonly value: number }[]
  }
  readonly globalDisplacement: {
    readonly steps: readonly number[]
    readonly values: readonly number[]
    /** values ≈ prefactor · stepᶜ between the two steps */
    readonly fit: { readonly from: number; readonly to: number; readonly exponent: number; readonly prefactor: number }
    readonly predicted: readonly { readonly theory: string; readonly values: readonly number[] }[]
    readonly predictedExponents: readonly PredictedExponent[]
  }
}

/** Single runs scatter between low and high, 19 times of 20. */
export interface PredictedExponent {
  readonly theory: string
  readonly value: number
  readonly low?: number | undefined
  readonly high?: number | undefined
}

/** The paper's. */
const averagedPoints = 15
const measuredLabel = 'SGD, one run'

/** ‖δ_k‖² with its moving average, and ‖Δ_k‖² on log-log axes with the exponent's fit, a row a run: the paper's Figure 1. */
export function runDisplacementFigure(theories: Theories, runs: readonly RunDisplacement[]): Figure | undefined {
  if (runs.length === 0) return undefined
  const title = 'Motion that goes on, step by step and since the start'
  const names = runs.flatMap((run) => [
    ...run.localDisplacement.predicted.map(({ theory }) => theory),
    ...run.globalDisplacement.predicted.map(({ theory }) => theory),
  ])
  return {
    kind: 'run-displacement',
    name: 'run-displacement',
    title,
    caption: `Left: ‖δ_k‖², the squared length of step k; theory says it stays constant. Faint points are means of a block of steps, the dark line their moving average over ${averagedPoints} points, its band ± 2 standard errors taken from those points as if independent. Right: ‖Δ_k‖², the squared distance from the run’s start, and the straight line fitted to it (grey): its slope is the exponent, 1 for ordinary diffusion; above each plot what the same fit predicts, and where 19 of 20 single runs would lie. Coloured lines are predictions: none was fitted.`,
    spec: {
      title: {
        text: title,
        subtitle: `left: dark line, moving average of ${averagedPoints} points ± 2 standard errors; right: grey line, the fitted power law`,
      },
      columns: 2,
      concat: runs.flatMap((run) => [localPanel(theories, names, run), globalPanel(theories, names, run)]),
    },
  }
}

function localPanel(theories: Theories, names: readonly string[], run: RunDisplacement): Panel {
  const { mean: overall, blockLength, steps, values, predicted } = run.localDisplacement
  const averages = movingAverages(values).map((row) => ({ ...row, step: steps[row.place]! }))
  const top = 1.05 * [...values, ...predicted.map(({ value }) => value)].reduce((a, b) => Math.max(a, b), 0) || 1
  const exponent = axisExponent([top])
  const unit = 10 ** exponent
  const stepDomain: [number, number] = [0, steps.at(-1) ?? 1]
  const x = linearPosition('step', 'step k', stepDomain, { tickCount: 6 })
  const y = linearPosition('value', unitTitle('‖δ‖²', 'squared parameter units', exponent), [0, top / unit], {
    tickCount: 5,
  })
  const { color, strokeDash } = theoryEncoding(theories, names)
  const error = overall.standardError
  return {
    title: panelTitle(fitText(run.label, 12, panelWidth - 12), [
      `mean ${formatNumber(overall.value)}${error === undefined ? '' : ` ± ${formatSetting(Number(((200 * error) / overall.value).toPrecision(2)))} % (2 standard errors)`}`,
      blockLength === 1 ? 'a point a step' : `a point is the mean of ${formatCount(blockLength)} steps`,
    ]),
    width: panelWidth,
    height: 190,
    layer: [
      {
        data: { values: steps.map((step, i) => ({ step, value: values[i]! / unit, series: measuredLabel })) },
        mark: { type: 'point', filled: true, color: ink, size: 8, opacity: 0.3 },
        encoding: { x, y },
      },
      {
        data: {
          values: averages.map(({ step, low, high }) => ({ step, low: Math.max(0, low) / unit, high: high / unit })),
        },
        mark: { type: 'area', color: ink, opacity: 0.18, clip: true },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values: averages.map(({ step, value }) => ({ step, value: value / unit })) },
        mark: { type: 'line', color: ink, strokeWidth: 1.8 },
        encoding: { x, y },
      },
      {
        data: {
          values: inTheoryOrder(theories, predicted).flatMap(({ theory, value }) =>
            stepDomain.map((step) => ({ step, value: value / unit, theory: theoryTitle(theories, theory) })),
          ),
        },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: { x, y, color, strokeDash },
      },
    ],
  }
}

function globalPanel(theories: Theories, names: readonly string[], run: RunDisplacement): Panel {
  const { steps, values, fit, predicted, predictedExponents } = run.globalDisplacement
  const x = logPosition('step', 'step k', logDomain(steps, 1.3))
  const y = logPosition(
    'value',
    '‖Δ‖²  [squared parameter units]',
    logDomain([...values, ...predicted.flatMap((line) => line.values)]),
  )
  const positive = (list: readonly number[], more: object): object[] =>
    list.flatMap((value, i) => (value > 0 && steps[i]! > 0 ? [{ step: steps[i]!, value, ...more }] : []))
  const { color, strokeDash } = theoryEncoding(theories, names)
  return {
    title: panelTitle(
      `exponent ${formatExponent(fit.exponent)}, fitted from step ${formatCount(fit.from)} on`,
      inTheoryOrder(theories, predictedExponents).map(({ theory, value, low, high }) =>
        fitText(
          `${formatExponent(value)} ${low === undefined || high === undefined ? '' : `(${formatExponent(low)} to ${formatExponent(high)}) `}${theory}`,
          fontSize,
          panelWidth - 12,
        ),
      ),
    ),
    width: panelWidth,
    height: 190,
    layer: [
      {
        data: { values: positive(values, { series: measuredLabel }) },
        mark: { type: 'point', filled: true, color: ink, size: 16, opacity: 1 },
        encoding: { x, y, ...measuredEncoding(measuredLabel) },
      },
      {
        data: {
          values: inTheoryOrder(theories, predicted).flatMap((line) =>
            positive(line.values, { theory: theoryTitle(theories, line.theory) }),
          ),
        },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: { x, y, color, strokeDash },
      },
      {
        data: {
          values: [fit.from, fit.to].map((step) => ({ step, value: fit.prefactor * step ** fit.exponent })),
        },
        mark: { type: 'line', color: '#8C8C8C', strokeWidth: 4, opacity: 0.55, clip: true },
        encoding: { x, y },
      },
    ],
  }
}

/** Means of a window about each point that has one whole, ± 2 standard errors. */
function movingAverages(values: readonly number[]): { place: number; value: number; low: number; high: number }[] {
  const half = (averagedPoints - 1) / 2
  return values.slice(half, Math.max(half, values.length - half)).map((_, i) => {
    const window = values.slice(i, i + averagedPoints)
    const value = mean(window)
    const error = sampleStandardDeviation(window) / Math.sqrt(averagedPoints)
    return { place: i + half, value, low: value - 2 * error, high: value + 2 * error }
  })
}
