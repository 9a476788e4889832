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
/** Of all who are asked, those that say how a hyperparameter acts. */
const drawnTheories = ['discrete', 'shuffled epochs', 'langevin', 'eq. 18 calibrated', 'linear scaling']
const measuredTitle = 'SGD, the interval that decided the verdict'

/** Claims of one quantity at settings that differ in one hyperparameter, in its order. */
interface Sweep {
  readonly parameter: Parameter
  readonly claims: readonly SpecClaim[]
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

  const names = [...speeds, ...exponents, ...epochs].flatMap(({ claims }) =>
    claims.flatMap((claim) => drawn(claim).map(({ theory }) => theory)),
  )
  const speedAxis = (sweeps: readonly Sweep[]): Position =>
    logPosition('value', '‖δ‖²  [sq. parameter units]', logDomain(numbersOf(sweeps)))
  const exponentAxis = (sweeps: readonly Sweep[]): Position =>
    linearPosition('value', 'exponent c', linearDomain([0, ...numbersOf(sweeps)]), { tickCount: 6 })
  const row = (what: string, sweeps: readonly Sweep[], y: Position): Panel[] =>
    sweeps.map((sweep) => panel(`${what} over ${axes[sweep.parameter].symbol}`, names, sweep, y))
  const title = 'Speed and exponent over the hyperparameters'
  return {
    kind: 'sweep',
    name: 'hyperparameters',
    title,
    caption:
      'The paper’s Figure 7 in linear regression. Top: ‖δ‖², the squared length of a step, once stationary. Middle: exponent of the distance from the start over a fixed number of steps, from rest at the minimum. Both under Gaussian noise, where batch size moves the speed and not the exponent. Bottom: the same exponent over two epochs of shuffled examples, however many steps these are; there it rises and falls with S, as the paper saw. Points are measured, with the interval that decided the verdict, far wider than two standard errors; lines are predictions, only where a setting was run.',
    spec: {
      title: { text: title, subtitle: 'linear regression; one hyperparameter moved, the others at their defaults' },
      columns: 3,
      concat: [
        ...row('speed', speeds, speedAxis(speeds)),
        ...row('exponent', exponents, exponentAxis(exponents)),
        ...row('two shuffled epochs: exponent', epochs, exponentAxis(epochs)),
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
    return moved.length < 2 ? [] : [{ parameter, claims: moved }]
  })
}

function commonest(values: readonly number[]): number {
  const count = (value: number): number => values.filter((other) => other === value).length
  return values.reduce((best, value) => (count(value) > count(best) ? value : best), values[0] ?? 0)
}

function drawn({ comparisons }: SpecClaim): { theory: string; value: number }[] {
  return comparisons.flatMap(({ theory, prediction }) =>
    drawnTheories.includes(theory) && prediction !== undefined ? [{ theory, value: prediction }] : [],
  )
}

function measured(claim: SpecClaim): { estimate: number; interval: Interval } {
  const { estimate, confidenceInterval } = claim.looks.at(-1)!
  return { estimate, interval: confidenceInterval }
}

function numbersOf(sweeps: readonly Sweep[]): number[] {
  return sweeps.flatMap(({ claims }) =>
    claims.flatMap((claim) => [...measured(claim).interval, ...drawn(claim).map(({ value }) => value)]),
  )
}

function panel(title: string, names: readonly string[], { parameter, claims }: Sweep, y: Position): Panel {
  const { title: axis, scale } = axes[parameter]
  const at = (claim: SpecClaim): number => claim.hyperparameters![parameter]
  const values = claims.map(at)
  const x =
    scale === 'log'
      ? logPosition('parameter', axis, logDomain(values, 1.3))
      : linearPosition('parameter', axis, linearDomain(values), { tickCount: 4 })
  const lines = claims.flatMap((claim) => drawn(claim).map((row) => ({ ...row, parameter: at(claim) })))
  const points = claims.map((claim) => {
    const { estimate, interval } = measured(claim)
    return { parameter: at(claim), value: estimate, low: interval[0], high: interval[1], series: measuredTitle }
  })
  const { color, strokeDash } = theoryEncoding({ theories: [] }, names)
  const marks: Layer[] = [
    { data: { values: lines }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } },
    {
      data: { values: points },
      mark: { type: 'rule', color: ink },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data: { values: points },
      mark: { type: 'point', filled: true, opacity: 1, size: 34, color: ink },
      encoding: { x, y, ...measuredEncoding(measuredTitle) },
    },
  ]
  return { title: panelTitle(title), width, height, layer: marks }
}
