import { describe, expect, it } from 'vitest'
import { bowlLevels, contourLayers } from './contours.ts'

interface Feature {
  readonly geometry: { readonly coordinates: number[][][] }
}
const side = Array.from({ length: 41 }, (_, i) => -1 + i / 20)
const frame = { x: [-1, 1] as const, y: [-1, 1] as const, width: 200, height: 200 }

describe('contourLayers', () => {
  it('draws x² + 4y² = ½ as the ellipse it is, upright and in its place', () => {
    const values = side.flatMap((y) => side.map((x) => (x - 0.1) ** 2 + 4 * y * y))
    const { lines } = contourLayers({ x: side, y: side, values }, [0.5], frame)
    const features = (lines[0]!.data as unknown as { values: Feature[] }).values
    const points = features[1]!.geometry.coordinates.flat()
    expect(points.length).toBeGreaterThan(40)
    for (const [px, py] of points) {
      const [x, y] = [px! / 100 - 1, 1 - py! / 100]
      // linear interpolation on cells of 0.05: at most h²/4·(second derivative)/2 = 0.0025·8/8
      expect(Math.abs((x - 0.1) ** 2 + 4 * y * y - 0.5)).toBeLessThan(0.003)
    }
  })

  it('draws no line along the grid’s edge', () => {
    const values = side.flatMap(() => side.map((x) => x))
    const { lines } = contourLayers({ x: side, y: side, values }, [0.25], frame)
    const features = (lines[0]!.data as unknown as { values: Feature[] }).values
    expect(features[0]!.geometry.coordinates).toEqual([])
    const xs = features[1]!.geometry.coordinates.flat().map(([x]) => x!)
    for (const x of xs) expect(x).toBeCloseTo(125, 6)
  })
})

describe('bowlLevels', () => {
  it('lie evenly on the slope of a quadratic bowl', () => {
    expect(bowlLevels([1, 17, 5], 4)).toEqual([2, 5, 10])
    expect(bowlLevels([3, 3], 4)).toEqual([])
  })
})
