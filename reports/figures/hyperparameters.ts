import type { SpecClaim } from '../../foundation/results.ts'
import type { Figure } from './figure.ts'
import {
  type Interval,
  ink,
  type Layer,
  linearDomain,
  linearPosition,
  logDomain,
  logPosition,
  measuredEncoding,
  type Panel,
  type Position,
  panelTitle,
  theoryEncoding,
} from './style.ts'

type Hyperparameters = NonNullable<SpecClaim['hyperparameters']>
type Parameter = Exclude<keyof Hyperparameters, 'weightDecay'>

const width = 200
const height = 180
const axes = {
  learningRate: { title: 'learning rate η  [time/step]', symbol: 'η', scale: 'log' },
  momentum: { title: 'momentum β', symbol: 'β', scale: 'linear' },
  batchSize: { title: 'batch size S  [examples]', symbol: 'S', scale: 'log' },
} as const
const parameters = Object.keys(axes) as Parameter[]
const calibrated = 'eq. 18 calibrated'
/** Of all who are asked, those that say how a hyperparameter acts. */
const drawnTheories = ['discrete', 'shuffled epochs', 'langevin', calibrated, 'linear scaling']
const measuredTitle = 'SGD, with the 1 − α interval of its claim'

/** One quantity at settings that differ in one hyperparameter, in its order. */
interface Sweep {
  readonly parameter: Parameter
  readonly points: readonly Point[]
}

interface Point {
  /** of the hyperparameter */
  readonly parameter: number
  readonly estimate: number
  readonly interval: Interval
  readonly predictions: readonly { readonly theory: string; readonly value: number }[]
}

/**
 * Speed and exponent against learning rate, momentum and batch size in linear regression: the paper's Figure 7, from the claims of
 * the specs' hypothesis about them. Absent where they were not asked.
 */
export function hyperparametersFigure(claims: readonly SpecClaim[]): Figure | undefined {
  const asked = claims.filter(
    ({ hypothesis, hyperparameters, looks }) =>
      hypothesis === 'hyperparameters' && hyperparameters !== undefined && looks.length > 0,
  )
  const ofStream = asked.filter(({ sampling }) => sampling === 'gaussian')
  const ofEpochs = asked.filter(({ sampling }) => sampling === 'shuffled-epochs')
  const starts = (quantity: string, claims: readonly SpecClaim[]): SpecClaim[] =>
    claims.filter((claim) => claim.quantity.startsWith(quantity))
  const speeds = sweepsOf(starts('speed', ofStream))
  const exponents = sweepsOf(starts('exponent', ofStream))
  const epochs = sweepsOf(starts('exponent', ofEpochs))
  if (speeds.length === 0 || exponents.length === 0) return undefined

  const ratios = speeds.map(againstCalibrated)
  const closer = epochs.map(withoutDistant)
  const names = [...speeds, ...exponents, ...epochs].flatMap(({ points }) =>
    points.flatMap(({ predictions }) => predictions.map(({ theory }) => theory)),
  )
  const speedAxis = (sweeps: readonly Sweep[]): Position =>
    logPosition('value', '‖δ‖²  [sq. parameter units]', logDomain(numbersOf(sweeps)))
  const exponentAxis = (sweeps: readonly Sweep[]): Position =>
    linearPosition('value', 'exponent c', linearDomain([0, ...numbersOf(sweeps)]), { tickCount: 6 })
  const ratioAxis = linearPosition('value', '‖δ‖² / eq. 18', linearDomain([1, ...numbersOf(ratios)]), { tickCount: 5 })
  const row = (what: string, sweeps: readonly Sweep[], y: Position): Panel[] =>
    sweeps.map((sweep) => panel(`${what} over ${axes[sweep.parameter].symbol}`, names, sweep, y))
  const title = 'Speed and exponent over the hyperparameters'
  return {
    kind: 'sweep',
    name: 'hyperparameters',
    title,
    caption:
      'The paper’s Figure 7 in linear regression. Top: ‖δ‖², the squared length of a step, once stationary; below it the same, divided by eq. 18 with the σ² tr H that the exact law has at the default: it tests the scaling alone. Then the exponent of the distance from the start over a fixed number of steps, from rest at the minimum. All these under Gaussian noise, where batch size moves the speed and not the exponent. Bottom: the same exponent over two epochs of shuffled examples, however many steps these are; there it rises and falls with S, as the paper saw, where noise that is independent from step to step would make it rise alone. Points are measured; their bars are the 1 − α intervals of the claims, far wider than two standard errors, and in the top row mostly shorter than the points. Lines join predictions, which were made only where a setting was run.',
    spec: {
      title: { text: title, subtitle: 'linear regression; one hyperparameter moved, the others at their defaults' },
      columns: 3,
      concat: [
        ...row('speed', speeds, speedAxis(speeds)),
        ...row('speed against eq. 18', ratios, ratioAxis),
        ...row('exponent', exponents, exponentAxis(exponents)),
        ...row('two shuffled epochs: exponent', epochs, exponentAxis(epochs)),
        ...row('the same, closer: exponent', closer, exponentAxis(closer)),
      ],
    },
  }
}

/** One sweep for each hyperparameter that takes several values while the others stay at their commonest. */
function sweepsOf(claims: readonly SpecClaim[]): Sweep[] {
  const at = (claim: SpecClaim): Hyperparameters => claim.hyperparameters!
  const usual = (parameter: Parameter): number => commonest(claims.map((claim) => at(claim)[parameter]))
  return parameters.flatMap((parameter) => {
    const others = parameters.filter((other) => other !== parameter)
    const moved = claims
      .filter((claim) => others.every((other) => at(claim)[other] === usual(other)))
      .sort((a, b) => at(a)[parameter] - at(b)[parameter])
    return moved.length < 2 ? [] : [{ parameter, points: moved.map((claim) => pointOf(claim, at(claim)[parameter])) }]
  })
}

function commonest(values: readonly number[]): number {
  const count = (value: number): number => values.filter((other) => other === value).length
  return values.reduce((best, value) => (count(value) > count(best) ? value : best), values[0] ?? 0)
}

function pointOf({ looks, comparisons }: SpecClaim, parameter: number): Point {
  const { estimate, confidenceInterval } = looks.at(-1)!
  const predictions = comparisons.flatMap(({ theory, prediction }) =>
    drawnTheories.includes(theory) && prediction !== undefined ? [{ theory, value: prediction }] : [],
  )
  return { parameter, estimate, interval: confidenceInterval, predictions }
}

/** What the decades of speed hide; linear scaling, off by factors, would hide it again. */
function againstCalibrated({ parameter, points }: Sweep): Sweep {
  return {
    parameter,
    points: points.flatMap(({ estimate, interval: [low, high], predictions, ...point }) => {
      const unit = predictions.find(({ theory }) => theory === calibrated)?.value
      if (unit === undefined) return []
      const near = predictions.filter(({ theory }) => theory !== 'linear scaling')
      return [
        {
          ...point,
          estimate: estimate / unit,
          interval: [low / unit, high / unit] as const,
          predictions: near.map(({ theory, value }) => ({ theory, value: value / unit })),
        },
      ]
    }),
  }
}

/** Epochs without the theories that know none. */
function withoutDistant({ parameter, points }: Sweep): Sweep {
  const knows = ({ theory }: { readonly theory: string }): boolean => theory === 'shuffled epochs'
  return { parameter, points: points.map((point) => ({ ...point, predictions: point.predictions.filter(knows) })) }
}

function numbersOf(sweeps: readonly Sweep[]): number[] {
  return sweeps.flatMap(({ points }) =>
    points.flatMap(({ interval, predictions }) => [...interval, ...predictions.map(({ value }) => value)]),
  )
}

function panel(title: string, names: readonly string[], { parameter, points }: Sweep, y: Position): Panel {
  const { title: axis, scale } = axes[parameter]
  const values = points.map((point) => point.parameter)
  const x =
    scale === 'log'
      ? logPosition('parameter', axis, logDomain(values, 1.3))
      : linearPosition('parameter', axis, linearDomain(values), { tickCount: 4 })
  const lines = points.flatMap(({ parameter, predictions }) => predictions.map((row) => ({ ...row, parameter })))
  const measured = points.map(({ parameter, estimate, interval: [low, high] }) => ({
    parameter,
    value: estimate,
    ...{ low, high, series: measuredTitle },
  }))
  const { color, strokeDash } = theoryEncoding({ theories: [] }, names)
  const marks: Layer[] = [
    { data: { values: lines }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } },
    {
      data: { values: measured },
      mark: { type: 'rule', color: ink },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data: { values: measured },
      mark: { type: 'point', filled: true, opacity: 1, size: 34, color: ink },
      encoding: { x, y, ...measuredEncoding(measuredTitle) },
    },
  ]
  return { title: panelTitle(title), width, height, layer: marks }
}
