import { standardDeviation } from 'simple-statistics'
import { formatNumber, formatSetting } from '../numbers.ts'
import type { Figure } from './figure.ts'
import { type Path, pathLayers } from './path.ts'
import { scaled, squareDomains } from './plane.ts'
import { ringLayer, type Spread } from './rings.ts'
import { axisExponent, linearPosition, panelTitle, unitTitle } from './style.ts'

/** Velocities in the plane of two eigenvectors, and the law that theory says they follow. */
export interface VelocityPlane {
  readonly label: string
  readonly modes: readonly [number, number]
  readonly eigenvalues: readonly [number, number]
  readonly path: Path
  /** e^{−κΨ_v} */
  readonly stationary: Spread
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
        subtitle: 'dashed: Ψ_v at 1, 2, 3 standard deviations; from the square on, darker with time',
      },
      columns: 2,
      concat: planes.map((plane) => {
        const { center, standardDeviations } = plane.stationary
        const [xs, ys] = [plane.path.x, plane.path.y].map((values, axis) => [
          ...values,
          center[axis]! - 3.2 * standardDeviations[axis]!,
          center[axis]! + 3.2 * standardDeviations[axis]!,
        ]) as [number[], number[]]
        const domains = squareDomains(xs, ys)
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
        const [first, second] = [plane.path.x, plane.path.y].map((values) => standardDeviation([...values]))
        return {
          title: panelTitle(plane.label, [
            `eigenvalues ${formatNumber(plane.eigenvalues[0])} and ${formatNumber(plane.eigenvalues[1])}`,
            `spread ratio ${formatSetting(standardDeviations[0] / standardDeviations[1])} predicted, ${formatSetting(first! / second!)} here`,
          ]),
          width: size,
          height: size,
          layer: [
            ringLayer(plane.stationary, unit, unit, x!, y!),
            ...pathLayers(plane.path, unit, unit, x!, y!),
            ringLayer(plane.stationary, unit, unit, x!, y!),
          ],
        }
      }),
    },
  }
}
