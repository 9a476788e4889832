import { describe, expect, it } from 'vitest'
import { discreteTheory, shuffledEpochsTheory } from '../../oracle/index.ts'
import { type BatchOrder, followMode } from './follow-mode.ts'
import { fitCurve, nodeStarts, predictedVirial, stationaryTheory, windowCurves } from './network-predictions.ts'
import { networkSpectrum, nodesOf, stationaryModes } from './network-spectrum.ts'
import { measuredOf, type QuadraticNetwork, startOf, syntheticRun } from './synthetic-run.fixture.ts'

const hyperparameters = { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3, batchSize: 8 }
const orders: BatchOrder[] = [
  { sampling: 'with-replacement', exampleCount: 67 },
  { sampling: 'shuffled-epochs', exampleCount: 67 },
]
const eigenvalues = [6, 2, 0.7, 0.2, 0.03]
const network: QuadraticNetwork = {
  eigenvalues,
  noise: eigenvalues.map((rho, l) => rho * (0.5 + 0.4 * l)),
  forces: [0.3, -0.2, 0.1, 0.05, 0.01],
  topCount: 5,
}

describe('windowCurves', () => {
  it.each(orders)('is the oracle’s displacement from a known start, $sampling', (order) => {
    const { curvature, noise } = measuredOf(network)
    const spectrum = networkSpectrum(curvature, noise)
    const steps = [1, 2, 7, 8, 9, 50, 111, 400]
    const velocities = [0.1, 0, -0.2, 0.3, 0]
    const start = { ...startOf(network), velocities, velocitySquare: 0.14 }
    const curves = windowCurves(spectrum, start, hyperparameters, order, 400)
    for (const model of ['proportional', 'measured'] as const) {
      const modes = stationaryModes(nodesOf(spectrum), model)
      const theory =
        order.sampling === 'with-replacement'
          ? discreteTheory(modes, hyperparameters)
          : shuffledEpochsTheory(modes, hyperparameters, { exampleCount: 67, lastBatch: 'dropped' })
      const position = modes.eigenvalues.map((rho, l) => network.forces[l]! / (rho + hyperparameters.weightDecay))
      const displacement = theory.predictions.globalDisplacement!(
        { position, velocity: Float64Array.from(velocities) },
        steps,
      )
      const covariance = theory.predictions.covarianceAtStep!(steps)
      for (const [at, step] of steps.entries()) {
        // rounding of 400 steps
        expect(curves[model].globalDisplacement[step]! / displacement[at]!).toBeCloseTo(1, 11)
        let speed = 0
        const drift = theory.predictions.meanTrajectory!({ position, velocity: Float64Array.from(velocities) }, [step])
        for (let l = 0; l < 5; l++) speed += covariance[(l * steps.length + at) * 4 + 3]! + drift.velocity[l]! ** 2
        expect(curves[model].localDisplacement[step]! / (hyperparameters.learningRate ** 2 * speed)).toBeCloseTo(1, 11)
      }
    }
  })

  it.each(orders)('tends to the stationary theory, $sampling', (order) => {
    const { curvature, noise } = measuredOf(network)
    const spectrum = networkSpectrum(curvature, noise)
    const theory = stationaryTheory(spectrum, 'measured', hyperparameters, order)!
    // 8 whole epochs long after the slowest mode, of rate ηh/(1−β) = 0.0155, has relaxed
    const curves = windowCurves(spectrum, startOf(network), hyperparameters, order, 4000).measured
    const last = curves.localDisplacement.subarray(4001 - 64)
    expect(last.reduce((sum, value) => sum + value / 64, 0) / theory.predictions.localDisplacement!()).toBeCloseTo(1, 9)
  })

  it('follows what has no stationary law: a flat mode diffuses as a random walk with memory', () => {
    // h = 0: after many steps each kick has moved Δ by η/(1−β)
    const flat = { ...hyperparameters, weightDecay: 0 }
    let previous = 0
    let growth = 0
    followMode(0, flat, orders[0]!, 600, (_, { xx }) => {
      growth = xx - previous
      previous = xx
    })
    expect(growth / ((0.05 / 0.1) ** 2 / 8)).toBeCloseTo(1, 9)
  })

  it.each(orders)('says what runs do on average, along flat curvature too, $sampling', (order) => {
    const wild: QuadraticNetwork = {
      // so little below 0 that nothing has time to run away
      eigenvalues: [5, 1, 0.3, 0.01, 0, -1e-5],
      noise: [3, 1, 0.5, 0.2, 0.1, 0.1],
      forces: [0.2, 0, 0.1, 0, 0.01, 0.01],
      topCount: 6,
    }
    // ρ = 0 has no alignment: its noise cannot be said relative to its curvature, so it is left to the bulk
    const known = { ...wild, topCount: 4 }
    const { curvature, noise } = measuredOf(known)
    const spectrum = networkSpectrum(curvature, noise)
    const nodes = nodesOf(spectrum)
    const exact = {
      ...spectrum,
      top: nodes.map((node, l) => {
        const at = wild.eigenvalues.indexOf(node.eigenvalue)
        expect(l < 4 ? node.noise.measured / wild.noise[at]! : 1).toBeCloseTo(1, 12)
        return { ...node, noise: { proportional: 0, measured: wild.noise[at]! } }
      }),
      bulk: [],
    }
    const start = startOf(wild)
    const at = exact.top.map(({ eigenvalue }) => wild.eigenvalues.indexOf(eigenvalue))
    const forces = at.map((l) => wild.forces[l]!)
    const steps = 120
    const curves = windowCurves(exact, { ...start, forces }, hyperparameters, order, steps).measured
    const replicas = 400
    const runs = Array.from({ length: replicas }, (_, seed) => syntheticRun(wild, hyperparameters, order, steps, seed))
    for (const step of [5, 40, 120]) {
      const seen = runs.map(({ record }) => record.values[(step - 1) * record.columns.length + 2]!)
      const mean = seen.reduce((sum, value) => sum + value / replicas, 0)
      const error = Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / replicas
      // 5 standard errors
      expect(Math.abs(mean - curves.globalDisplacement[step]!)).toBeLessThan(5 * error)
    }
  })
})

describe('nodeStarts', () => {
  it('gives the bulk what the top modes leave of the squares', () => {
    const { curvature, noise } = measuredOf({ ...network, topCount: 2 })
    const spectrum = networkSpectrum(curvature, noise)
    const starts = nodeStarts(spectrum, { forces: [0.3, -0.2], forceSquare: 0.2 })
    expect(starts.forceSquare.reduce((sum, value) => sum + value)).toBeCloseTo(0.2, 14)
    expect(starts.forceSquare[0]).toBeCloseTo(0.09, 15)
  })
})

describe('predictedVirial', () => {
  it('is potential = kinetic and boundary with replacement, less the noise’s work in shuffled epochs', () => {
    const { curvature, noise } = measuredOf(network)
    const spectrum = networkSpectrum(curvature, noise)
    const steps = Array.from({ length: 300 }, (_, i) => i)
    const [free, shuffled] = orders.map((order) =>
      predictedVirial(
        windowCurves(spectrum, startOf(network), hyperparameters, order, 300).measured,
        hyperparameters,
        steps,
      ),
    )
    expect(free!.potential).toBe(free!.kineticAndBoundary)
    expect(shuffled!.potential).toBeLessThan(0.9 * shuffled!.kineticAndBoundary)
  })

  it.each(orders)('is h times the mean square position in a mode, $sampling', (order) => {
    // E Δ·(f + hΔ), a second way to the same number
    const one: QuadraticNetwork = { eigenvalues: [0.8], noise: [2], forces: [0.4], topCount: 1 }
    const { curvature, noise } = measuredOf(one)
    const spectrum = networkSpectrum(curvature, noise)
    const steps = Array.from({ length: 90 }, (_, i) => i)
    const curves = windowCurves(spectrum, startOf(one), hyperparameters, order, 90).measured
    const h = 0.8 + hyperparameters.weightDecay
    let direct = 0
    followMode(h, hyperparameters, order, 89, (_, { xx, forceX }) => {
      direct += (0.4 * 0.4 * forceX + h * (2 * xx + (0.4 * forceX) ** 2)) / 90
    })
    expect(predictedVirial(curves, hyperparameters, steps).potential / direct).toBeCloseTo(1, 10)
  })
})

describe('fitCurve', () => {
  it('fits the last part of every so-manieth step', () => {
    const curve = Float64Array.from({ length: 1001 }, (_, k) => (k < 300 ? 1 : 3 * k ** 1.5))
    const { exponent, prefactor } = fitCurve(curve, { every: 10, fraction: 2 / 3 }, 1000)
    expect(exponent).toBeCloseTo(1.5, 12)
    expect(prefactor).toBeCloseTo(3, 11)
  })
})
