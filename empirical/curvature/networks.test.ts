import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { symmetricEigen } from '../../foundation/linear-algebra/symmetric-eigen.ts'
import { networkReportParts } from '../../foundation/network-results.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import type { ExampleSource } from '../data/example-source.ts'
import { memorySource } from '../data/memory-source.ts'
import { multilayerPerceptron } from '../models/families/multilayer-perceptron.ts'
import { initialParameters } from '../models/initial-parameters.ts'
import type { Architecture, Layer } from '../models/layers.ts'
import { parameterCount, planModel } from '../models/model.ts'
import type { Objective } from '../models/objective.ts'
import { initialStatistics, uploadParameters, uploadStatistics } from '../models/parameter-list.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { type CurvatureSettings, curvatureSettingsSchema } from './curvature-settings.ts'
import { batchGradients } from './full-gradient.ts'
import { hessianOperator } from './hessian-operator.ts'
import type { LanczosEigenpairs } from './lanczos-eigenpairs.ts'
import { type Curvature, type CurvatureState, curvatureReport, measureCurvature } from './measure-curvature.ts'
import { subspaceIteration } from './subspace-iteration.ts'
import { tensorBatches } from './tensor-batches.ts'

const convolution = (name: string, filters: number): Layer[] => [
  { kind: 'convolution', name: `${name}.conv`, filters, size: 3, stride: 1, padding: 1, bias: false },
  { kind: 'batch-normalisation', name: `${name}.bn` },
  { kind: 'rectifier' },
]

const nets: Record<string, { architecture: Architecture; mode: Objective['mode'] }> = {
  'an MLP with rectifiers': {
    architecture: multilayerPerceptron({ inputShape: [8], hidden: [10, 8], outputs: 4 }),
    mode: 'running',
  },
  'a CNN with batch normalisation': {
    architecture: {
      inputShape: [6, 6, 2],
      layers: [
        ...convolution('one', 3),
        { kind: 'maximum-pool', size: 2, stride: 2, padding: 0 },
        ...convolution('two', 4),
        { kind: 'global-average-pool' },
        { kind: 'dense', name: 'fc', outputs: 4, bias: true },
      ],
    },
    mode: 'batch',
  },
}

const settings: CurvatureSettings = curvatureSettingsSchema.parse({
  count: 12,
  tolerance: 1e-4,
  iterations: 20,
  traceProbes: 20,
  densityProbes: 4,
  densitySteps: 8,
  noiseBatchSize: 4,
  batchSize: 96,
  seed: 3,
})

for (const [name, { architecture, mode }] of Object.entries(nets)) {
  describe(`curvature of ${name}`, () => {
    const source = clusters(architecture.inputShape, 96)
    let problem: Parameters<typeof measureCurvature>[0]
    let dense: { readonly matrix: Float64Array; readonly eigenvalues: Float64Array; readonly size: number }
    let measured: Curvature

    beforeAll(async () => {
      await openBackend('wasm')
      const model = planModel(architecture)
      const parameters = uploadParameters(model, initialParameters(model, 2))
      const statistics = uploadStatistics(model, initialStatistics(model))
      problem = { objective: { model, loss: 'cross-entropy', mode, statistics }, parameters, source, weightDecay: 0.01 }
      dense = await denseHessian(problem)
      measured = await measureCurvature(problem, settings)
    }, 60_000)

    it('is symmetric: columns of the Hessian are its rows', () => {
      const { matrix, size } = dense
      const largest = dense.eigenvalues.at(-1)!
      let asymmetry = 0
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < i; j++) {
          asymmetry = Math.max(asymmetry, Math.abs(matrix[i * size + j]! - matrix[j * size + i]!))
        }
      }
      expect(asymmetry).toBeLessThan(1e-5 * largest)
    })

    it('has the dense Hessian’s largest ten eigenvalues, by Lanczos, and its smallest', () => {
      for (let l = 0; l < 10; l++) {
        const exact = dense.eigenvalues.at(-1 - l)!
        expect(Math.abs(measured.eigenpairs.eigenvalues[l]! / exact - 1)).toBeLessThan(1e-4)
      }
      const { smallest } = measured.eigenpairs as LanczosEigenpairs
      expect(smallest.eigenvalue).toBeGreaterThanOrEqual(dense.eigenvalues[0]! * (1 + 1e-6))
      expect(smallest.eigenvalue - dense.eigenvalues[0]!).toBeLessThan(smallest.residual + 1e-6)
    })

    it('has the dense Hessian’s eigenvalues as near as the residuals say, by subspace iteration', async () => {
      const { objective, parameters } = problem
      const operator = hessianOperator(objective, parameters, () => tensorBatches(source, settings.batchSize!))
      // untrained, a network has negative eigenvalues of large size: they are in the block too, and the rest converges slowly
      const { eigenvalues, residuals, converged } = await subspaceIteration(operator, {
        count: 16,
        iterations: 10,
        tolerance: 0.01,
        seed: 1,
      })
      expect(converged.filter(Boolean).length).toBeGreaterThanOrEqual(3)
      eigenvalues.forEach((value, l) => {
        const distance = Math.min(...dense.eigenvalues.map((exact) => Math.abs(exact - value)))
        expect(distance).toBeLessThan(residuals[l]! + 1e-6)
        // far inside the residual where it is small against the gaps
        if (converged[l]) expect(distance / Math.abs(value)).toBeLessThan(1e-3)
      })
    })

    it('has the dense Hessian’s trace and Frobenius norm within five standard errors', () => {
      const trace = dense.eigenvalues.reduce((sum, rho) => sum + rho, 0)
      const squares = dense.eigenvalues.reduce((sum, rho) => sum + rho ** 2, 0)
      expect(Math.abs(measured.trace.value - trace)).toBeLessThan(5 * measured.trace.standardError)
      const { trace: first, squaredFrobeniusNorm } = measured.density
      // four probes: Student's t with 3 degrees of freedom exceeds 13 with probability 1e-3
      expect(Math.abs(first.value - trace)).toBeLessThan(13 * first.standardError)
      expect(Math.abs(squaredFrobeniusNorm.value - squares)).toBeLessThan(13 * squaredFrobeniusNorm.standardError)
      expect(measured.density.counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(dense.size, 6)
    })

    it('leaves no tensor behind, finished, stopped or failed', async () => {
      const before = tf.memory().numTensors
      await measureCurvature(problem, { ...settings, count: 2, iterations: 3, noiseBatches: 5, densitySteps: 2 })
      const controller = new AbortController()
      const onProgress = (done: number): void => {
        if (done === 3) controller.abort(new Error('enough'))
      }
      await expect(measureCurvature(problem, settings, { signal: controller.signal, onProgress })).rejects.toThrow(
        'enough',
      )
      await expect(measureCurvature(problem, { ...settings, count: 1e6 })).rejects.toThrow(/count must be an integer/)
      expect(tf.memory().numTensors).toBe(before)
    })

    it('is the same to the last bit when measured again, and when resumed from a copy of any state', async () => {
      const method = mode === 'batch' ? 'lanczos' : 'subspace-iteration'
      const brief = {
        ...settings,
        method,
        count: 4,
        iterations: 3,
        traceProbes: 4,
        densityProbes: 2,
        densitySteps: 5,
      } as const
      const states: CurvatureState[] = []
      const whole = await measureCurvature(problem, brief, {
        onProgress: (_done, _total, state) => void states.push(structuredClone(state)),
      })
      expect(states).toHaveLength(4 * 3 + 4 + 2 * 5)
      for (const done of [7, 14, 20]) {
        expect(await measureCurvature(problem, brief, { from: states[done - 1] })).toEqual(whole)
      }
    })

    it('fills the report', () => {
      const { curvature, noise } = curvatureReport(measured)
      expect(networkReportParts.shape.curvature.parse(curvature)).toEqual(curvature)
      expect(networkReportParts.shape.noise.parse(noise)).toEqual(noise)
    })
  })
}

describe('gradient noise of a network', () => {
  it('is that of its examples one by one, and from batches within five standard errors', async () => {
    await openBackend('wasm')
    const { architecture, mode } = nets['an MLP with rectifiers']!
    const model = planModel(architecture)
    const source = clusters(architecture.inputShape, 240)
    const parameters = uploadParameters(model, initialParameters(model, 4))
    const problem = {
      objective: { model, loss: 'cross-entropy', mode, statistics: [] } as const,
      parameters,
      source,
      weightDecay: 0,
    }
    const brief = { ...settings, noiseBatchSize: 1, count: 3, densitySteps: 2, traceProbes: 2, noiseBatches: 1000 }
    const exact = await measureCurvature(problem, brief)
    expect(exact.noise.trace.standardError).toBe(0)

    const gradients: Float32Array[] = []
    for await (const gradient of batchGradients(problem.objective, parameters, tensorBatches(source, 1))) {
      gradients.push(gradient)
    }
    const mean = exact.gradient.map((_, i) => gradients.reduce((sum, gradient) => sum + gradient[i]!, 0) / 240)
    const spread =
      gradients.reduce((sum, gradient) => sum + squared(gradient.map((value, i) => value - mean[i]!)), 0) / 240
    expect(exact.noise.trace.value / spread).toBeCloseTo(1, 5)
    expect(exact.gradientNorm / Math.sqrt(squared(mean))).toBeCloseTo(1, 4)

    const sampled = await measureCurvature(problem, { ...brief, noiseBatchSize: 8 })
    for (const [estimate, value] of [
      [sampled.noise.trace, exact.noise.trace.value],
      ...sampled.noise.modes.map((mode, l) => [mode, exact.noise.modes[l]!.value] as const),
    ] as const) {
      expect(Math.abs(estimate.value - value)).toBeLessThan(5 * estimate.standardError)
    }
    const { eigenpairs, noise, trace } = exact
    expect(noise.alignment[1]!.value).toBeCloseTo(
      noise.modes[1]!.value / eigenpairs.eigenvalues[1]! / (noise.trace.value / trace.value),
      10,
    )
    tf.dispose(parameters)
  })
})

/** Columns of H from products with unit vectors, and its eigenvalues in float64, ascending. */
async function denseHessian({ objective, parameters, source }: Parameters<typeof measureCurvature>[0]): Promise<{
  readonly matrix: Float64Array
  readonly eigenvalues: Float64Array
  readonly size: number
}> {
  const size = parameterCount(objective.model)
  const operator = hessianOperator(objective, parameters, () => tensorBatches(source, settings.batchSize!))
  const matrix = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    const unit = new Float32Array(size)
    unit[column] = 1
    const product = await operator.multiply(unit)
    for (let row = 0; row < size; row++) matrix[row * size + column] = product[row]!
  }
  const symmetric = matrix.map(
    (value, index) => (value + matrix[(index % size) * size + Math.floor(index / size)]!) / 2,
  )
  return { matrix, eigenvalues: symmetricEigen(symmetric, size).values, size }
}

/** Four overlapping classes. */
function clusters(shape: readonly number[], exampleCount: number): ExampleSource {
  const numbers = shape.reduce((product, length) => product * length, 1)
  const random = streamOf(5, 0)
  const centres = Float32Array.from({ length: 4 * numbers }, () => standardNormal(random))
  const targets = Array.from({ length: exampleCount }, (_, k) => k % 4)
  const examples = Float32Array.from(
    { length: exampleCount * numbers },
    (_, i) => centres[(Math.floor(i / numbers) % 4) * numbers + (i % numbers)]! + standardNormal(random),
  )
  const task = { kind: 'classification', classCount: 4 } as const
  return memorySource({ name: 'clusters', shape, task, examples, scale: 1, targets })
}

function squared(vector: Float32Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0)
}
