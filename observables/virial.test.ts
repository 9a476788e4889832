import { describe, expect, it } from 'vitest'
import { regressionProblem, spectrumAtMinimum } from '../foundation/regression-problem.ts'
import { discreteLaw, discreteTheory } from '../oracle/discrete.ts'
import { shuffledEpochsTheory } from '../oracle/shuffled-epochs.ts'
import type { SecondOrderLaw } from '../oracle/theory.ts'
import { virialOf } from '../oracle/virial.ts'
import { regressionSource } from '../sim/regression-source.ts'
import { teacherDataset } from '../sim/teacher.ts'
import {
  expectMean,
  gaussianProblem,
  type KeptTrajectory,
  meanOf,
  show,
  stationaryStart,
  threeRegimes,
  waves,
} from './observer.settings.ts'
import { observeVirial, type VirialOptions, type VirialRecord } from './virial.ts'

const shape = { modeCount: 3, outputCount: 2 }
const options: VirialOptions = {
  learningRate: 0.03,
  momentum: 0.8,
  curvatures: Float64Array.of(2, 1, 0.5),
  from: 3,
  to: 20,
  centers: [],
}

/** Velocities of waves with positions that they move. */
function path(steps: number): KeptTrajectory {
  const { position, velocity } = waves(shape, steps)
  for (let k = 1; k <= steps; k++)
    for (let at = 0; at < 6; at++) position[k]![at] = position[k - 1]![at]! + options.learningRate * velocity[k]![at]!
  return { position, velocity }
}

describe('observeVirial', () => {
  it.each([0, 3])('gives the means that a kept trajectory gives, window from %d to 20', (from) => {
    const chain = path(30)
    const centers = [Float64Array.of(1, 0, -2, 0.5, 3, 0.1), new Float64Array(6)]
    const about = observeVirial(shape, { ...options, from, centers })
    show(chain, about.observer)
    const record = about.record()
    const { learningRate: eta, momentum: beta, curvatures } = options
    const steps = 20 - from
    ;[new Float64Array(6), ...centers].forEach((c, center) => {
      for (let l = 0; l < 3; l++) {
        let [potential, kinetic, noise] = [0, 0, 0]
        for (let k = from; k < 20; k++) {
          for (const at of [l, 3 + l]) {
            const [x, v, next] = [chain.position[k]![at]!, chain.velocity[k]![at]!, chain.velocity[k + 1]![at]!]
            potential += ((x - c[at]!) * curvatures[l]! * x) / steps
            kinetic += ((eta / 2) * (next ** 2 + beta * v ** 2)) / steps
            noise += ((x - c[at]!) * (beta * v - curvatures[l]! * x - next)) / steps
          }
        }
        expect(record.potential[3 * center + l]).toBeCloseTo(potential, 12)
        expect(record.kinetic[l]).toBeCloseTo(kinetic, 12)
        // ε is whatever the update does not explain
        expect(record.residual[3 * center + l]).toBeCloseTo(-noise, 12)
        expect(record.residual[3 * center + l]).toBeCloseTo(
          record.potential[3 * center + l]! - record.kinetic[l]! - record.boundary[3 * center + l]!,
          14,
        )
      }
    })
    record.residual.subarray(0, 3).forEach((value, l) => {
      expect(record.residual[6 + l]).toBeCloseTo(value, 13)
    })
  })

  it('looks at two states only without centres, and says if velocities do not move positions', () => {
    const moved = observeVirial(shape, options)
    expect(show(path(30), moved.observer)).toEqual([0, 3, 20])
    for (const defect of moved.record().pathDefect) expect(Math.abs(defect)).toBeLessThan(1e-14)
    const torn = observeVirial(shape, options)
    show(waves(shape, 30), torn.observer)
    for (const defect of torn.record().pathDefect) expect(Math.abs(defect)).toBeGreaterThan(1e-3)
  })

  it('refuses windows, curvatures and centres out of range, and a source that does not sum', () => {
    expect(() => observeVirial(shape, { ...options, to: 3 })).toThrow(
      new RangeError('observeVirial: to must be an integer ≥ 4, got 3'),
    )
    expect(() => observeVirial(shape, { ...options, curvatures: new Float64Array(6) })).toThrow(
      'curvatures must have one value for each of 3 modes, got 6',
    )
    expect(() => observeVirial(shape, { ...options, centers: [new Float64Array(3)] })).toThrow(
      'centers[0] must have 2·3 values',
    )
    expect(() => observeVirial(shape, { ...options, learningRate: 0 })).toThrow(RangeError)
    expect(() => observeVirial(shape, { ...options, momentum: 1 })).toThrow(RangeError)
    const { observer, record } = observeVirial(shape, options)
    const state = new Float64Array(6)
    observer.observe(3, state, state)
    expect(record).toThrow(new RangeError('observeVirial: steps must reach 20, the end of the window'))
    expect(() => observer.observe(20, state, state)).toThrow('must have summed 17 steps by step 20, got 0 of them')
  })
})

describe('the virial of SGD', () => {
  const problem = gaussianProblem([20, 2, 0.05], 0.7, 0.1)
  const hyperparameters = { ...threeRegimes, weightDecay: 0.1 }
  const spectrum = { eigenvalues: problem.eigenvalues, noiseVariances: new Float64Array(3).fill(0.7) }
  const curvatures = problem.eigenvalues.map((rho) => rho + 0.1)
  const law = discreteLaw(spectrum, hyperparameters)
  const { potential, kinetic } = virialOf(
    discreteTheory(spectrum, hyperparameters),
    spectrum.eigenvalues,
    hyperparameters,
  )
  const spread = Float64Array.from({ length: 3 }, (_, l) => Math.sqrt(law.stationary[4 * l]!))
  // off by one standard deviation in each mode
  const centers = [spread]

  it('balances from stationarity about the minimum and elsewhere, mode by mode', () => {
    const source = regressionSource(problem, hyperparameters, {
      sampling: 'gaussian',
      seed: 85,
      start: stationaryStart(law),
    })
    const sample = Array.from({ length: 96 }, (_, chain): VirialRecord => {
      const { observer, record } = observeVirial(source, {
        ...hyperparameters,
        curvatures,
        from: 0,
        to: 6000,
        centers,
      })
      source.run(chain, 6000, observer)
      return record()
    })
    for (let l = 0; l < 3; l++) {
      for (let center = 0; center < 2; center++) {
        const at = 3 * center + l
        const residual = sample.map((record) => record.residual[at]!)
        expectMean(`residual of mode ${l} about centre ${center}`, residual, 0, 0.04 * kinetic[l]!)
        // its boundary left out it balances too, at stationarity
        const balance = sample.map((record) => record.potential[at]! - record.kinetic[l]!)
        expectMean(`balance of mode ${l} about centre ${center}`, balance, 0, 0.06 * kinetic[l]!)
      }
      expectMean(
        `potential of mode ${l}`,
        sample.map((r) => r.potential[l]!),
        potential[l]!,
        0.05 * potential[l]!,
      )
      expectMean(
        `kinetic part of mode ${l}`,
        sample.map((r) => r.kinetic[l]!),
        kinetic[l]!,
        0.02 * kinetic[l]!,
      )
    }
  })

  it('keeps a residual of zero mean from a displaced start, where potential and kinetic energy are far apart', () => {
    const start = { position: spread.map((s) => 20 * s), velocity: new Float64Array(3) }
    const source = regressionSource(problem, hyperparameters, { sampling: 'gaussian', seed: 86, start })
    const sample = Array.from({ length: 512 }, (_, chain): VirialRecord => {
      const { observer, record } = observeVirial(source, { ...hyperparameters, curvatures, from: 0, to: 40, centers })
      source.run(chain, 40, observer)
      return record()
    })
    for (let l = 0; l < 3; l++) {
      for (let center = 0; center < 2; center++) {
        const of = (part: 'potential' | 'residual'): number[] => sample.map((record) => record[part][3 * center + l]!)
        const apart = meanOf(sample.map((r) => r.potential[3 * center + l]! - r.kinetic[l]!))
        expect(Math.abs(apart.mean) / apart.standardError).toBeGreaterThan(20)
        expectMean(`residual of mode ${l}`, of('residual'), 0, 0.05 * meanOf(of('potential')).mean)
      }
    }
  })

  it('fails in shuffled epochs by −E[x_k ε_k] as predicted, not in independent batches of the same noise', () => {
    const data = teacherDataset({
      name: 'teacher',
      seed: 5,
      exampleCount: 120,
      eigenvalues: [10, 1, 0.2],
      labelNoise: 0.8,
    })
    const taught = regressionProblem(data.features, data.targets, data.exampleCount, 0.1)
    const shuffled = { learningRate: 0.02, momentum: 0.8, weightDecay: 0.1, batchSize: 10 }
    const noise = spectrumAtMinimum(taught)
    const theory = shuffledEpochsTheory(noise, shuffled, { exampleCount: 120 })
    const predicted = virialOf(theory, noise.eigenvalues, shuffled)
    const atEpochEnd: SecondOrderLaw = { ...discreteLaw(noise, shuffled), stationary: theory.epochEnd }
    const center = [Float64Array.of(0.3, -0.2, 0.1)]
    const residualsOf = (sampling: 'shuffled-epochs' | 'with-replacement', law: SecondOrderLaw): VirialRecord[] => {
      const source = regressionSource(taught, shuffled, {
        sampling,
        noise: 'frozen',
        seed: 87,
        start: stationaryStart(law),
      })
      return Array.from({ length: 96 }, (_, chain) => {
        const { observer, record } = observeVirial(source, {
          ...shuffled,
          curvatures: taught.eigenvalues.map((rho) => rho + 0.1),
          from: 0,
          to: 2400,
          centers: center,
        })
        source.run(chain, 2400, observer)
        return record()
      })
    }
    const epochs = residualsOf('shuffled-epochs', atEpochEnd)
    const independent = residualsOf('with-replacement', discreteLaw(noise, shuffled))
    for (let l = 0; l < 3; l++) {
      const values = epochs.map((record) => record.residual[l]!)
      const scale = predicted.kinetic[l]!
      expectMean(`shuffled, mode ${l}`, values, predicted.residual[l]!, 0.02 * scale)
      const { mean, standardError } = meanOf(values)
      expect(mean / standardError).toBeLessThan(-5)
      // the noise of an epoch sums to zero, so a centre changes nothing
      for (const { residual } of epochs) expect(residual[3 + l]! - residual[l]!).toBeCloseTo(0, 12)
      expectMean(
        `independent, mode ${l}`,
        independent.map((record) => record.residual[l]!),
        0,
        0.05 * scale,
      )
    }
    expect(predicted.residual[2]! / predicted.kinetic[2]!).toBeLessThan(-0.7)
  })
})
