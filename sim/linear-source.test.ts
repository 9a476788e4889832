import { describe, expect, it } from 'vitest'
import { type Hyperparameters, type ModeSpectrum, phaseSums, type TrajectorySource } from '../foundation/phase-space.ts'
import { discreteLaw } from '../oracle/discrete.ts'
import { langevinLaw } from '../oracle/langevin.ts'
import type { PhaseBlocks, SecondOrderLaw } from '../oracle/theory.ts'
import { startAtMinimum } from './ensemble-start.ts'
import { eulerMaruyamaSource, transitionSource } from './linear-source.ts'

// under-, critically and overdamped
const spectrum: ModeSpectrum = {
  eigenvalues: Float64Array.of(4, 0.5, 0.05),
  noiseVariances: Float64Array.of(0.5, 0.5, 0.7),
}
const hyperparameters: Hyperparameters = { learningRate: 0.05, momentum: 0.8, weightDecay: 0.01, batchSize: 8 }
const options = { seed: 12, start: startAtMinimum({ modeCount: 3, outputCount: 1 }) }

/** Time means of xx, xv, vv per mode over 64 chains, with their standard errors over chains. // [mode][3] */
function stationaryMeans(
  source: TrajectorySource,
  burnIn: number,
  steps: number,
): { mean: number[]; error: number[] }[] {
  const chains = 64
  const samples = Array.from({ length: chains }, (_, chain) => {
    const sums = phaseSums(3, burnIn)
    source.run(chain, burnIn + steps, { observe: () => undefined, next: () => Number.POSITIVE_INFINITY, sums })
    return [sums.positionSquare, sums.positionVelocity, sums.velocitySquare].map((row) => row.map((sum) => sum / steps))
  })
  return [0, 1, 2].map((l) => {
    const entries = [0, 1, 2].map((entry) => samples.map((sample) => sample[entry]![l]!))
    const mean = entries.map((values) => values.reduce((sum, value) => sum + value, 0) / chains)
    const error = entries.map((values, entry) =>
      Math.sqrt(values.reduce((sum, value) => sum + (value - mean[entry]!) ** 2, 0) / (chains - 1) / chains),
    )
    return { mean, error }
  })
}

function expectMeans(source: TrajectorySource, stationary: PhaseBlocks, burnIn: number, steps: number): void {
  stationaryMeans(source, burnIn, steps).forEach(({ mean, error }, l) => {
    const expected = [stationary[4 * l]!, stationary[4 * l + 1]!, stationary[4 * l + 3]!]
    // nine comparisons within five standard errors each
    mean.forEach((value, entry) => {
      expect(Math.abs(value - expected[entry]!)).toBeLessThan(5 * error[entry]!)
    })
  })
}

const transitionOf = (law: SecondOrderLaw) => ({ increment: law.increment(1), covariance: law.accumulated!(1) })

describe('transitionSource', () => {
  it.each([
    ['Langevin dynamics, noise of rank two', langevinLaw(spectrum, hyperparameters)],
    ['discrete SGD, noise of rank one', discreteLaw(spectrum, hyperparameters)],
  ])('has the stationary moments of its law: %s', (_, law) => {
    expectMeans(transitionSource(transitionOf(law), options), law.stationary, 3000, 12_000)
  })

  it('relaxes from a known start as its law says, to rounding where there is no noise', () => {
    const law = langevinLaw(spectrum, hyperparameters)
    const start = { position: Float64Array.of(1, -2, 3), velocity: Float64Array.of(0.5, 0, -1) }
    const { increment } = transitionOf(law)
    const silent = { increment, covariance: new Float64Array(12) }
    transitionSource(silent, { seed: 1, start }).run(0, 40, (step, position, velocity) => {
      const E = law.propagator(step)
      for (let l = 0; l < 3; l++) {
        const [x, v] = [start.position[l]!, start.velocity[l]!]
        expect(position[l]).toBeCloseTo(E[4 * l]! * x + E[4 * l + 1]! * v, 12)
        expect(velocity[l]).toBeCloseTo(E[4 * l + 2]! * x + E[4 * l + 3]! * v, 12)
      }
    })
  })

  it('refuses what is no transition', () => {
    const good = transitionOf(langevinLaw(spectrum, hyperparameters))
    const changed = (at: number, value: number): Float64Array =>
      good.covariance.map((was, i) => (i === at ? value : was))
    expect(() => transitionSource({ ...good, increment: new Float64Array(8) }, options)).toThrow(
      'transitionSource: increment and covariance must have 4 values for each mode, got 8 and 12',
    )
    expect(() => transitionSource({ ...good, covariance: changed(4, -1) }, options)).toThrow(
      'covariance of mode 1 must be finite and positive semidefinite, got xx -1',
    )
    expect(() => transitionSource({ ...good, covariance: changed(3, 1e-9) }, options)).toThrow('covariance of mode 0')
    expect(() => transitionSource({ ...good, increment: good.increment.map(() => Number.NaN) }, options)).toThrow(
      'increment must be finite, got NaN',
    )
    expect(() =>
      transitionSource(good, { ...options, start: startAtMinimum({ modeCount: 2, outputCount: 1 }) }),
    ).toThrow('transitionSource: start.position must have 1·3 values')
  })

  it('says that an unstable one diverges', () => {
    const increment = Float64Array.of(2, 0, 0, 0)
    const unstable = transitionSource(
      { increment, covariance: Float64Array.of(1, 0, 0, 1) },
      { seed: 1, start: startAtMinimum({ modeCount: 1, outputCount: 1 }) },
    )
    expect(() => unstable.run(2, 5000, () => undefined)).toThrow('transitionSource: chain 2 diverged')
  })
})

/** The stationary covariance of Euler and Maruyama's own recursion: P ← (1+F)P(1+F)ᵀ + C until it stands. */
function eulerMaruyamaStationary(timeStep: number): PhaseBlocks {
  const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
  const mass = (learningRate * (1 + momentum)) / 2
  const blocks = new Float64Array(12)
  spectrum.eigenvalues.forEach((rho, l) => {
    const pull = (timeStep * (rho + weightDecay)) / mass
    const kept = 1 - (timeStep * (1 - momentum)) / mass
    const intensity =
      (2 * spectrum.noiseVariances[l]! * rho * (1 - momentum)) / mass / (batchSize * (1 - momentum ** 2))
    let [xx, xv, vv] = [0, 0, 0]
    for (let k = 0; k < 100_000 / timeStep / 100; k++) {
      const [a, b, c] = [xx, xv, vv]
      xx = a + 2 * timeStep * b + timeStep ** 2 * c
      xv = -pull * a + (kept - pull * timeStep) * b + timeStep * kept * c
      vv = pull ** 2 * a - 2 * pull * kept * b + kept ** 2 * c + intensity * timeStep
    }
    blocks.set([xx, xv, xv, vv], 4 * l)
  })
  return blocks
}

describe('eulerMaruyamaSource', () => {
  it('has the stationary moments of its own recursion, with the noise of eq. 6', () => {
    const timeStep = 0.02
    const source = eulerMaruyamaSource(spectrum, hyperparameters, { ...options, timeStep })
    expectMeans(source, eulerMaruyamaStationary(timeStep), 6000, 30_000)
  })

  it('whose moments come to those of Langevin dynamics in the first order of the time step', () => {
    const exact = langevinLaw(spectrum, hyperparameters).stationary
    const errors = [0.002, 0.001].map((timeStep) => {
      const blocks = eulerMaruyamaStationary(timeStep)
      return blocks.map((value, at) => value - exact[at]!)
    })
    for (const l of [0, 1, 2]) {
      for (const entry of [0, 3]) {
        const order = Math.log2(errors[0]![4 * l + entry]! / errors[1]![4 * l + entry]!)
        // the next order of dt is below a tenth of the first at these steps
        expect(order).toBeGreaterThan(0.9)
        expect(order).toBeLessThan(1.1)
      }
    }
  })

  it('refuses a time step that is none', () => {
    expect(() => eulerMaruyamaSource(spectrum, hyperparameters, { ...options, timeStep: 0 })).toThrow(
      new RangeError('eulerMaruyamaSource: timeStep must be finite and > 0, got 0'),
    )
  })
})
