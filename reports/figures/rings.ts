import type { Layer, Position } from './style.ts'

/** A normal law of two independent coordinates. */
export interface Spread {
  readonly center: readonly [number, number]
  readonly standardDeviations: readonly [number, number]
}

export const ringColor = '#0072B2'
const ringSizes = [1, 2, 3] as const
const corners = 96

/** What an axis must hold for the outermost ring to be seen: 0 is x, 1 is y. */
export function reach(spread: Spread | undefined, axis: 0 | 1): number[] {
  if (spread === undefined) return []
  const { center, standardDeviations } = spread
  return [-1, 1].map((side) => center[axis] + 1.05 * side * ringSizes.at(-1)! * standardDeviations[axis])
}

/** The ellipses at one, two and three standard deviations of a law: level sets of its potential. */
export function ringLayer(
  { center, standardDeviations }: Spread,
  xUnit: number,
  yUnit: number,
  x: Position,
  y: Position,
): Layer {
  const rows = ringSizes.flatMap((ring) =>
    Array.from({ length: corners + 1 }, (_, corner) => {
      const angle = (2 * Math.PI * corner) / corners
      return {
        ring,
        corner,
        x: (center[0] + ring * standardDeviations[0] * Math.cos(angle)) / xUnit,
        y: (center[1] + ring * standardDeviations[1] * Math.sin(angle)) / yUnit,
      }
    }),
  )
  return {
    data: { values: rows },
    mark: { type: 'line', color: ringColor, strokeWidth: 1.6, strokeDash: [6, 3], clip: true },
    encoding: {
      x,
      y,
      order: { field: 'corner', type: 'quantitative' },
      detail: { field: 'ring', type: 'nominal' },
    },
  }
}
