import { describe, expect, it } from 'vitest'
import { discreteLaw } from '../../oracle/discrete.ts'
import { shuffledTwoTimeExcess, shuffledTwoTimeStationary } from '../../oracle/shuffled-epochs-two-time.ts'
import { twoTimeCovariance } from '../../oracle/two-time-covariance.ts'
import { rowCorrelations } from './row-correlations.ts'

const spectrum = { eigenvalues: Float64Array.of(2, 0.1), noiseVariances: Float64Array.of(0.5, 0.8) }
const hyperparameters = { learningRate: 0.05, momentum: 0.8, weightDecay: 0, batchSize: 4 }
const law = discreteLaw(spectrum, hyperparameters)

describe('rowCorrelations', () => {
  const correlations = rowCorrelations(law, 3, 500)

  it.each([0, 1])('are the law’s at 3 steps a row, mode %i, both signs of the lag', (l) => {
    const P = law.stationary
    const [x, v] = [Math.sqrt(P[4 * l]!), Math.sqrt(P[4 * l + 3]!)]
    for (const lag of [0, 1, 4, 7]) {
      const [xx, xv, vx, vv] = twoTimeCovariance(law, 'stationary', 0, 3 * lag).subarray(4 * l, 4 * l + 4)
      const units = [xx! / x ** 2, xv! / (x * v), vx! / (x * v), vv! / v ** 2]
      correlations.between(l, lag).forEach((value, at) => {
        expect(value).toBeCloseTo(units[at]!, 12)
      })
      // backwards the two times change places
      correlations.between(l, -lag).forEach((value, at) => {
        expect(value).toBeCloseTo([units[0]!, units[2]!, units[1]!, units[3]!][at]!, 12)
      })
    }
  })

  it('sum squares over both signs, weighed by the rows that are so far apart, and end where nothing is left', () => {
    for (const l of [0, 1]) {
      let [positions, velocities] = [0, 0]
      for (let lag = -499; lag < 500; lag++) {
        const [xx, , , vv] = correlations.between(l, lag)
        positions += (1 - Math.abs(lag) / 500) * xx ** 2
        velocities += (1 - Math.abs(lag) / 500) * vv ** 2
      }
      expect(correlations.positionRows[l]).toBeCloseTo(Math.max(1, positions), 10)
      expect(correlations.velocityRows[l]).toBeCloseTo(Math.max(1, velocities), 10)
      expect(correlations.between(l, correlations.reach[l]!)).toEqual([0, 0, 0, 0])
    }
  })

  it('have in shuffled epochs what batches of an epoch take back, at places that come equally often', () => {
    const shuffling = { exampleCount: 20 }
    const memory = { epochSteps: 5, excess: shuffledTwoTimeExcess(spectrum, hyperparameters, shuffling) }
    const at = (lag: number): Float64Array =>
      shuffledTwoTimeStationary(spectrum, hyperparameters, shuffling, 'anywhere', 2 * lag)
    const shuffled = rowCorrelations({ ...law, stationary: at(0) }, 2, 500, memory)
    for (const l of [0, 1]) {
      for (const lag of [0, 1, 2, 3, 4, 9]) {
        // an epoch cancels most of a slow mode's variance: ten digits are left
        expect(shuffled.between(l, lag)[0]).toBeCloseTo(at(lag)[4 * l]! / at(0)[4 * l]!, 8)
        expect(shuffled.between(l, lag)[3]).toBeCloseTo(at(lag)[4 * l + 3]! / at(0)[4 * l + 3]!, 8)
      }
    }
  })
})
