import { expect, it } from 'vitest'
import { firstOrderTheory } from './first-order.ts'
import { firstOrderTwoTime } from './first-order-two-time.ts'

const spectrum = { eigenvalues: Float64Array.of(2, 0.01), noiseVariances: Float64Array.of(1.5, 0.7) }
const hyperparameters = { learningRate: 0.02, momentum: 0.8, weightDecay: 0.1, batchSize: 4 }
const { predictions } = firstOrderTheory(spectrum, hyperparameters)

it('is what its autocovariance gives for displacements, at any lag', () => {
  const variance = predictions.positionVariance!()
  for (const lag of [0, 1, 2, 9]) {
    const blocks = firstOrderTwoTime(spectrum, hyperparameters, lag)
    for (let l = 0; l < 2; l++) {
      const rate = (0.02 * (spectrum.eigenvalues[l]! + 0.1)) / 0.2
      const R = (j: number): number => variance[l]! * Math.exp(-rate * Math.abs(j))
      const expected = [
        R(lag),
        (R(lag) - R(lag - 1)) / 0.02,
        (R(lag) - R(lag + 1)) / 0.02,
        (2 * R(lag) - R(lag - 1) - R(lag + 1)) / 0.02 ** 2,
      ]
      // differences of exponentials lose 1/rate
      expected.forEach((value, entry) => {
        expect(Math.abs(blocks[4 * l + entry]! / value - 1)).toBeLessThan(1e-9)
      })
    }
  }
})

it('has the velocities that the theory has', () => {
  const velocity = predictions.velocityVariance!()
  const correlation = predictions.velocityCorrelation!([3])
  const [at0, at3] = [0, 3].map((lag) => firstOrderTwoTime(spectrum, hyperparameters, lag)) as [
    Float64Array,
    Float64Array,
  ]
  for (let l = 0; l < 2; l++) {
    expect(at0[4 * l + 3]! / velocity[l]!).toBeCloseTo(1, 11)
    expect(at3[4 * l + 3]! / at0[4 * l + 3]!).toBeCloseTo(correlation[l]!, 11)
  }
})
