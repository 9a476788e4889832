import { expect, it } from 'vitest'
import { decomposition, figure3Process, force, modifiedLoss } from '../../oracle/ornstein-uhlenbeck/index.ts'
import { figure3Picture } from './figure-3-picture.ts'

const parts = decomposition(figure3Process('potentialMinimum'))
const { currents, path } = figure3Picture()

it('current lines close, keep to one level of Ψ, and run the way the force points', () => {
  for (const { x, y } of currents) {
    const levels = x.map((value, i) => modifiedLoss(parts, Float64Array.of(value, y[i]!)))
    // the midpoint rule with 240 steps a turn: (2π/240)³/24 · 240 ≈ 2e-4 a turn
    for (const level of levels) expect(level / levels[0]!).toBeCloseTo(1, 3)
    const radius = Math.hypot(x[0]! - x[120]!, y[0]! - y[120]!)
    expect(Math.hypot(x.at(-1)! - x[0]!, y.at(-1)! - y[0]!) / radius).toBeLessThan(2e-3)
    const along = force(parts, Float64Array.of(x[0]!, y[0]!))
    expect(along[0]! * (x[1]! - x[0]!) + along[1]! * (y[1]! - y[0]!)).toBeGreaterThan(0)
  }
})

it('the trajectory relaxes from its start and spreads as Ψ says', () => {
  const kappa = 2 / 8e-3 ** 2
  const settled = path.x.slice(200).map((x, i) => kappa * modifiedLoss(parts, Float64Array.of(x, path.y[200 + i]!)))
  const mean = settled.reduce((sum, value) => sum + value, 0) / settled.length
  // E κΨ = 1 in two dimensions, standard deviation 1 with some 25 independent looks: steps of 0.05, memory about 1/2
  expect(Math.abs(mean - 1)).toBeLessThan(5 / Math.sqrt(25))
})
