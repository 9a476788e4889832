import type { Theories } from '../names.ts'
import { theoryTitle } from '../names.ts'
import { formatNumber } from '../numbers.ts'
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
  theoryEncoding,
} from './style.ts'

/** How one eigenvector's position and velocity oscillate. */
export interface ModeOscillation {
  readonly mode: number
  readonly eigenvalue: number
  /** amplitude-weighted mean, radians a step */
  readonly frequency: {
    readonly position: Frequency
    readonly velocity: Frequency
    readonly predicted: readonly { readonly theory: string; readonly position: number; readonly velocity: number }[]
  }
  /** amplitude at frequencies in radians a step */
  readonly spectrum?:
    | {
        readonly frequencies: readonly number[]
        readonly position: readonly number[]
        readonly velocity: readonly number[]
        readonly predicted: readonly {
          readonly theory: string
          readonly position: readonly number[]
          readonly velocity: readonly number[]
        }[]
      }
    | undefined
}

export interface Frequency {
  readonly value: number
  readonly standardError?: number | undefined
}

type Coordinate = 'position' | 'velocity'

const shownSpectra = 3
const coordinates = ['position', 'velocity'] as const
const measuredLabel = 'SGD, one run (± 2 standard errors where they are known)'

/** Mean frequency of each eigenvector (top) and spectra of a few (below), positions left, velocities right: the paper's Figure 8. */
export function oscillationFigure(
  name: string,
  label: string,
  theories: Theories,
  modes: readonly ModeOscillation[],
): Figure | undefined {
  if (modes.length === 0) return undefined
  const title = 'Oscillation along eigenvectors'
  const names = modes.flatMap(({ frequency, spectrum }) => [
    ...frequency.predicted.map(({ theory }) => theory),
    ...(spectrum?.predicted ?? []).map(({ theory }) => theory),
  ])
  const spectra = modes.filter(({ spectrum }) => spectrum !== undefined)
  return {
    kind: 'oscillation',
    name,
    title: `${title}: ${label}`,
    caption:
      'Top: the amplitude-weighted mean frequency Σ f|X(f)| / Σ |X(f)| along each eigenvector of the Hessian; number 1 has the largest eigenvalue. Below: amplitudes |X(f)| of a few of them, smoothed; the vertical line is the mean. Predictions are of the same estimator over the same number of steps.',
    spec: {
      title: { text: title, subtitle: [label, 'mean frequency of each eigenvector, and the spectra of some'] },
      columns: 2,
      concat: [
        ...coordinates.map((coordinate) => frequencyPanel(theories, names, modes, coordinate)),
        ...evenly(spectra.length, shownSpectra).flatMap((place) =>
          coordinates.map((coordinate) => spectrumPanel(theories, names, spectra[place]!, coordinate)),
        ),
      ],
    },
  }
}

function frequencyPanel(
  theories: Theories,
  names: readonly string[],
  modes: readonly ModeOscillation[],
  coordinate: Coordinate,
): Panel {
  const measured = modes.map(({ mode, frequency }) => {
    const { value, standardError } = frequency[coordinate]
    return { mode, value, error: 2 * (standardError ?? 0) }
  })
  const lines = modes.flatMap(({ mode, frequency }) =>
    inTheoryOrder(theories, frequency.predicted).map((predicted) => ({
      mode,
      value: predicted[coordinate],
      theory: theoryTitle(theories, predicted.theory),
    })),
  )
  const title = 'mean frequency  [rad/step]'
  const shown = [
    ...lines.map(({ value }) => value),
    ...measured.flatMap(({ value, error }) => [value + error, value - error, value]),
  ]
  const logarithmic = logDomain(shown, 1.2)
  const isWide = logarithmic[1] > 10 * logarithmic[0]
  const domain = isWide ? logarithmic : linearDomain([0, ...shown])
  const x = linearPosition('mode', 'eigenvector', [0, 1 + modes.reduce((last, { mode }) => Math.max(last, mode), 0)], {
    tickCount: 6,
  })
  const y = isWide ? logPosition('value', title, domain) : linearPosition('value', title, domain, { tickCount: 5 })
  const points = measured.map(({ mode, value, error }) => ({
    mode,
    value,
    low: Math.max(domain[0], value - error),
    high: value + error,
    series: measuredLabel,
  }))
  const { color, strokeDash } = theoryEncoding(theories, names)
  return {
    title: panelTitle(`${coordinate}: mean frequency`),
    width: panelWidth,
    height: 180,
    layer: [
      { data: { values: lines }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } },
      {
        data: { values: points },
        mark: { type: 'rule', color: ink },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, color: ink, size: 26, opacity: 1 },
        encoding: { x, y, ...measuredEncoding(measuredLabel) },
      },
    ],
  }
}

function spectrumPanel(
  theories: Theories,
  names: readonly string[],
  { mode, eigenvalue, frequency, spectrum }: ModeOscillation,
  coordinate: Coordinate,
): Panel {
  const { frequencies, predicted } = spectrum!
  const rows = (values: readonly number[], more: object): object[] =>
    values.flatMap((value, i) => (value > 0 && frequencies[i]! > 0 ? [{ f: frequencies[i]!, value, ...more }] : []))
  const x = logPosition('f', 'frequency f  [rad/step]', logDomain(frequencies, 1.1))
  const unit = coordinate === 'position' ? 'parameter units' : 'parameter units/time'
  const y = logPosition(
    'value',
    `|X(f)|  [${unit}]`,
    logDomain([...spectrum![coordinate], ...predicted.flatMap((line) => line[coordinate])], 1.2),
  )
  const { color, strokeDash } = theoryEncoding(theories, names)
  return {
    title: panelTitle(`eigenvector ${mode}: ${coordinate}`, [
      `eigenvalue ${formatNumber(eigenvalue)}, mean frequency ${formatNumber(frequency[coordinate].value)}`,
    ]),
    width: panelWidth,
    height: 140,
    layer: [
      {
        data: { values: [{ f: frequency[coordinate].value }] },
        mark: { type: 'rule', color: '#8C8C8C', strokeWidth: 1.5 },
        encoding: { x },
      },
      {
        data: { values: rows(spectrum![coordinate], { series: measuredLabel }) },
        mark: { type: 'point', filled: true, color: ink, size: 12, opacity: 0.8 },
        encoding: { x, y, ...measuredEncoding(measuredLabel) },
      },
      {
        data: {
          values: inTheoryOrder(theories, predicted).flatMap((line) =>
            rows(line[coordinate], { theory: theoryTitle(theories, line.theory) }),
          ),
        },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: { x, y, color, strokeDash },
      },
    ],
  }
}
