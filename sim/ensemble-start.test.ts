import { describe, expect, it } from 'vitest'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { drawStart, startAtOrigin } from './ensemble-start.ts'

const point = { position: Float64Array.of(1, 2, 3, 4), velocity: Float64Array.of(-1, -2, -3, -4) } // 2 outputs, 2 modes

describe('drawStart', () => {
  it('starts at the point, drawing nothing, without a spread', () => {
    const state = streamOf(1, 0)
    const { position, velocity } = drawStart(point, 2, state)
    expect(position).toEqual(point.position)
    expect(velocity).toEqual(point.velocity)
    expect(position).not.toBe(point.position)
    expect(state).toEqual(streamOf(1, 0))
  })

  it('spreads each output with its share of LLᵀ, outputs independent of each other', () => {
    // L over (x_1, x_2, v_1, v_2)
    const factor = Float64Array.of(2, 0, 0, 0, 1, 1, 0, 0, 0, -1, 3, 0, 0.5, 0, 0, 1)
    const shares = Float64Array.of(0.75, 0.25)
    const start = { ...point, spread: { factor, outputShares: shares } }
    const draws = 40_000
    const moments = new Float64Array(64) // of (x_1, x_2, v_1, v_2) of output 1, then of output 2
    for (let chain = 0; chain < draws; chain++) {
      const { position, velocity } = drawStart(start, 2, streamOf(6, chain))
      const away: number[] = []
      for (const o of [0, 1]) {
        for (const part of ['position', 'velocity'] as const) {
          const values = part === 'position' ? position : velocity
          for (const l of [0, 1]) away.push(values[o * 2 + l]! - point[part][o * 2 + l]!)
        }
      }
      for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) moments[i * 8 + j]! += (away[i]! * away[j]!) / draws
    }
    const covariance = (i: number, j: number): number => {
      if (Math.floor(i / 4) !== Math.floor(j / 4)) return 0
      let sum = 0
      for (let k = 0; k < 4; k++) sum += factor[(i % 4) * 4 + k]! * factor[(j % 4) * 4 + k]!
      return sum * shares[Math.floor(i / 4)]!
    }
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j <= i; j++) {
        const standardError = Math.sqrt((covariance(i, i) * covariance(j, j) + covariance(i, j) ** 2) / draws)
        expect(Math.abs(moments[i * 8 + j]! - covariance(i, j)) / standardError).toBeLessThan(4.5) // 36 of them
      }
    }
  })
})

describe('startAtOrigin', () => {
  it('is θ = 0 in the coordinates of the features, for every output', () => {
    const features = Float64Array.of(1, 2, -1, 0.5, 0, -2, 1.5, 1)
    const targets = Float64Array.of(1, 2, -1, 0, 0.5, 3, 0, -1) // [example, output]
    const problem = regressionProblem(features, targets, 4, 0.1)
    const { position, velocity } = startAtOrigin(problem)
    expect([...velocity]).toEqual([0, 0, 0, 0])
    for (let o = 0; o < 2; o++) {
      // the ridge solution, from (XᵀX/N + λ) θ = XᵀY/N by Cramer's rule
      const [a, b, d] = [4.25 / 4 + 0.1, 3 / 4, 9.25 / 4 + 0.1]
      const y = [0, 1, 2, 3].map((i) => targets[2 * i + o]!)
      const [p, q] = [0, 1].map((j) => y.reduce((sum, value, i) => sum + (value * features[2 * i + j]!) / 4, 0))
      const ridge = [(d * p! - b * q!) / (a * d - b * b), (a * q! - b * p!) / (a * d - b * b)]
      for (let j = 0; j < 2; j++) {
        let away = 0
        for (let l = 0; l < 2; l++) away += problem.eigenvectors[2 * l + j]! * position[2 * o + l]!
        expect(away).toBeCloseTo(-ridge[j]!, 14)
      }
    }
  })
})
