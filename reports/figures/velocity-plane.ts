import { formatNumber } from '../numbers.ts'
import type { Figure } from './figure.ts'
import { type Path, pathLayers, spreadRatio } from './path.ts'
import { scaled, squareDomains } from './plane.ts'
import { reach, ringLayer, type Spread } from './rings.ts'
import { axisExponent, linearPosition, panelTitle, unitTitle } from './style.ts'

/** Velocities in the plane of two eigenvectors, and the law that theory says they follow. */
export interface VelocityPlane {
  readonly label: string
  readonly modes: readonly [number, number]
  readonly eigenvalues: readonly [number, number]
  readonly path: Path
  /** e^{−κΨ_v}; none where an eigenvalue is not positive */
  readonly stationary: Spread | undefined
}

const size = 340

/** Velocities in the planes of two eigenvectors, over the level sets of Ψ_v: the paper's Figure 5, one panel a plane. */
export function velocityPlaneFigure(name: string, planes: readonly VelocityPlane[]): Figure | undefined {
  if (planes.length === 0) return undefined
  const title = 'Velocities in the plane of two eigenvectors'
  return {
    kind: 'velocity-plane',
    name,
    title,
    caption:
      'Velocity projected on two eigenvectors of the Hessian, from the square on, darkening with time. Dashed: level sets of Ψ_v = vᵀH⁻¹v/2σ², at 1, 2 and 3 standard deviations of the stationary law. Theory says that velocity spreads in proportion to the root of the eigenvalue. Both axes have one scale.',
    spec: {
      title: {
        text: title,
        subtitle: 'dashed: modified potential at 1, 2, 3 standard deviations; from the square on, darker with time',
      },
      columns: 2,
      concat: planes.map((plane) => {
        const { path, stationary } = plane
        const domains = squareDomains([...path.x, ...reach(stationary, 0)], [...path.y, ...reach(stationary, 1)])
        const exponent = axisExponent([...domains.x, ...domains.y])
        const unit = 10 ** exponent
        const [x, y] = (['x', 'y'] as const).map((axis, place) =>
          linearPosition(
            axis,
            unitTitle(`v along eigenvector ${plane.modes[place]}`, 'parameter units/time', exponent),
            scaled(domains[axis], unit),
            { tickCount: 5 },
          ),
        )
        return {
          title: panelTitle(plane.label, [
            `eigenvalues ${formatNumber(plane.eigenvalues[0])} and ${formatNumber(plane.eigenvalues[1])}`,
            ...(stationary === undefined ? [] : [spreadRatio(stationary, path)]),
          ]),
          width: size,
          height: size,
          layer: [
            ...pathLayers(path, unit, unit, x!, y!),
            ...(stationary === undefined ? [] : [ringLayer(stationary, unit, unit, x!, y!)]),
          ],
        }
      }),
    },
  }
}
