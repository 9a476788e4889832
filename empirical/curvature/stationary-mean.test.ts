import { describe, expect, it } from 'vitest'
import { explicitOperator } from './explicit-operator.fixture.ts'
import { stationaryMeanCoordinates } from './stationary-mean.ts'

describe('the stationary mean', () => {
  it('is the minimum of the loss with weight decay, where the loss is quadratic', () => {
    const eigenvalues = Float64Array.of(3, 1, 0.1, -0.5)
    const { matrix, eigenvectors } = explicitOperator([...eigenvalues], 1)
    const weightDecay = 0.05
    // L = ½(θ − a)ᵀH(θ − a): along q the minimum of L + λ‖θ‖²/2 is at ρ q·a/(ρ + λ)
    const a = [1, -2, 0.5, 3]
    const theta = Float32Array.of(0.2, 0.1, -1, 2)
    const gradient = Float32Array.from(theta, (_, i) =>
      a.reduce((sum, value, j) => sum + matrix[i * 4 + j]! * (theta[j]! - value), 0),
    )
    const found = stationaryMeanCoordinates(
      { eigenvalues, eigenvectors: eigenvectors.map((q) => Float32Array.from(q)) },
      gradient,
      theta,
      weightDecay,
    )
    eigenvectors.slice(0, 3).forEach((q, l) => {
      const along = (vector: ArrayLike<number>): number => q.reduce((sum, value, i) => sum + value * vector[i]!, 0)
      const minimum = (eigenvalues[l]! * along(a)) / (eigenvalues[l]! + weightDecay)
      expect(found[l]).toBeCloseTo(minimum - along(theta), 5)
    })
    expect(found[3]).toBeNaN() // a maximum
  })
})
