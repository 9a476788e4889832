import { contours } from 'd3-contour'
import type { Interval, Layer } from './style.ts'

/** A function sampled on a grid. */
export interface Grid {
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** // [y, x] */
  readonly values: readonly number[]
}

/** A plot's rectangle: domains of both axes and its size in pixels. */
export interface Frame {
  readonly x: Interval
  readonly y: Interval
  readonly width: number
  readonly height: number
}

/** From the bottom of a bowl to its rim: light to darker blue, all light enough for what is drawn on them. */
const darkest = [158, 190, 216] as const
const lightest = [247, 250, 252] as const

/**
 * Levels that lie evenly on the slope of a quadratic bowl: lowest + (highest − lowest)(i/count)², the lowest one left out.
 */
export function bowlLevels(values: readonly number[], count: number): number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!(high > low)) return []
  return Array.from({ length: count - 1 }, (_, i) => low + (high - low) * ((i + 1) / count) ** 2)
}

/**
 * Contours of a grid by marching squares: their fills go below what the plot holds, their lines on top of it.
 *
 * @param levels ascending
 */
export function contourLayers(
  grid: Grid,
  levels: readonly number[],
  frame: Frame,
): { readonly fills: Layer[]; readonly lines: Layer[] } {
  const [columns, rows] = [grid.x.length, grid.y.length]
  if (columns < 2 || rows < 2 || levels.length === 0) return { fills: [], lines: [] }
  const toX = pixels(grid.x, frame.x, frame.width, false)
  const toY = pixels(grid.y, frame.y, frame.height, true)
  const lowest = grid.values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const levelSets = contours()
    .size([columns, rows])
    .smooth(true)
    .thresholds([lowest, ...levels])([...grid.values])
  const placed = (points: readonly (readonly number[])[]): number[][] => points.map(([i, j]) => [toX(i!), toY(j!)])
  const onEdge = ([i, j]: readonly number[]): boolean =>
    i! <= 0.5 || j! <= 0.5 || i! >= columns - 0.5 || j! >= rows - 0.5
  const fills = levelSets.map(({ coordinates }, place) => ({
    type: 'Feature' as const,
    properties: { color: shade(place / levels.length) },
    geometry: {
      type: 'MultiPolygon' as const,
      coordinates: coordinates.map((polygon) => polygon.map(placed)),
    },
  }))
  const lines = levelSets.map(({ coordinates }) => ({
    type: 'Feature' as const,
    geometry: {
      type: 'MultiLineString' as const,
      coordinates: coordinates.flatMap((polygon) => polygon.flatMap((ring) => pieces(ring, onEdge).map(placed))),
    },
  }))
  const projection = { type: 'identity' as const, scale: 1, translate: [0, 0] as [number, number] }
  return {
    fills: [
      {
        data: { values: fills },
        projection,
        mark: { type: 'geoshape', stroke: null, clip: true },
        encoding: { fill: { field: 'properties.color', type: 'nominal', scale: null } },
      },
    ],
    lines: [
      {
        data: { values: lines },
        projection,
        mark: { type: 'geoshape', fill: null, stroke: '#0072B2', strokeWidth: 0.8, strokeOpacity: 0.8, clip: true },
      },
    ],
  }
}

/** A ring without the parts that run along the grid's edge: those are no lines of one value. */
function pieces(ring: readonly number[][], onEdge: (point: readonly number[]) => boolean): number[][][] {
  const found: number[][][] = []
  for (let i = 1; i < ring.length; i++) {
    const [from, to] = [ring[i - 1]!, ring[i]!]
    if (onEdge(from) && onEdge(to)) continue
    const open = found.at(-1)
    if (open?.at(-1) === from) open.push(to)
    else found.push([from, to])
  }
  return found
}

function shade(part: number): string {
  const hex = lightest.map((from, i) =>
    Math.round(from + (darkest[i]! - from) * part)
      .toString(16)
      .padStart(2, '0'),
  )
  return `#${hex.join('')}`
}

/** Pixels of a place in a grid, in d3's coordinates: the sample i has its centre at i + ½, and the edge ends half a cell outside. */
function pixels(
  samples: readonly number[],
  [low, high]: Interval,
  size: number,
  upward: boolean,
): (place: number) => number {
  return (place) => {
    const at = Math.min(samples.length - 1, Math.max(0, place - 0.5))
    const below = Math.min(samples.length - 2, Math.floor(at))
    const value = samples[below]! + (at - below) * (samples[below + 1]! - samples[below]!)
    const part = (value - low) / (high - low)
    return size * (upward ? 1 - part : part)
  }
}
