import { formatCount, formatNumber } from '../numbers.ts'
import type { Figure } from './figure.ts'
import { type Path, pathLayers } from './path.ts'
import { reach, ringColor, ringLayer, type Spread } from './rings.ts'
import {
  axisExponent,
  type Layer,
  linearDomain,
  linearPosition,
  type Panel,
  type Position,
  panelTitle,
  unitTitle,
} from './style.ts'

/** One mode in its own plane: x its position, y its velocity. */
export interface PhasePlane {
  readonly mode: number
  readonly eigenvalue: number
  /** steps that theory says a turn takes; absent where the mode is overdamped */
  readonly turn?: number
  readonly path: Path
  readonly stationary: Spread | undefined
}

const size = 212

/** Position against velocity in several modes, over the level sets of their stationary law: the paper's Figure 6. */
export function phasePlaneFigure(name: string, label: string, planes: readonly PhasePlane[]): Figure | undefined {
  if (planes.length === 0) return undefined
  const title = 'Phase planes, position against velocity'
  return {
    kind: 'phase-plane',
    name,
    title: `${title}: ${label}`,
    caption:
      'Position and velocity along single eigenvectors, from the square on, darkening with time; dashed: the stationary law’s level sets at 1, 2 and 3 standard deviations. Theory says that the trajectory turns clockwise along them (blue arrow heads), faster where the eigenvalue is larger: about with its root. Turns need a mode that is underdamped.',
    spec: {
      title: {
        text: title,
        subtitle: [label, 'dashed: stationary law at 1, 2, 3 standard deviations; arrow heads: the way theory turns'],
      },
      columns: 3,
      concat: planes.map(panel),
      // modes that were followed for different times darken each in its own
      ...(new Set(planes.map(({ path }) => path.steps.at(-1))).size > 1
        ? { resolve: { scale: { color: 'independent' }, legend: { color: 'independent' } } }
        : {}),
    },
  }
}

function panel({ mode, eigenvalue, turn, path, stationary }: PhasePlane): Panel {
  const xDomain = linearDomain([...path.x, ...reach(stationary, 0)])
  const yDomain = linearDomain([...path.y, ...reach(stationary, 1)])
  const [xExponent, yExponent] = [axisExponent(xDomain), axisExponent(yDomain)]
  const [xUnit, yUnit] = [10 ** xExponent, 10 ** yExponent]
  const x = linearPosition(
    'x',
    unitTitle('position x', 'parameter units', xExponent),
    [xDomain[0] / xUnit, xDomain[1] / xUnit],
    { tickCount: 4 },
  )
  const y = linearPosition(
    'y',
    unitTitle('velocity v', 'parameter units/time', yExponent),
    [yDomain[0] / yUnit, yDomain[1] / yUnit],
    { tickCount: 4 },
  )
  const turns = (path.steps.at(-1)! - path.steps[0]!) / (turn ?? Number.POSITIVE_INFINITY)
  return {
    title: panelTitle(`eigenvector ${mode}`, [
      `eigenvalue ${formatNumber(eigenvalue)}`,
      turn === undefined
        ? 'overdamped: no turns'
        : `predicted: ${formatCount(turns)} turns of ${formatCount(turn)} steps`,
    ]),
    width: size,
    height: size,
    layer: [
      ...pathLayers(path, xUnit, yUnit, x, y),
      ...(stationary === undefined
        ? []
        : [ringLayer(stationary, xUnit, yUnit, x, y), ...arrowHeads(stationary, xUnit, yUnit, x, y)]),
    ],
  }
}

/** Clockwise: to the right where v > 0, to the left where v < 0. */
function arrowHeads(
  { center, standardDeviations }: Spread,
  xUnit: number,
  yUnit: number,
  x: Position,
  y: Position,
): Layer[] {
  return ([1, -1] as const).map((side) => ({
    data: { values: [{ x: center[0] / xUnit, y: (center[1] + 2 * side * standardDeviations[1]) / yUnit }] },
    mark: {
      type: 'point',
      shape: side > 0 ? 'triangle-right' : 'triangle-left',
      filled: true,
      color: ringColor,
      size: 150,
      opacity: 1,
      stroke: '#FFFFFF',
    },
    encoding: { x, y },
  }))
}
