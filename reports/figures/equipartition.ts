import type { Report, VarianceCurve } from '../../foundation/results.ts'
import { samplingNames, theoryTitle } from '../names.ts'
import type { Figure } from './figure.ts'
import {
  faint,
  type Interval,
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

const measuredLabel = 'SGD ± 2 standard errors, as if of independent variances'

/** Kinetic over potential energy of each mode, ½η(1+β)Var v/(ρ+λ)Var x, which Langevin dynamics says is 1. */
export function equipartitionFigure(report: Report): Figure | undefined {
  const { learningRate, momentum, weightDecay } = report.hyperparameters
  const ratioOf = (rho: number, velocity: number, position: number): number =>
    (learningRate * (1 + momentum) * velocity) / (2 * (rho + weightDecay) * position)
  const panels = report.varianceCurves.flatMap((curve) => {
    const points = curve.position.flatMap((position, l) => {
      const [rho, velocity] = [curve.eigenvalues[l]!, curve.velocity[l]!]
      const isSlow = curve.relaxationSteps[l]! > curve.stepsPerReplica / 20
      if (!(position > 0 && velocity > 0) || isSlow) return []
      const value = ratioOf(rho, velocity, position)
      const relative = Math.hypot(
        curve.positionStandardError[l]! / position,
        curve.velocityStandardError[l]! / velocity,
      )
      return [{ rho, value, low: value * (1 - 2 * relative), high: value * (1 + 2 * relative), series: measuredLabel }]
    })
    return points.length === 0 ? [] : [{ curve, points }]
  })
  if (panels.length === 0) return undefined
  const x = logDomain(panels.flatMap(({ points }) => points.map(({ rho }) => rho)))
  const title = 'Equipartition, mode by mode'
  return {
    kind: 'equipartition',
    name: 'equipartition',
    title,
    caption:
      'Kinetic over potential energy of each mode. Langevin dynamics shares energy equally between the two in every mode: 1. Modes that relax too slowly to test anything are left out.',
    spec: {
      title: { text: title, subtitle: 'kinetic over potential energy; 1 is equipartition' },
      columns: 2,
      concat: panels.map(({ curve, points }) => panel(report, curve, points, x, ratioOf)),
    },
  }
}

interface Point {
  readonly rho: number
  readonly value: number
  readonly low: number
  readonly high: number
  readonly series: string
}

function panel(
  report: Report,
  curve: VarianceCurve,
  points: readonly Point[],
  xDomain: Interval,
  ratioOf: (rho: number, velocity: number, position: number) => number,
): Panel {
  const lines = inTheoryOrder(report, curve.predictedPosition).flatMap(({ theory, values }) => {
    const velocities = curve.predictedVelocity.find((predicted) => predicted.theory === theory)?.values
    return values.flatMap((position, l) => {
      const [rho, velocity] = [curve.eigenvalues[l]!, velocities?.[l]]
      if (velocity === undefined || !(position > 0) || rho < xDomain[0]) return []
      return [{ rho, value: ratioOf(rho, velocity, position), theory: theoryTitle(report, theory) }]
    })
  })
  const { color, strokeDash } = theoryEncoding(
    report,
    report.varianceCurves.flatMap(({ predictedPosition, predictedVelocity }) =>
      predictedPosition
        .map(({ theory }) => theory)
        .filter((name) => predictedVelocity.some(({ theory }) => theory === name)),
    ),
  )
  const x = logPosition('rho', 'eigenvalue ρ  [curvature]', xDomain)
  // a rival far off would leave nothing to see of the rest
  const shown = lines.map(({ value }) => value).filter((value) => value < 3)
  const domain = linearDomain([1, ...shown, ...points.flatMap(({ low, high }) => [low, high])])
  const y = linearPosition('value', 'kinetic / potential energy', domain, { tickCount: 5 })
  return {
    title: panelTitle(samplingNames[curve.sampling]),
    width: panelWidth,
    height: 180,
    layer: [
      {
        data: { values: [{ value: 1 }] },
        mark: { type: 'rule', color: faint, strokeDash: [2, 3] },
        encoding: { y },
      },
      {
        data: { values: lines },
        mark: { type: 'line', strokeWidth: 2, clip: true },
        encoding: { x, y, color, strokeDash },
      },
      {
        data: { values: points },
        mark: { type: 'rule', color: ink },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, color: ink, size: 34, opacity: 1 },
        encoding: { x, y, ...measuredEncoding(measuredLabel) },
      },
    ],
  }
}
