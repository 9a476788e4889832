import { formatNumber } from '../numbers.ts'
import { bowlLevels, contourLayers, type Grid } from './contours.ts'
import type { Figure } from './figure.ts'
import { type Path, pathLayers, spreadRatio } from './path.ts'
import { scaled, squareDomains } from './plane.ts'
import { reach, ringLayer, type Spread } from './rings.ts'
import { axisExponent, type Layer, linearPosition, type Panel, panelTitle, unitTitle } from './style.ts'

/** A trajectory seen in the plane of two eigenvectors, over losses sampled there and the law that theory says it follows. */
export interface PositionPlane {
  readonly label: string
  readonly modes: readonly [number, number]
  readonly eigenvalues: readonly [number, number]
  readonly path: Path
  /** each drawn in a panel of its own */
  readonly losses: readonly { readonly name: string; readonly grid: Grid }[]
  /** e^{−κΨ}; none where an eigenvalue is not positive */
  readonly stationary: Spread | undefined
}

const size = 212
const levelCount = 7

/**
 * The trajectory in the plane of two eigenvectors, over contours of losses and over the modified potential: the paper's
 * Figure 4. All panels have one scale, the same along both axes.
 */
export function positionPlaneFigure(name: string, plane: PositionPlane): Figure {
  const [i, j] = plane.modes
  const title = `Positions in the plane of eigenvectors ${i} and ${j}`
  const { path, losses, stationary } = plane
  const domains = squareDomains(
    [...path.x, ...losses.flatMap(({ grid }) => grid.x), ...reach(stationary, 0)],
    [...path.y, ...losses.flatMap(({ grid }) => grid.y), ...reach(stationary, 1)],
  )
  const exponent = axisExponent([...domains.x, ...domains.y])
  const unit = 10 ** exponent
  const x = linearPosition(
    'x',
    unitTitle(`along eigenvector ${i}`, 'parameter units', exponent),
    scaled(domains.x, unit),
    {
      tickCount: 4,
    },
  )
  const y = linearPosition(
    'y',
    unitTitle(`along eigenvector ${j}`, 'parameter units', exponent),
    scaled(domains.y, unit),
    {
      tickCount: 4,
    },
  )
  const frame = { ...domains, width: size, height: size }
  const panel = (heading: string, lines: string[], below: Layer[], above: Layer[]): Panel => ({
    title: panelTitle(heading, lines),
    width: size,
    height: size,
    layer: [...below, ...pathLayers(path, unit, unit, x, y), ...above],
  })
  return {
    kind: 'position-plane',
    name,
    title: `${title}: ${plane.label}`,
    caption: `The trajectory projected on eigenvectors ${i} and ${j} of the Hessian, the same in every panel, from the square on, darkening with time, over what each panel names. Lines of equal loss are closer together where it is steeper, and long where it is flat; theory says that SGD does not follow them but the modified potential Ψ, whose level sets (dashed) are circles without weight decay. Both axes have one scale.`,
    spec: {
      title: {
        text: title,
        subtitle: [
          plane.label,
          `eigenvalues ${formatNumber(plane.eigenvalues[0])} and ${formatNumber(plane.eigenvalues[1])}; from the square on, darker with time`,
        ],
      },
      columns: 3,
      concat: [
        ...losses.map(({ name: loss, grid }) => {
          const levels = bowlLevels(grid.values, levelCount)
          const { fills, lines } = contourLayers(grid, levels, frame)
          return panel(
            loss,
            [`lines from ${formatNumber(levels[0])}`, `to ${formatNumber(levels.at(-1))}`],
            fills,
            lines,
          )
        }),
        ...(stationary === undefined
          ? []
          : [
              panel(
                'modified potential Ψ',
                ['dashed: 1, 2, 3 standard deviations', spreadRatio(stationary, path)],
                [],
                [ringLayer(stationary, unit, unit, x, y)],
              ),
            ]),
      ],
    },
  }
}
