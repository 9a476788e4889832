import { expect, it } from 'vitest'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { orthogonalProblem } from './orthogonal-problem.ts'

it('is the problem that its features and targets define', () => {
  const sizes = { exampleCount: 60, modeCount: 7, outputCount: 3, weightDecay: 0.1 }
  const problem = orthogonalProblem(sizes)
  const targets = new Float64Array(60 * 3) // y = xᵀμ − r
  for (let i = 0; i < 60; i++) {
    for (let o = 0; o < 3; o++) {
      let sum = -problem.residuals[i * 3 + o]!
      for (let l = 0; l < 7; l++) sum += problem.features[i * 7 + l]! * problem.minimum[l * 3 + o]!
      targets[i * 3 + o] = sum
    }
  }
  const solved = regressionProblem(problem.features, targets, 60, 0.1)
  // the solver's basis is the given one, each vector's largest entry positive; all differences are rounding
  const difference = (a: Float64Array, b: Float64Array): number =>
    a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), Math.abs(a.length - b.length))
  expect(difference(solved.eigenvalues, problem.eigenvalues)).toBeLessThan(1e-13)
  expect(difference(solved.eigenvectors, problem.eigenvectors)).toBeLessThan(1e-12)
  expect(difference(solved.minimum, problem.minimum)).toBeLessThan(1e-12)
  expect(difference(solved.residuals, problem.residuals)).toBeLessThan(1e-12)
  expect(difference(solved.residualCovariance, problem.residualCovariance)).toBeLessThan(1e-13)
  expect(solved.noiseVariance).toBeCloseTo(problem.noiseVariance, 12)
})

it('refuses as many modes as examples: the last cosine vanishes', () => {
  expect(() => orthogonalProblem({ exampleCount: 8, modeCount: 8, outputCount: 1, weightDecay: 0 })).toThrow(
    'orthogonalProblem: exampleCount must be above the 8 modes, got 8',
  )
})
