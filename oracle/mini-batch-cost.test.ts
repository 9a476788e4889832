import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type RegressionProblem, regressionProblem } from '../foundation/regression-problem.ts'
import type * as MiniBatchNoise from './mini-batch-noise.ts'

const counted = { products: 0 }

// Test files share their modules, so that these two must be loaded anew to count.
vi.resetModules()
/** The one thing that costs N·mode², counted. */
vi.doMock('./mini-batch-noise.ts', async (importOriginal) => {
  const original = await importOriginal<typeof MiniBatchNoise>()
  return {
    ...original,
    noiseFeedback: (problem: RegressionProblem) => {
      const multiply = original.noiseFeedback(problem)
      return (C: Float64Array, out: Float64Array): void => {
        counted.products++
        multiply(C, out)
      }
    },
  }
})
const { meanSquareLimit } = await import('./mean-square-limit.ts')
const { miniBatchMoments } = await import('./mini-batch.ts')
vi.doUnmock('./mini-batch-noise.ts')
vi.resetModules()

/** Eigenvalues over four decades, so that slow and fast modes meet. */
function madeProblem(exampleCount: number, featureCount: number): RegressionProblem {
  let state = 5
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  const X = Float64Array.from(
    { length: exampleCount * featureCount },
    (_, i) => next() * 10 ** ((-2 * (i % featureCount)) / featureCount),
  )
  return regressionProblem(X, Float64Array.from({ length: exampleCount }, next), exampleCount, 0)
}

describe('products with the noise feedback that mini-batch moments take', () => {
  const base = { momentum: 0.9, weightDecay: 0, batchSize: 16 }
  beforeEach(() => {
    counted.products = 0
  })

  // 24–32 and 13–21 measured; they hardly depend on the examples or the modes, so a limit half as high again catches a change of order.
  for (const [exampleCount, featureCount] of [
    [200, 10],
    [500, 50],
  ] as const) {
    it(`are few for ${exampleCount} examples and ${featureCount} modes, close to the mean-square limit too`, () => {
      const problem = madeProblem(exampleCount, featureCount)
      const limit = meanSquareLimit(problem, base, { replacement: true })
      expect(counted.products).toBeGreaterThan(0)
      expect(counted.products).toBeLessThanOrEqual(48)
      for (const share of [0.01, 0.1, 0.9, 0.99]) {
        counted.products = 0
        miniBatchMoments(problem, { ...base, learningRate: share * limit }, { replacement: true })
        expect(counted.products).toBeGreaterThan(0)
        expect(counted.products).toBeLessThanOrEqual(32)
      }
    })
  }
})
