import { describe, expect, it } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { discreteLaw } from './discrete.ts'
import { projectionVariance, radiusProbability, whitenedDirection } from './stationary-distribution.ts'

const { stationary } = discreteLaw(
  { eigenvalues: Float64Array.of(12, 0.4), noiseVariances: Float64Array.of(0.8, 1.3) },
  { learningRate: 0.05, momentum: 0.7, weightDecay: 0.1, batchSize: 4 },
)

describe('projectionVariance and whitenedDirection', () => {
  it('give aᵀPa, 1 for a whitened direction, and no correlation between orthogonal ones', () => {
    const [x, v] = [Float64Array.of(2, -1), Float64Array.of(0.5, 3)]
    const direct =
      4 * stationary[0]! +
      2 * stationary[1]! +
      0.25 * stationary[3]! +
      stationary[4]! -
      6 * stationary[5]! +
      9 * stationary[7]!
    expect(projectionVariance(stationary, { position: x, velocity: v })).toBeCloseTo(direct, 14)
    const a = whitenedDirection(stationary, { position: x, velocity: v })
    const b = whitenedDirection(stationary, { position: Float64Array.of(1, 2), velocity: Float64Array.of(0, 0) })
    expect(projectionVariance(stationary, a)).toBeCloseTo(1, 13)
    expect(projectionVariance(stationary, b)).toBeCloseTo(1, 13)
    // u = (2, −1, 0.5, 3) and (1, 2, 0, 0) are orthogonal, so a·z and b·z are uncorrelated: Var(a+b) = 2
    const both = {
      position: a.position.map((value, l) => value + b.position[l]!),
      velocity: a.velocity.map((value, l) => value + b.velocity[l]!),
    }
    expect(projectionVariance(stationary, both)).toBeCloseTo(2, 13)
  })

  it('refuse directions of another shape, or of no length', () => {
    const point = { position: new Float64Array(1), velocity: new Float64Array(2) }
    expect(() => projectionVariance(stationary, point)).toThrow(
      new RangeError('projectionVariance: direction must have 2 positions and velocities [mode], got 1 and 2'),
    )
    expect(() =>
      whitenedDirection(stationary, { position: new Float64Array(2), velocity: new Float64Array(2) }),
    ).toThrow(new RangeError('whitenedDirection: direction must have a length > 0, got 0'))
  })
})

describe('radiusProbability', () => {
  it('has χ² quantiles of 2, 4 and 20 degrees (tables: Abramowitz & Stegun 26.8)', () => {
    expect(radiusProbability(1, 2 * Math.log(20))).toBeCloseTo(0.95, 14)
    expect(radiusProbability(2, 9.48773)).toBeCloseTo(0.95, 6)
    expect(radiusProbability(10, 37.5662)).toBeCloseTo(0.99, 6)
    expect(radiusProbability(3, 0)).toBe(0)
    expect(radiusProbability(100, 2000)).toBe(1)
  })

  it('is the share of squared radii of 2n normals', () => {
    const state = streamOf(4, 0)
    const draws = 20_000
    let below = 0
    for (let i = 0; i < draws; i++) {
      let sum = 0
      for (let j = 0; j < 6; j++) sum += standardNormal(state) ** 2
      if (sum <= 5) below++
    }
    const probability = radiusProbability(3, 5)
    // five standard deviations of a binomial share
    expect(Math.abs(below / draws - probability)).toBeLessThan(5 * Math.sqrt((probability * (1 - probability)) / draws))
  })

  it('refuses what is no count and no square', () => {
    expect(() => radiusProbability(0, 1)).toThrow(RangeError)
    expect(() => radiusProbability(1, -1)).toThrow(
      new RangeError('radiusProbability: squaredRadius must be ≥ 0, got -1'),
    )
  })
})
