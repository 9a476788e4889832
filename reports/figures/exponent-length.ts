import type { Theories } from '../names.ts'
import { theoryTitle } from '../names.ts'
import { formatExponent } from '../numbers.ts'
import type { Figure } from './figure.ts'
import {
  evenly,
  ink,
  inTheoryOrder,
  linearDomain,
  linearPosition,
  logDomain,
  logPosition,
  measuredEncoding,
  type Panel,
  panelTitle,
  panelWidth,
  theoryBands,
  theoryEncoding,
} from './style.ts'
import { fitText } from './text-width.ts'

/** The exponent of ‖Δ_k‖² ∝ kᶜ, fitted to the first so many steps of one run. */
export interface ExponentLength {
  readonly label: string
  readonly curve: { readonly steps: readonly number[]; readonly values: readonly number[] }
  /** steps */
  readonly lengths: readonly number[]
  /** // [length] both */
  readonly measured: readonly number[]
  readonly prefactors: readonly number[]
  /** single runs scatter between low and high, 19 times of 20 // [length] all */
  readonly predicted: readonly {
    readonly theory: string
    readonly values: readonly number[]
    readonly low?: readonly number[] | undefined
    readonly high?: readonly number[] | undefined
  }[]
}

const shownFits = 5
const fitColors = ['#BDBDBD', '#9A9A9A', '#777777', '#555555', '#222222']
const measuredLabel = 'SGD, one run'

/** Power laws fitted to longer and longer parts of a run, and their exponents, a row a run: the paper's Figure 9. */
export function exponentLengthFigure(theories: Theories, runs: readonly ExponentLength[]): Figure | undefined {
  if (runs.length === 0) return undefined
  const title = 'The exponent depends on how much of a run is fitted'
  const names = runs.flatMap((run) => run.predicted.map(({ theory }) => theory))
  return {
    kind: 'exponent-length',
    name: 'exponent-length',
    title,
    caption:
      'Left: the squared distance from the start, and straight lines fitted to longer and longer parts of it (darker: longer). Right: their exponents, measured (points) and by the same fit on the predicted curve (lines); where a band is drawn, 19 of 20 single runs of that theory lie in it. 1 is ordinary diffusion.',
    spec: {
      title: {
        text: title,
        subtitle: 'left: lines fitted from the start on; right: their slopes; 1 is ordinary diffusion',
      },
      columns: 2,
      concat: runs.flatMap((run) => [curvePanel(run), exponentPanel(theories, names, run)]),
    },
  }
}

function curvePanel({ label, curve, lengths, measured, prefactors }: ExponentLength): Panel {
  const { steps, values } = curve
  const x = logPosition('step', 'step k', logDomain(steps, 1.3))
  const y = logPosition('value', '‖Δ‖²  [squared parameter units]', logDomain(values))
  const first = steps.find((step) => step > 0) ?? 1
  return {
    title: panelTitle(fitText(label, 12, panelWidth - 12)),
    width: panelWidth,
    height: 210,
    layer: [
      {
        data: {
          values: values.flatMap((value, i) =>
            value > 0 && steps[i]! > 0 ? [{ step: steps[i]!, value, series: measuredLabel }] : [],
          ),
        },
        mark: { type: 'point', filled: true, color: ink, size: 16, opacity: 1 },
        encoding: { x, y, ...measuredEncoding(measuredLabel) },
      },
      ...evenly(lengths.length, shownFits).map((place, i, shown) => ({
        data: {
          values: [first, lengths[place]!].map((step) => ({
            step,
            value: prefactors[place]! * step ** measured[place]!,
          })),
        },
        mark: {
          type: 'line' as const,
          color: fitColors[fitColors.length - shown.length + i]!,
          strokeWidth: 1.5,
          clip: true,
        },
        encoding: { x, y },
      })),
    ],
  }
}

function exponentPanel(theories: Theories, names: readonly string[], run: ExponentLength): Panel {
  const { lengths, measured } = run
  const lines = inTheoryOrder(theories, run.predicted).flatMap(({ theory, values, low, high }) =>
    values.map((value, i) => ({
      length: lengths[i]!,
      value,
      low: low?.[i] ?? value,
      high: high?.[i] ?? value,
      theory: theoryTitle(theories, theory),
    })),
  )
  const x = logPosition('length', 'steps fitted', logDomain(lengths, 1.15))
  const domain = linearDomain([1, ...measured, ...lines.flatMap(({ low, high }) => [low, high])])
  const y = linearPosition('value', 'exponent c', domain, { tickCount: 6 })
  const { color, strokeDash } = theoryEncoding(theories, names)
  return {
    title: panelTitle(`exponent from ${formatExponent(measured[0])} to ${formatExponent(measured.at(-1))}`),
    width: panelWidth,
    height: 210,
    layer: [
      {
        data: { values: [{ value: 1 }] },
        mark: { type: 'rule', color: '#8C8C8C', strokeDash: [2, 3] },
        encoding: { y },
      },
      ...theoryBands(theories, names, lines, x, y),
      { data: { values: lines }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } },
      {
        data: { values: lengths.map((length, i) => ({ length, value: measured[i]!, series: measuredLabel })) },
        mark: { type: 'point', filled: true, color: ink, size: 26, opacity: 1 },
        encoding: { x, y, ...measuredEncoding(measuredLabel) },
      },
    ],
  }
}
