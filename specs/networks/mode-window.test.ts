import { describe, expect, it } from 'vitest'
import { discreteLaw, discreteRotation, expectedAmplitude, shuffledTwoTimeFromStart } from '../../oracle/index.ts'
import { analyseRun, predictRun } from './analyse-run.ts'
import type { BatchOrder } from './follow-mode.ts'
import { modeWindows } from './mode-window.ts'
import { networkSpectrum } from './network-spectrum.ts'
import { measuredOf, type QuadraticNetwork, startOf, syntheticRun } from './synthetic-run.fixture.ts'

const hyperparameters = { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3, batchSize: 8 }
const free: BatchOrder = { sampling: 'with-replacement', exampleCount: 64 }
const shuffled: BatchOrder = { sampling: 'shuffled-epochs', exampleCount: 64 }
const still = { force: 0, velocity: 0 }

describe('modeWindows', () => {
  it('tends to the stationary law’s variances, rotation and amplitudes in a long window', () => {
    const [rho, noise] = [2, 3]
    const spectrum = { eigenvalues: Float64Array.of(rho), noiseVariances: Float64Array.of(noise / rho) }
    const law = discreteLaw(spectrum, hyperparameters)
    const steps = 8192
    const windows = modeWindows(rho + 1e-3, still, hyperparameters, free, steps, 1024)
    const { positionVariance, velocityVariance, rotation } = windows.moments(noise)
    // a transient of 1/(1−β) steps, and the run's own mean, leave a part of some 40/8192
    expect(positionVariance / law.stationary[0]!).toBeCloseTo(1, 1.5)
    expect(velocityVariance / law.stationary[3]!).toBeCloseTo(1, 1.5)
    expect(rotation / discreteRotation(spectrum, hyperparameters)[0]!).toBeCloseTo(1, 1.5)
    const amplitudes = windows.amplitudes(noise)
    const stationary = expectedAmplitude(law, 1024)
    expect(amplitudes.frequencies).toEqual(stationary.frequencies)
    // about the resonance: far from it the ends show, of which one is still here
    for (const bin of [40, 51, 60]) {
      // the transient is 40 of 1024 steps
      expect(Math.abs(amplitudes.velocity[bin]! / stationary.velocity[bin]! - 1)).toBeLessThan(0.05)
    }
  })

  it('turns by what the oracle’s shuffled covariances between two steps say', () => {
    const [rho, noise, steps] = [0.6, 2, 41]
    const spectrum = { eigenvalues: Float64Array.of(rho), noiseVariances: Float64Array.of(noise / rho) }
    let sum = 0
    for (let k = 0; k < steps; k++) {
      const block = shuffledTwoTimeFromStart(spectrum, hyperparameters, { exampleCount: 64 }, k, 1)
      sum += (block[1]! - block[2]!) / steps
    }
    const { rotation } = modeWindows(rho + 1e-3, still, hyperparameters, shuffled, steps, 0).moments(noise)
    expect(rotation / sum).toBeCloseTo(1, 10)
  })

  it.each([free, shuffled])('predicts what short runs show about their own means, $sampling', (order) => {
    const network: QuadraticNetwork = {
      eigenvalues: [4, 0.5, 0.02],
      noise: [3, 1, 0.5],
      forces: [0.3, -0.2, 0.1],
      topCount: 3,
    }
    const { curvature, noise } = measuredOf(network)
    const spectrum = networkSpectrum(curvature, noise)
    const start = startOf(network)
    const steps = 150
    const analysis = {
      spectrum,
      start,
      fit: { every: 1, fraction: 1 },
      spectrumPoints: 128,
      exponentLengths: [],
      drawnModes: [],
    }
    const replicas = 300
    const runs = Array.from({ length: replicas }, (_, seed) =>
      syntheticRun(network, hyperparameters, order, steps, seed),
    )
    const predictions = predictRun(runs[0]!, analysis)
    const seen = runs.map((run) => analyseRun(run, analysis, predictions).statistics)
    for (let mode = 0; mode < 3; mode++) {
      const from = { force: network.forces[mode]!, velocity: 0 }
      const windows = modeWindows(network.eigenvalues[mode]! + 1e-3, from, hyperparameters, order, steps, 128)
      const predicted = windows.moments(network.noise[mode]!)
      for (const of of ['positionVariance', 'velocityVariance', 'rotation'] as const) {
        const values = seen.map(({ modes }) => modes[mode]![of])
        expect(deviation(values, predicted[of])).toBeLessThan(5)
      }
      const amplitudes = windows.amplitudes(network.noise[mode]!)
      for (const of of ['position', 'velocity'] as const) {
        const total = amplitudes[of].reduce((sum, value) => sum + value)
        expect(
          deviation(
            seen.map(({ frequencies }) => frequencies![mode]![of][1]),
            total,
          ),
        ).toBeLessThan(5)
        const weighted = amplitudes[of].reduce((sum, value, bin) => sum + value * amplitudes.frequencies[bin]!, 0)
        expect(
          deviation(
            seen.map(({ frequencies }) => frequencies![mode]![of][0]),
            weighted,
          ),
        ).toBeLessThan(5)
      }
    }
  })

  it('refuses spectra of more points than there are steps', () => {
    const windows = modeWindows(1, still, hyperparameters, free, 100, 128)
    expect(() => windows.amplitudes(1)).toThrow('points must be an even number in [2, 100], got 128')
  })
})

/** Standard errors between a mean and its prediction. */
function deviation(values: readonly number[], predicted: number): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0)
  const error = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / values.length
  return Math.abs(mean - predicted) / error
}
