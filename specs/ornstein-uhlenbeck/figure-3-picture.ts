import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import {
  decomposition,
  figure3,
  figure3OriginalLoss,
  figure3Process,
  force,
  modifiedLoss,
  transitionSampler,
} from '../../oracle/ornstein-uhlenbeck/index.ts'
import type { ModifiedPotential } from '../../reports/figures/modified-potential.ts'

/** A twentieth of the plotted square: the paper's 1e-4 draws a dot. */
const noiseScale = 8e-3
const timeStep = 0.05
const steps = 1200
/** Distances of the current lines' starts from the centre, in half widths of the plotted square. */
const radii = [0.25, 0.5, 0.8]
const pointsOfLine = 240

/** Figure 3 as its process, drift repaired, really runs: potentials, one trajectory, and closed lines of its current. */
export function figure3Picture(): ModifiedPotential {
  const process = figure3Process('potentialMinimum', noiseScale)
  const parts = decomposition(process)
  const [cx, cy] = figure3.potentialMinimum
  const { halfWidth, gridSize } = figure3
  const axis = Array.from({ length: gridSize }, (_, i) => -halfWidth + (2 * halfWidth * i) / (gridSize - 1))
  const sampled = (value: (x: number, y: number) => number): number[] =>
    axis.flatMap((y) => axis.map((x) => value(x, y)))

  const random = streamOf(3, 0)
  const { step, rank } = transitionSampler(process, timeStep)
  const normals = new Float64Array(rank)
  let state = Float64Array.of(0.06, 0.07)
  const path = { steps: [0], x: [state[0]!], y: [state[1]!] }
  for (let k = 1; k <= steps; k++) {
    for (let i = 0; i < rank; i++) normals[i] = standardNormal(random)
    const next = new Float64Array(2)
    step(state, normals, next)
    state = next
    path.steps.push(k)
    path.x.push(state[0]!)
    path.y.push(state[1]!)
  }
  return {
    potential: { x: axis, y: axis, values: sampled(figure3OriginalLoss) },
    modified: { x: axis, y: axis, values: sampled((x, y) => modifiedLoss(parts, Float64Array.of(x, y))) },
    currents: radii.map((radius) => currentLine((point) => force(parts, point), [cx + radius * halfWidth, cy])),
    path,
    label: `drift A(μ − x), D = diag(4, 1), noise ${noiseScale} √D dW (the paper’s 1e-4 would be a dot), ${steps} steps of ${timeStep}`,
  }
}

/** One turn along a linear field that circles its centre, by the midpoint rule in steps of equal time. */
function currentLine(
  field: (point: Float64Array) => Float64Array,
  start: readonly [number, number],
): { x: number[]; y: number[] } {
  const line = { x: [start[0]], y: [start[1]] }
  // the eigenvalues of −QU are ±iν: ν² is its determinant, read off the field's differences
  const base = field(Float64Array.from(start))
  const column = (dx: number, dy: number): [number, number] => {
    const moved = field(Float64Array.of(start[0] + dx, start[1] + dy))
    return [moved[0]! - base[0]!, moved[1]! - base[1]!]
  }
  const [[a, c], [b, d]] = [column(1, 0), column(0, 1)]
  const timeOfStep = (2 * Math.PI) / Math.sqrt(a * d - b * c) / pointsOfLine
  let [x, y] = start
  for (let k = 1; k <= pointsOfLine; k++) {
    const slope = field(Float64Array.of(x, y))
    const half = field(Float64Array.of(x + (timeOfStep / 2) * slope[0]!, y + (timeOfStep / 2) * slope[1]!))
    x += timeOfStep * half[0]!
    y += timeOfStep * half[1]!
    line.x.push(x)
    line.y.push(y)
  }
  return line
}
