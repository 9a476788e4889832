import { describe, expect, it } from 'vitest'
import type { Hyperparameters, SamplingScheme, TrajectorySource } from '../foundation/phase-space.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { type RegressionProblem, regressionProblem } from '../foundation/regression-problem.ts'
import { batchSampler } from './batch-sampler.ts'
import type { MiniBatchScheme } from './dynamics.ts'
import { startAtMinimum } from './ensemble-start.ts'
import { type RegressionSourceOptions, regressionSource } from './regression-source.ts'
import { stochasticGradient } from './stochastic-gradient.ts'

const miniBatchSchemes: MiniBatchScheme[] = [
  'with-replacement',
  'without-replacement',
  'shuffled-epochs',
  'fixed-order',
]

function normals(seed: number, count: number): Float64Array {
  const state = streamOf(seed, 0)
  return Float64Array.from({ length: count }, () => standardNormal(state))
}

/** Every state of one chain, velocity after position. // [step][2·output·mode] */
function trajectory(source: TrajectorySource, chain: number, steps: number): number[][] {
  const states: number[][] = []
  source.run(chain, steps, (_, position, velocity) => states.push([...position, ...velocity]))
  return states
}

/** N = 10, 4 features, 3 outputs: X, Y and the same in the eigenbasis. */
function smallProblem(weightDecay: number): {
  features: Float64Array
  targets: Float64Array
  problem: RegressionProblem
} {
  const features = normals(21, 40)
  const targets = normals(22, 30)
  return { features, targets, problem: regressionProblem(features, targets, 10, weightDecay) }
}

describe('regressionSource', () => {
  describe.each(miniBatchSchemes)('%s', (sampling) => {
    it('does what SGD as PyTorch writes it does with the same batches in the features’ own coordinates', () => {
      const weightDecay = 0.2
      const { features, targets, problem } = smallProblem(weightDecay)
      const hyperparameters: Hyperparameters = { learningRate: 0.03, momentum: 0.8, weightDecay, batchSize: 4 }
      const start = { position: normals(23, 12), velocity: normals(24, 12) }
      const states = trajectory(regressionSource(problem, hyperparameters, { sampling, seed: 5, start }), 7, 25)

      // θ = Q(x + μ), and PyTorch's momentum buffer is −v
      const rotate = (values: Float64Array, shift: boolean): number[][] =>
        Array.from({ length: 3 }, (_, o) =>
          Array.from({ length: 4 }, (__, j) => {
            let sum = 0
            for (let l = 0; l < 4; l++) {
              const value = values[o * 4 + l]! + (shift ? problem.minimum[l * 3 + o]! : 0)
              sum += value * problem.eigenvectors[l * 4 + j]!
            }
            return sum
          }),
        )
      const weights = rotate(start.position, true) // [output][feature]
      const buffer = rotate(start.velocity, false).map((row) => row.map((value) => -value))
      const sampler = batchSampler(sampling, 10, 4, streamOf(5, 7))
      for (let step = 0; step <= 25; step++) {
        const state = Float64Array.from(states[step]!)
        const position = rotate(state.subarray(0, 12), true)
        const velocity = rotate(state.subarray(12), false)
        for (let o = 0; o < 3; o++) {
          for (let j = 0; j < 4; j++) {
            expect(position[o]![j]).toBeCloseTo(weights[o]![j]!, 12)
            expect(velocity[o]![j]).toBeCloseTo(-buffer[o]![j]!, 12)
          }
        }
        const size = sampler.next()
        const gradient = weights.map((row) => row.map(() => 0))
        for (const i of sampler.batch.subarray(0, size)) {
          for (let o = 0; o < 3; o++) {
            let error = -targets[i * 3 + o]!
            for (let j = 0; j < 4; j++) error += features[i * 4 + j]! * weights[o]![j]!
            for (let j = 0; j < 4; j++) gradient[o]![j]! += (error * features[i * 4 + j]!) / size
          }
        }
        for (let o = 0; o < 3; o++) {
          for (let j = 0; j < 4; j++) {
            buffer[o]![j] = 0.8 * buffer[o]![j]! + gradient[o]![j]! + weightDecay * weights[o]![j]!
            weights[o]![j]! -= 0.03 * buffer[o]![j]!
          }
        }
      }
    })

    it('leaves, frozen, the linear dynamics and the noise that the same batches have at the minimum', () => {
      const { problem } = smallProblem(0.2)
      const hyperparameters: Hyperparameters = { learningRate: 0.03, momentum: 0.8, weightDecay: 0.2, batchSize: 4 }
      const start = { position: normals(23, 12), velocity: normals(24, 12) }
      const source = regressionSource(problem, hyperparameters, { sampling, noise: 'frozen', seed: 5, start })
      const states = trajectory(source, 7, 12)
      const sampler = batchSampler(sampling, 10, 4, streamOf(5, 7))
      for (let step = 1; step <= 12; step++) {
        const size = sampler.next()
        for (let o = 0; o < 3; o++) {
          for (let l = 0; l < 4; l++) {
            const at = o * 4 + l
            let noise = 0.2 * problem.minimum[l * 3 + o]!
            for (const i of sampler.batch.subarray(0, size)) {
              noise += (problem.features[i * 4 + l]! * problem.residuals[i * 3 + o]!) / size
            }
            const [x, v] = [states[step - 1]![at]!, states[step - 1]![12 + at]!]
            const velocity = 0.8 * v - (problem.eigenvalues[l]! + 0.2) * x - noise
            expect(states[step]![12 + at]).toBeCloseTo(velocity, 12)
            expect(states[step]![at]).toBeCloseTo(x + 0.03 * velocity, 12)
          }
        }
      }
    })
  })

  it.each(miniBatchSchemes)(
    'balances the virial with the batches’ own gradients to rounding, in any window and about any point: %s',
    (sampling) => {
      // Σ (x_k−c)·g_k = (η/2) Σ (v_{k+1}² + βv_k²) + boundary follows from the update alone: it says nothing of the noise
      const { problem } = smallProblem(0.2)
      const hyperparameters: Hyperparameters = { learningRate: 0.03, momentum: 0.8, weightDecay: 0.2, batchSize: 4 }
      const start = { position: normals(23, 12), velocity: normals(24, 12) }
      const states = trajectory(regressionSource(problem, hyperparameters, { sampling, seed: 5, start }), 7, 25)
      const gradientOf = stochasticGradient(problem, sampling, 4, streamOf(5, 7))
      const center = normals(25, 12)
      const gradient = new Float64Array(12)
      const [from, to] = [4, 19]
      let [virial, kinetic, magnitude] = [0, 0, 0]
      for (let k = 0; k < to; k++) {
        gradientOf(Float64Array.from(states[k]!.slice(0, 12)), gradient)
        if (k < from) continue
        for (let at = 0; at < 12; at++) {
          const work = (states[k]![at]! - center[at]!) * gradient[at]!
          virial += work
          magnitude += Math.abs(work)
          kinetic += 0.015 * (states[k + 1]![12 + at]! ** 2 + 0.8 * states[k]![12 + at]! ** 2)
        }
      }
      // D_k = ‖x_k − c‖²
      const D = (k: number): number => states[k]!.slice(0, 12).reduce((sum, x, at) => sum + (x - center[at]!) ** 2, 0)
      const boundary = (0.8 * (D(to - 1) - D(from - 1)) - (D(to) - D(from))) / 0.06
      expect(Math.abs(virial - kinetic - boundary)).toBeLessThan(1e-12 * magnitude)
      expect(Math.abs(boundary)).toBeGreaterThan(1e-3 * magnitude)
    },
  )

  it.each([
    [5, 'divides'],
    [4, 'does not divide, counted by examples,'],
  ])('has frozen noise that sums to zero over each shuffled epoch: S = %d %s N', (batchSize) => {
    const { problem } = smallProblem(0.2)
    const hyperparameters: Hyperparameters = { learningRate: 0.03, momentum: 0.8, weightDecay: 0.2, batchSize }
    const options: RegressionSourceOptions = {
      sampling: 'shuffled-epochs',
      noise: 'frozen',
      seed: 3,
      start: startAtMinimum(problem),
    }
    const epoch = Math.ceil(10 / batchSize)
    const states = trajectory(regressionSource(problem, hyperparameters, options), 0, 4 * epoch)
    for (let first = 1; first <= 3 * epoch; first += epoch) {
      for (let at = 0; at < 12; at++) {
        let sum = 0
        let magnitude = 0
        for (let step = first; step < first + epoch; step++) {
          const size = Math.min(batchSize, 10 - (step - first) * batchSize)
          const [before, after] = [states[step - 1]!, states[step]!]
          const noise = 0.8 * before[12 + at]! - after[12 + at]! - (problem.eigenvalues[at % 4]! + 0.2) * before[at]!
          sum += size * noise
          magnitude += size * Math.abs(noise)
        }
        expect(magnitude).toBeGreaterThan(1e-3)
        expect(Math.abs(sum)).toBeLessThan(1e-12)
      }
    }
  })

  it('has the stationary moments of discrete theory with Gaussian noise, in every mode and pair of outputs', () => {
    const eigenvalues = Float64Array.of(4, 1, 0.3)
    const covariance = Float64Array.of(2, 0.6, 0.6, 0.5) // R // [output, output]
    const problem: RegressionProblem = {
      ...regressionProblem(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), new Float64Array(6), 3, 0.2),
      eigenvalues,
      residualCovariance: covariance,
      noiseVariance: 2.5,
    }
    const [learningRate, momentum, weightDecay, batchSize] = [0.2, 0.5, 0.2, 8]
    const source = regressionSource(
      problem,
      { learningRate, momentum, weightDecay, batchSize },
      { sampling: 'gaussian', seed: 1, start: startAtMinimum(problem) },
    )
    const [replicas, burnIn, steps] = [64, 300, 12_000]
    const names = ['Var x', 'Var v', 'Cov xv'] as const
    const samples = new Map<string, number[]>()
    for (let chain = 0; chain < replicas; chain++) {
      const sums = new Float64Array(3 * 3 * 4) // [moment, mode, pair of outputs]
      source.run(chain, burnIn + steps, (step, x, v) => {
        if (step <= burnIn) return
        for (let l = 0; l < 3; l++) {
          for (let pair = 0; pair < 4; pair++) {
            const [a, b] = [(pair >> 1) * 3 + l, (pair & 1) * 3 + l]
            sums[l * 4 + pair]! += x[a]! * x[b]!
            sums[12 + l * 4 + pair]! += v[a]! * v[b]!
            sums[24 + l * 4 + pair]! += x[a]! * v[b]!
          }
        }
      })
      names.forEach((name, moment) => {
        for (let l = 0; l < 3; l++) {
          for (let pair = 0; pair < 4; pair++) {
            const key = `${name} ${l} ${pair}`
            samples.set(key, [...(samples.get(key) ?? []), sums[moment * 12 + l * 4 + pair]! / steps])
          }
        }
      })
    }
    for (let l = 0; l < 3; l++) {
      const rho = eigenvalues[l]!
      const h = rho + weightDecay
      const d = 2 * (1 + momentum) - learningRate * h
      for (let pair = 0; pair < 4; pair++) {
        const sigma2 = covariance[pair]!
        const varianceV = (2 * sigma2 * rho) / (batchSize * (1 - momentum) * d)
        const exact = {
          'Var x': (learningRate * (1 + momentum) * sigma2 * rho) / (batchSize * (1 - momentum) * h * d),
          'Var v': varianceV,
          'Cov xv': (learningRate / 2) * varianceV,
        }
        for (const name of names) {
          const values = samples.get(`${name} ${l} ${pair}`)!
          const mean = values.reduce((sum, value) => sum + value, 0) / replicas
          const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (replicas - 1)
          const standardError = Math.sqrt(variance / replicas)
          // 36 statistics at five standard errors; the errors themselves at most 1 % of the diagonal moments
          expect(Math.abs(mean - exact[name]) / standardError).toBeLessThan(5)
          if (name !== 'Cov xv' && pair % 3 === 0) expect(standardError / exact[name]).toBeLessThan(0.01)
        }
      }
    }
  })

  it('adds √(ρ σ²/S) times the chain’s next normal to each mode’s gradient, Gaussian and with one output', () => {
    const problem = regressionProblem(normals(31, 60), normals(32, 20), 20, 0.2)
    const start = { position: normals(33, 3), velocity: normals(34, 3) }
    const hyperparameters: Hyperparameters = { learningRate: 0.03, momentum: 0.8, weightDecay: 0.2, batchSize: 4 }
    const states = trajectory(
      regressionSource(problem, hyperparameters, { sampling: 'gaussian', seed: 5, start }),
      2,
      10,
    )
    const state = streamOf(5, 2)
    for (let step = 1; step <= 10; step++) {
      for (let l = 0; l < 3; l++) {
        const rho = problem.eigenvalues[l]!
        const noise = Math.sqrt((rho * problem.noiseVariance) / 4) * standardNormal(state)
        const [x, v] = [states[step - 1]![l]!, states[step - 1]![3 + l]!]
        expect(states[step]![3 + l]).toBeCloseTo(0.8 * v - (rho + 0.2) * x - noise, 12)
      }
    }
  })

  it.each([
    ['with-replacement', 1],
    ['without-replacement', 3 / 4],
  ] as const)(
    'has the exact stationary variances of %s batches, noise that grows with the position included',
    (sampling, share) => {
      const features = Float64Array.of(1, -2, 0.5, 1.5, -1)
      const problem = regressionProblem(features, Float64Array.of(1.2, -1.1, 1.6, 1, 0.4), 5, 0)
      const [learningRate, momentum, batchSize] = [0.2, 0.5, 2]
      // second moments (a, b, c) of (x, v): noise (share/S) [mean x_i²(x_i² a + r_i²) − H² a] on top of M P Mᵀ (theory, sec. 5)
      const mean = (value: (i: number) => number): number => [0, 1, 2, 3, 4].reduce((sum, i) => sum + value(i) / 5, 0)
      const x = problem.features
      const h = problem.eigenvalues[0]!
      const noiseAtMinimum = (share / batchSize) * mean((i) => x[i]! ** 2 * problem.residuals[i]! ** 2)
      const noiseGrowth = (share / batchSize) * (mean((i) => x[i]! ** 4) - h ** 2)
      expect(noiseGrowth).toBeGreaterThan(0.2)
      let [a, b, c] = [0, 0, 0]
      for (let k = 0; k < 2000; k++) {
        const noise = noiseAtMinimum + noiseGrowth * a
        const [m11, m12, m21, m22] = [1 - learningRate * h, learningRate * momentum, -h, momentum]
        const next = [
          m11 * m11 * a + 2 * m11 * m12 * b + m12 * m12 * c + learningRate ** 2 * noise,
          m11 * m21 * a + (m11 * m22 + m12 * m21) * b + m12 * m22 * c + learningRate * noise,
          m21 * m21 * a + 2 * m21 * m22 * b + m22 * m22 * c + noise,
        ]
        ;[a, b, c] = [next[0]!, next[1]!, next[2]!]
      }
      const source = regressionSource(
        problem,
        { learningRate, momentum, weightDecay: 0, batchSize },
        { sampling, seed: 8, start: startAtMinimum(problem) },
      )
      const [replicas, steps] = [64, 20_000]
      const means = Array.from({ length: replicas }, (_, chain) => {
        let [squareX, squareV] = [0, 0]
        source.run(chain, 200 + steps, (step, position, velocity) => {
          if (step <= 200) return
          squareX += position[0]! ** 2 / steps
          squareV += velocity[0]! ** 2 / steps
        })
        return [squareX, squareV] as const
      })
      for (const [moment, exact] of [a, c].entries()) {
        const values = means.map((pair) => pair[moment]!)
        const average = values.reduce((sum, value) => sum + value, 0) / replicas
        const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (replicas - 1)
        const standardError = Math.sqrt(variance / replicas)
        expect(Math.abs(average - exact) / standardError).toBeLessThan(5)
        expect(standardError / exact).toBeLessThan(0.01)
      }
    },
  )

  it.each(['gaussian', ...miniBatchSchemes] as SamplingScheme[])(
    'gives the same bytes for the same seed and chain, whatever ran before: %s',
    (sampling) => {
      const { problem } = smallProblem(0)
      const hyperparameters: Hyperparameters = { learningRate: 0.03, momentum: 0.8, weightDecay: 0, batchSize: 4 }
      const spread = {
        factor: Float64Array.from({ length: 64 }, (_, at) => (at % 8 <= Math.floor(at / 8) ? 0.1 * at : 0)),
        outputShares: Float64Array.of(0.5, 0.25, 0.25),
      }
      const options: RegressionSourceOptions = { sampling, seed: 9, start: { ...startAtMinimum(problem), spread } }
      const source = regressionSource(problem, hyperparameters, options)
      const forward = [0, 1, 2].map((chain) => trajectory(source, chain, 20))
      const again = regressionSource(problem, hyperparameters, options)
      const backward = [2, 1, 0].map((chain) => trajectory(again, chain, 20))
      expect(backward.reverse()).toEqual(forward)
      expect(forward[0]).not.toEqual(forward[1])
      const other = regressionSource(problem, hyperparameters, { ...options, seed: 10 })
      expect(trajectory(other, 0, 20)).not.toEqual(forward[0])
    },
  )

  it('draws a chain’s start first, from the chain’s own stream', () => {
    const { problem } = smallProblem(0)
    const spread = {
      factor: Float64Array.from({ length: 64 }, (_, at) => (at % 9 === 0 ? 2 : 0)),
      outputShares: Float64Array.of(0.25, 0.75, 0),
    }
    const source = regressionSource(
      problem,
      { learningRate: 0.03, momentum: 0.8, weightDecay: 0, batchSize: 4 },
      { sampling: 'shuffled-epochs', seed: 9, start: { ...startAtMinimum(problem), spread } },
    )
    const state = streamOf(9, 3)
    const drawn = Array.from({ length: 16 }, () => standardNormal(state))
    const [start] = trajectory(source, 3, 0)
    expect(start!.slice(0, 4)).toEqual(drawn.slice(0, 4).map((value) => value * 0.5 * 2))
    expect(start!.slice(12, 16)).toEqual(drawn.slice(4, 8).map((value) => value * 0.5 * 2))
    expect(start!.slice(4, 8)).toEqual(drawn.slice(8, 12).map((value) => Math.sqrt(0.75) * (value * 2)))
    expect(start!.slice(8, 12)).toEqual([0, 0, 0, 0])
  })

  it('shows steps 0, 1, …, T', () => {
    const { problem } = smallProblem(0)
    const source = regressionSource(
      problem,
      { learningRate: 0.03, momentum: 0.8, weightDecay: 0, batchSize: 4 },
      { sampling: 'with-replacement', seed: 9, start: startAtMinimum(problem) },
    )
    const steps: number[] = []
    source.run(0, 4, (step) => steps.push(step))
    expect(steps).toEqual([0, 1, 2, 3, 4])
    expect(source).toMatchObject({ modeCount: 4, outputCount: 3 })
  })

  it('names the chain and the step when a chain diverges', () => {
    const { problem } = smallProblem(0)
    const source = regressionSource(
      problem,
      { learningRate: 30, momentum: 0.8, weightDecay: 0, batchSize: 4 },
      { sampling: 'with-replacement', seed: 9, start: startAtMinimum(problem) },
    )
    expect(() => source.run(6, 5000, () => {})).toThrow(
      new Error(
        'regressionSource: chain 6 diverged, its state was not finite at step 1024; learningRate 30 is unstable here',
      ),
    )
    expect(() => source.run(6, 900, () => {})).toThrow('at step 900')
  })

  it('refuses what it cannot run, before any work', () => {
    const { problem } = smallProblem(0)
    const good: Hyperparameters = { learningRate: 0.03, momentum: 0.8, weightDecay: 0, batchSize: 4 }
    const options: RegressionSourceOptions = { sampling: 'with-replacement', seed: 9, start: startAtMinimum(problem) }
    const refusal = (hyperparameters: Partial<Hyperparameters>, changed: object): (() => TrajectorySource) => {
      return () => regressionSource(problem, { ...good, ...hyperparameters }, { ...options, ...changed })
    }
    expect(refusal({ batchSize: 11 }, {})).toThrow(
      new RangeError('regressionSource: batchSize must be at most the 10 examples, got 11'),
    )
    expect(refusal({ batchSize: 11 }, { sampling: 'gaussian' })).not.toThrow()
    expect(refusal({ learningRate: 0 }, {})).toThrow('regressionSource: learningRate must be finite and > 0, got 0')
    expect(refusal({ weightDecay: 0.1 }, {})).toThrow(
      "regressionSource: weightDecay must be the problem's own 0, for its minimum depends on it, got 0.1",
    )
    expect(refusal({}, { sampling: 'bootstrap' })).toThrow('regressionSource: sampling must be one of gaussian, ')
    expect(refusal({}, { noise: 'thawed' })).toThrow('noise must be state-dependent or frozen, got thawed')
    expect(refusal({}, { sampling: 'gaussian', noise: 'frozen' })).toThrow(RangeError)
    expect(refusal({}, { seed: -1 })).toThrow('regressionSource: seed must be an integer in [0, 2^53), got -1')
    const { position, velocity } = options.start
    expect(refusal({}, { start: { position: new Float64Array(4), velocity } })).toThrow(
      'regressionSource: start.position must have 3·4 values [output, mode], got 4',
    )
    expect(refusal({}, { start: { position, velocity: velocity.map(() => Number.NaN) } })).toThrow(
      'regressionSource: start.velocity[0] must be finite, got NaN',
    )
    const spread = { factor: new Float64Array(64), outputShares: Float64Array.of(0.5, 0.25, 0.25) }
    const spreadRefusal = (changed: object): (() => TrajectorySource) =>
      refusal({}, { start: { position, velocity, spread: { ...spread, ...changed } } })
    expect(spreadRefusal({})).not.toThrow()
    expect(spreadRefusal({ factor: new Float64Array(16) })).toThrow('start.spread.factor must have 8·8 values')
    expect(spreadRefusal({ factor: new Float64Array(64).fill(1) })).toThrow(
      'start.spread.factor[0, 1] must be 0 (above the diagonal), got 1',
    )
    expect(spreadRefusal({ outputShares: Float64Array.of(0.5, 0.5) })).toThrow(
      'must have one value for each of 3 outputs',
    )
    expect(spreadRefusal({ outputShares: Float64Array.of(0.5, 0.5, 0.5) })).toThrow(
      'outputShares must sum to 1, got 1.5',
    )
    expect(spreadRefusal({ outputShares: Float64Array.of(1.5, -0.5, 0) })).toThrow(
      'outputShares[1] must be ≥ 0, got -0.5',
    )
    const source = regressionSource(problem, good, options)
    expect(() => source.run(0, 1.5, () => {})).toThrow('regressionSource: steps must be an integer ≥ 0, got 1.5')
    expect(() => source.run(-1, 1, () => {})).toThrow('streamOf: chain must be an integer in [0, 2^53), got -1')
  })
})
