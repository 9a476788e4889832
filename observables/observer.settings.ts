import { expect } from 'vitest'
import {
  addToSums,
  type Hyperparameters,
  type PacedObserver,
  type PhaseObserver,
  paced,
} from '../foundation/phase-space.ts'
import { type RegressionProblem, regressionProblem } from '../foundation/regression-problem.ts'
import type { SecondOrderLaw } from '../oracle/theory.ts'
import type { EnsembleStart } from '../sim/ensemble-start.ts'
import type { PhaseShape } from './phase-shape.ts'

/** What the tests of observers share: a chain kept whole, problems whose theory is exact, five standard errors. */

/** All states of one chain. // [step][output, mode] each */
export interface KeptTrajectory {
  readonly position: Float64Array[]
  readonly velocity: Float64Array[]
}

/** A deterministic chain that repeats nowhere, states 0 … steps. */
export function waves({ modeCount, outputCount }: PhaseShape, steps: number): KeptTrajectory {
  const states = (rate: number): Float64Array[] =>
    Array.from({ length: steps + 1 }, (_, step) =>
      Float64Array.from(
        { length: modeCount * outputCount },
        (__, at) => Math.sin(rate * step * (at + 1) + at) + 0.1 * at + 0.05,
      ),
    )
  return { position: states(0.37), velocity: states(0.91) }
}

/** Shows a kept chain through one pair of reused arrays, only the steps asked for, and sums all, as a source does. */
export function show({ position, velocity }: KeptTrajectory, observer: PacedObserver | PhaseObserver): number[] {
  const { observe, next, sums } = paced(observer)
  const [x, v] = [position[0]!.slice(), velocity[0]!.slice()]
  const shown: number[] = []
  let due = 0
  for (let step = 0; step < position.length; step++) {
    x.set(position[step]!)
    v.set(velocity[step]!)
    if (sums !== undefined && step > sums.after) addToSums(sums, x, v)
    if (step !== due) continue
    observe(step, x, v)
    shown.push(step)
    due = next(step)
  }
  return shown
}

/** A problem of one output with this spectrum and σ², for 'gaussian' sampling: discrete theory is exact of it. */
export function gaussianProblem(
  eigenvalues: readonly number[],
  noiseVariance: number,
  weightDecay = 0,
): RegressionProblem {
  const count = eigenvalues.length
  const features = Float64Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? 1 : 0))
  return {
    ...regressionProblem(features, new Float64Array(count), count, weightDecay),
    eigenvalues: Float64Array.from(eigenvalues),
    residualCovariance: Float64Array.of(noiseVariance),
    noiseVariance,
  }
}

/** Starts drawn from a law's own stationary distribution, Gaussian: no burn-in is needed. One output. */
export function stationaryStart({ stationary }: SecondOrderLaw): EnsembleStart {
  const modeCount = stationary.length / 4
  const size = 2 * modeCount
  const factor = new Float64Array(size * size)
  for (let l = 0; l < modeCount; l++) {
    const [xx, xv, vv] = [stationary[4 * l]!, stationary[4 * l + 1]!, stationary[4 * l + 3]!]
    const v = modeCount + l
    factor[l * size + l] = Math.sqrt(xx)
    factor[v * size + l] = xv / Math.sqrt(xx)
    factor[v * size + v] = Math.sqrt(vv - xv ** 2 / xx)
  }
  const zeros = (): Float64Array => new Float64Array(modeCount)
  return { position: zeros(), velocity: zeros(), spread: { factor, outputShares: Float64Array.of(1) } }
}

/** Hyperparameters at which modes of curvature 20 and 2 oscillate (ζ = 0.17, 0.53) and one of 0.05 creeps (ζ = 3.3). */
export const threeRegimes: Hyperparameters = { learningRate: 0.02, momentum: 0.8, weightDecay: 0, batchSize: 8 }

/** Mean and its standard error. */
export function meanOf(values: readonly number[]): { mean: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) }
}

/**
 * Expects the mean over replicas within five standard errors of what is predicted (of Student's t with ≥ 63 degrees, a
 * chance below 5e-6 each), and the standard error itself small enough for that to say something.
 */
export function expectMean(name: string, values: readonly number[], predicted: number, largestError: number): void {
  const { mean, standardError } = meanOf(values)
  expect(
    Math.abs(mean - predicted) / standardError,
    `${name}: ${mean} ± ${standardError}, predicted ${predicted}`,
  ).toBeLessThan(5)
  expect(standardError, `${name}: standard error`).toBeLessThan(largestError)
}
