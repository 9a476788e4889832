import { standardDeviation } from 'simple-statistics'
import { formatNumber } from '../numbers.ts'
import type { Spread } from './rings.ts'
import { evenly, type Layer, type Position } from './style.ts'

/** Where something was, in two coordinates, step by step. */
export interface Path {
  readonly steps: readonly number[]
  readonly x: readonly number[]
  readonly y: readonly number[]
}

const shownPoints = 1500
/** Pieces of one colour each: a line cannot change its colour on the way. */
const pieces = 24
/** Light to dark, one hue: told apart by lightness alone. */
const early = '#F2A65A'
const late = '#4A1500'

/** A path as a line that darkens with time, its start marked; of a long one every n-th point is drawn. */
export function pathLayers(path: Path, xUnit: number, yUnit: number, x: Position, y: Position): Layer[] {
  const shown = evenly(path.steps.length, shownPoints).map((i) => ({
    step: path.steps[i]!,
    x: path.x[i]! / xUnit,
    y: path.y[i]! / yUnit,
  }))
  if (shown.length === 0) return []
  const length = Math.max(1, Math.ceil((shown.length - 1) / pieces))
  const rows = shown.flatMap((point, i) => {
    const piece = Math.min(Math.floor(i / length), Math.ceil((shown.length - 1) / length) - 1)
    const begins = shown[piece * length]!.step
    // neighbours share a point, so that the line is whole
    return i > 0 && i % length === 0 && i < shown.length - 1
      ? [
          { ...point, since: shown[(piece - 1) * length]!.step },
          { ...point, since: begins },
        ]
      : [{ ...point, since: begins }]
  })
  const [first, last] = [shown[0]!, shown.at(-1)!]
  return [
    {
      data: { values: rows },
      mark: { type: 'line', strokeWidth: 0.7, opacity: 0.85, clip: true },
      encoding: {
        x,
        y,
        order: { field: 'step', type: 'quantitative' },
        color: {
          field: 'since',
          type: 'quantitative',
          scale: { domain: [first.step, last.step], range: [early, late] },
          legend: {
            type: 'gradient',
            title: 'step',
            direction: 'horizontal',
            gradientLength: 200,
            gradientThickness: 8,
            tickCount: 3,
          },
        },
      },
    },
    {
      data: { values: [first] },
      mark: { type: 'point', shape: 'square', filled: true, color: '#222222', size: 36, opacity: 1 },
      encoding: { x, y },
    },
  ]
}

/** How many times wider than high theory says it is, and how many times it was. */
export function spreadRatio({ standardDeviations }: Spread, path: Path): string {
  const [x, y] = [path.x, path.y].map((values) => standardDeviation([...values]))
  return `spread ratio ${formatNumber(x! / y!)}, predicted ${formatNumber(standardDeviations[0] / standardDeviations[1])}`
}
