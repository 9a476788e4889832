import { bowlLevels, contourLayers, type Grid } from './contours.ts'
import type { Figure } from './figure.ts'
import { type Path, pathLayers } from './path.ts'
import { axisExponent, type Layer, linearPosition, type Panel, panelTitle, unitTitle } from './style.ts'

/** A process in the plane whose noise is not its potential's own. */
export interface ModifiedPotential {
  /** The potential that generates the drift. */
  readonly potential: Grid
  /** Ψ, whose Gibbs law the process has. */
  readonly modified: Grid
  /** Lines that the stationary current runs along, each from its start on; arrow heads at their starts. */
  readonly currents: readonly { readonly x: readonly number[]; readonly y: readonly number[] }[]
  readonly path: Path
  readonly label: string
}

const size = 300
const levelCount = 8

/** A trajectory over its potential and over the modified one, whose level sets its current follows: the paper's Figure 3. */
export function modifiedPotentialFigure({ potential, modified, currents, path, label }: ModifiedPotential): Figure {
  const domain = [potential.x[0]!, potential.x.at(-1)!] as const
  const exponent = axisExponent(domain)
  const unit = 10 ** exponent
  const axis = (field: 'x' | 'y', name: string) =>
    linearPosition(field, unitTitle(name, 'parameter units', exponent), [domain[0] / unit, domain[1] / unit], {
      tickCount: 5,
    })
  const [x, y] = [axis('x', 'x₁'), axis('y', 'x₂')]
  const frame = { x: domain, y: domain, width: size, height: size }
  const panel = (heading: string, line: string, grid: Grid, above: Layer[]): Panel => {
    const { fills, lines } = contourLayers(grid, bowlLevels(grid.values, levelCount), frame)
    return {
      title: panelTitle(heading, [line]),
      width: size,
      height: size,
      layer: [...fills, ...lines, ...pathLayers(path, unit, unit, x, y), ...above],
    }
  }
  return {
    kind: 'modified-potential',
    name: 'modified-potential',
    title: 'A process follows its modified potential',
    caption:
      'One trajectory (from the square on, darkening with time) of an Ornstein–Uhlenbeck process with anisotropic noise, over the potential that generates its drift (left) and over the modified potential, whose Gibbs law it has (right). The stationary probability current (green, arrow heads point along it) runs along the level sets of the modified potential: it is not at rest, and does not change the law.',
    spec: {
      title: { text: 'A process follows its modified potential', subtitle: label },
      columns: 2,
      concat: [
        panel('potential Φ', 'generates the drift', potential, []),
        panel('modified potential Ψ', 'green: stationary current', modified, currentLayers(currents, unit, x, y)),
      ],
    },
  }
}

function currentLayers(
  currents: ModifiedPotential['currents'],
  unit: number,
  x: ReturnType<typeof linearPosition>,
  y: ReturnType<typeof linearPosition>,
): Layer[] {
  const green = '#00704F'
  const rows = currents.flatMap(({ x: xs, y: ys }, line) =>
    xs.map((value, step) => ({ line, step, x: value / unit, y: ys[step]! / unit })),
  )
  const heads = currents.map(({ x: xs, y: ys }) => ({
    x: xs[0]! / unit,
    y: ys[0]! / unit,
    // degrees clockwise from up, as symbols are turned
    angle: (Math.atan2(xs[1]! - xs[0]!, ys[1]! - ys[0]!) * 180) / Math.PI,
  }))
  return [
    {
      data: { values: rows },
      mark: { type: 'line', color: green, strokeWidth: 1.8, clip: true },
      encoding: {
        x,
        y,
        order: { field: 'step', type: 'quantitative' },
        detail: { field: 'line', type: 'nominal' },
      },
    },
    {
      data: { values: heads },
      mark: { type: 'point', shape: 'triangle-up', filled: true, color: green, size: 130, opacity: 1, clip: true },
      encoding: { x, y, angle: { field: 'angle', type: 'quantitative', scale: null } },
    },
  ]
}
