import { expect, it } from 'vitest'
import { langevinTheory } from '../langevin.ts'
import { velocitiesAsSquaredCurvature } from './squared-curvature.ts'

it('keeps the total and squares the ratios of what is proportional to H', () => {
  const spectrum = { eigenvalues: Float64Array.of(4, 1, 0.5), noiseVariances: Float64Array.of(2, 2, 2) }
  const hyperparameters = { learningRate: 0.1, momentum: 0.5, weightDecay: 0, batchSize: 4 }
  const langevin = langevinTheory(spectrum, hyperparameters)
  const [a, b, c] = velocitiesAsSquaredCurvature(langevin, spectrum).predictions.velocityVariance!()
  expect(a! / b!).toBeCloseTo(16, 12)
  expect(b! / c!).toBeCloseTo(4, 12)
  // σ² tr H/(S(1−β²)) = 2·5.5/3
  expect(a! + b! + c!).toBeCloseTo(11 / 3, 12)
})

it('needs velocities', () => {
  const mute = { name: 'mute', title: '', source: '', predictions: {} }
  expect(() => velocitiesAsSquaredCurvature(mute, { eigenvalues: Float64Array.of(1) })).toThrow(
    'velocitiesAsSquaredCurvature: mute must predict velocity variances',
  )
})
