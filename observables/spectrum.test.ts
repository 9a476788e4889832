import { beforeAll, describe, expect, it } from 'vitest'
import { discreteLaw } from '../oracle/discrete.ts'
import { expectedMeanFrequency } from '../oracle/expected-amplitude.ts'
import { amplitudeWeightedFrequency, expectedPeriodogram } from '../oracle/periodogram.ts'
import { spectralDensity } from '../oracle/spectral-density.ts'
import { regressionSource } from '../sim/regression-source.ts'
import { expectMean, gaussianProblem, meanOf, show, stationaryStart, threeRegimes, waves } from './observer.settings.ts'
import { observeSpectrum, type SpectrumRecord } from './spectrum.ts'

const shape = { modeCount: 3, outputCount: 2 }

/** |X(f)| at bins 1 … n/2, as defined. */
function amplitudes(values: readonly number[]): number[] {
  return Array.from({ length: values.length / 2 }, (_, bin) => {
    const f = (2 * Math.PI * (bin + 1)) / values.length
    const real = values.reduce((sum, x, k) => sum + x * Math.cos(f * k), 0)
    const imaginary = values.reduce((sum, x, k) => sum + x * Math.sin(f * k), 0)
    return Math.hypot(real, imaginary)
  })
}

describe('observeSpectrum', () => {
  it.each([
    [{ burnIn: 0, pointCount: 16, every: 16 }, 50],
    [{ burnIn: 5, pointCount: 8, every: 13 }, 60],
    [{ burnIn: 1, pointCount: 2, every: 3 }, 11],
  ])('transforms segments as defined: %j, %d steps', (options, steps) => {
    const chain = waves(shape, steps)
    const { observer, record } = observeSpectrum(shape, options)
    const shown = show(chain, observer)
    const { burnIn, pointCount, every } = options
    const starts: number[] = []
    for (let start = burnIn; start + pointCount - 1 <= steps; start += every) starts.push(start)
    const asked = new Set([0])
    for (let start = burnIn; start <= steps; start += every)
      for (let place = 0; place < pointCount; place++) asked.add(start + place)
    for (const step of shown) expect(asked.has(step)).toBe(true)

    const result = record()
    const bins = pointCount / 2
    expect(result.segments).toBe(starts.length)
    for (const [name, states] of Object.entries(chain)) {
      const { power, weightedAmplitude, totalAmplitude, meanFrequency } = result[name as keyof typeof chain]
      for (let l = 0; l < 3; l++) {
        const sums = { power: new Array<number>(bins).fill(0), weighted: 0, total: 0, quotient: 0 }
        for (const start of starts) {
          for (const at of [l, 3 + l]) {
            const X = amplitudes(states.slice(start, start + pointCount).map((state: Float64Array) => state[at]!))
            const weighted = X.reduce((sum, a, bin) => sum + result.frequencies[bin]! * a, 0)
            const total = X.reduce((sum, a) => sum + a, 0)
            X.forEach((a, bin) => {
              sums.power[bin]! += a ** 2 / starts.length
            })
            sums.weighted += weighted / starts.length
            sums.total += total / starts.length
            sums.quotient += weighted / total / starts.length / 2
          }
        }
        expect(weightedAmplitude[l]).toBeCloseTo(sums.weighted, 11)
        expect(totalAmplitude[l]).toBeCloseTo(sums.total, 11)
        expect(meanFrequency[l]).toBeCloseTo(sums.quotient, 12)
        sums.power.forEach((value, bin) => {
          expect(power[l * bins + bin]).toBeCloseTo(value, 10)
        })
      }
    }
    expect(result.frequencies.at(-1)).toBe(Math.PI)
  })

  it('refuses lengths that are no power of two, segments that overlap, records without one, modes at rest', () => {
    expect(() => observeSpectrum(shape, { burnIn: 0, pointCount: 12, every: 12 })).toThrow(
      new RangeError('observeSpectrum: pointCount must be a power of two, got 12'),
    )
    expect(() => observeSpectrum(shape, { burnIn: 0, pointCount: 8, every: 7 })).toThrow(
      new RangeError('observeSpectrum: every must be an integer ≥ 8, got 7'),
    )
    const { observer, record } = observeSpectrum(shape, { burnIn: 3, pointCount: 4, every: 4 })
    expect(record).toThrow(new RangeError('observeSpectrum: steps must reach 6, the end of the first segment'))
    const rest = new Float64Array(6)
    for (let step = 3; step < 7; step++) observer.observe(step, rest, rest)
    expect(record).toThrow('mode 0 must move to have a frequency')
  })
})

describe('frequencies of SGD with Gaussian noise', () => {
  const problem = gaussianProblem([20, 2, 0.05], 0.7)
  const spectrum = { eigenvalues: problem.eigenvalues, noiseVariances: new Float64Array(3).fill(0.7) }
  const law = discreteLaw(spectrum, threeRegimes)
  const pointCount = 128
  let sample: SpectrumRecord[] = []
  beforeAll(() => {
    const source = regressionSource(problem, threeRegimes, {
      sampling: 'gaussian',
      seed: 63,
      start: stationaryStart(law),
    })
    sample = Array.from({ length: 192 }, (_, chain) => {
      const { observer, record } = observeSpectrum(source, { burnIn: 0, pointCount, every: 300 })
      source.run(chain, 3000, observer)
      return record()
    })
  })

  it('have the expected periodogram in every bin of every mode', () => {
    const expected = expectedPeriodogram(law, pointCount)
    for (const what of ['position', 'velocity'] as const) {
      expected[what].forEach((power, at) => {
        // of 1920 exponential or half-normal squares: 2.3 or 3.3 %
        expectMean(
          `${what} ${at}`,
          sample.map((record) => record[what].power[at]!),
          power,
          0.045 * power,
        )
      })
    }
  })

  it('have the quotient of expected amplitudes, which root powers miss by percents and the density alone by factors', () => {
    const exact = expectedMeanFrequency(law, pointCount)
    const { frequencies, position } = expectedPeriodogram(law, pointCount)
    const quotient = (what: 'position' | 'velocity', l: number): { mean: number; standardError: number } => {
      const total = meanOf(sample.map((record) => record[what].totalAmplitude[l]!)).mean
      const mean = meanOf(sample.map((record) => record[what].weightedAmplitude[l]!)).mean / total
      // of the quotient's linearisation
      const deviations = sample.map(
        (record) => (record[what].weightedAmplitude[l]! - mean * record[what].totalAmplitude[l]!) / total,
      )
      return { mean, standardError: meanOf(deviations).standardError }
    }
    for (const what of ['position', 'velocity'] as const) {
      for (let l = 0; l < 3; l++) {
        const { mean, standardError } = quotient(what, l)
        expect(Math.abs(mean - exact[what][l]!) / standardError, `${what} ${l}`).toBeLessThan(5)
        expect(standardError / mean).toBeLessThan(0.01)
      }
    }
    const slow = quotient('position', 2)
    const rough = amplitudeWeightedFrequency(frequencies, position)[2]!
    expect((rough - slow.mean) / slow.standardError).toBeGreaterThan(5)
    const density = spectralDensity(spectrum, threeRegimes, frequencies).position
    expect(slow.mean / amplitudeWeightedFrequency(frequencies, density)[2]!).toBeGreaterThan(2)
  })

  it('are 6 % lower in the mean over single records of a slow mode, and the same for a stiff one', () => {
    const exact = expectedMeanFrequency(law, pointCount)
    const single = (l: number): { mean: number; standardError: number } =>
      meanOf(sample.map((record) => record.position.meanFrequency[l]! / exact.position[l]!))
    expect(Math.abs(single(0).mean - 1)).toBeLessThan(5 * single(0).standardError)
    expect(single(0).standardError).toBeLessThan(0.002)
    // 0.941 ± 0.006
    expect(single(2).mean + 5 * single(2).standardError).toBeLessThan(1)
    expect(single(2).mean).toBeGreaterThan(0.9)
  })
})
