import { expect, it } from 'vitest'
import { firstOrderFromStart } from './first-order-from-start.ts'
import { firstOrderTwoTime } from './first-order-two-time.ts'

const spectrum = { eigenvalues: Float64Array.of(2, 0.5), noiseVariances: Float64Array.of(1.5, 0.7) }
const hyperparameters = { learningRate: 0.02, momentum: 0.8, weightDecay: 0.1, batchSize: 4 }

it('is the covariance of the recursion x ← e^{−r} x + noise, followed matrix by matrix', () => {
  const stationary = firstOrderTwoTime(spectrum, hyperparameters, 0)
  for (let l = 0; l < 2; l++) {
    const decay = Math.exp((-0.02 * (spectrum.eigenvalues[l]! + 0.1)) / 0.2)
    const noise = stationary[4 * l]! * (1 - decay ** 2)
    // z = (x, v) with v′ = (x′ − x)/η
    const M = [
      [decay, 0],
      [(decay - 1) / 0.02, 0],
    ] as const
    const n = [1, 1 / 0.02] as const
    let P = [
      [0, 0],
      [0, 0],
    ]
    const times = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] =>
      a.map((row) => [0, 1].map((j) => row[0]! * b[0]![j]! + row[1]! * b[1]![j]!))
    const flipped = (a: readonly (readonly number[])[]): number[][] => [0, 1].map((j) => a.map((row) => row[j]!))
    for (let step = 0; step <= 12; step++) {
      let later = P
      for (let lag = 0; lag <= 3; lag++) {
        const blocks = firstOrderFromStart(spectrum, hyperparameters, step, lag)
        later.flat().forEach((value, entry) => {
          // velocities are 1/η times differences of positions
          const scale = Math.sqrt(stationary[4 * l + 3 * (entry >> 1)]! * stationary[4 * l + 3 * (entry & 1)]!)
          expect(Math.abs(blocks[4 * l + entry]! - value)).toBeLessThan(1e-12 * scale)
        })
        later = times(later, flipped(M))
      }
      P = times(times(M, P), flipped(M)).map((row, i) => row.map((value, j) => value + noise * n[i]! * n[j]!))
    }
  }
})

it('becomes the stationary one', () => {
  const far = firstOrderFromStart(spectrum, hyperparameters, 2000, 4)
  firstOrderTwoTime(spectrum, hyperparameters, 4).forEach((value, at) => {
    expect(Math.abs(far[at]! / value - 1)).toBeLessThan(1e-9)
  })
})
