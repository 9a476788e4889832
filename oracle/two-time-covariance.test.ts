import { describe, expect, it } from 'vitest'
import { discreteLaw } from './discrete.ts'
import { langevinLaw } from './langevin.ts'
import type { SecondOrderLaw } from './theory.ts'
import { twoTimeCovariance } from './two-time-covariance.ts'

const hyperparameters = { learningRate: 0.05, momentum: 0.7, weightDecay: 0.1, batchSize: 4 }
const spectrum = { eigenvalues: Float64Array.of(12, 0.4), noiseVariances: Float64Array.of(0.8, 1.3) }
const known = { position: new Float64Array(2), velocity: new Float64Array(2) }

/** Cov(z_t, z_{t+j}) = Σ_{i≤t} M^{t−i} n nᵀ (M^{t+j−i})ᵀ Var ε, one kick after the other. // [mode, 4] */
function byKicks(step: number, lag: number): Float64Array {
  const { learningRate: eta, momentum: beta, weightDecay, batchSize } = hyperparameters
  const blocks = new Float64Array(8)
  for (let l = 0; l < 2; l++) {
    const h = spectrum.eigenvalues[l]! + weightDecay
    const variance = (spectrum.noiseVariances[l]! * spectrum.eigenvalues[l]!) / batchSize
    for (let i = 1; i <= step; i++) {
      let [x, v] = [eta, 1]
      let at: readonly [number, number] = [x, v]
      for (let k = i; k < step + lag; k++) {
        if (k === step) at = [x, v]
        v = beta * v - h * x
        x += eta * v
      }
      if (lag === 0) at = [x, v]
      const products = [at[0] * x, at[0] * v, at[1] * x, at[1] * v]
      products.forEach((product, entry) => {
        blocks[4 * l + entry]! += variance * product
      })
    }
  }
  return blocks
}

describe('twoTimeCovariance', () => {
  it.each([
    [1, 0],
    [1, 1],
    [3, 8],
    [40, 5],
  ])('sums kick after kick from a known start: t = %d, j = %d', (step, lag) => {
    const blocks = twoTimeCovariance(discreteLaw(spectrum, hyperparameters), known, step, lag)
    byKicks(step, lag).forEach((exact, at) => {
      expect(Math.abs(blocks[at]! - exact)).toBeLessThan(1e-13 * Math.abs(exact) + 1e-16)
    })
  })

  it.each([
    ['discrete', discreteLaw(spectrum, hyperparameters)],
    ['langevin', langevinLaw(spectrum, hyperparameters)],
  ] as const)(
    'tends to the stationary one, and does not change under time reversal with odd velocities: %s',
    (_, law) => {
      for (const lag of [0, 1, 6]) {
        const late = twoTimeCovariance(law, known, 5000, lag)
        const stationary = twoTimeCovariance(law, 'stationary', 0, lag)
        stationary.forEach((value, at) => {
          expect(Math.abs(late[at]! - value)).toBeLessThan(1e-12 * Math.abs(value) + 1e-16)
        })
        if (law.stationary[1] !== 0) continue
        // R_xv(j) = −R_vx(j) in continuous time
        for (const b of [0, 4]) expect(stationary[b + 1]! + stationary[b + 2]!).toBeCloseTo(0, 14)
      }
    },
  )

  it('says so where a law has no transient', () => {
    const { accumulated: _, ...stationary }: SecondOrderLaw = discreteLaw(spectrum, hyperparameters)
    expect(() => twoTimeCovariance(stationary, known, 3, 1)).toThrow('this law is stationary only')
    expect(twoTimeCovariance(stationary, 'stationary', 0, 1)).toHaveLength(8)
  })
})
