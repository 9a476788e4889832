import { spectrumOf } from '../../foundation/regression-problem.ts'
import type { Experiment, NamedTheory, Setting, Suite } from '../../harness/hypothesis.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeSpectrum, type SpectrumRecord } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { expectedAmplitude, expectedMeanFrequency } from '../../oracle/expected-amplitude.ts'
import { langevinLaw } from '../../oracle/langevin.ts'
import { spectralDensity } from '../../oracle/spectral-density.ts'
import { frequencyVariance } from './frequency-spread.ts'
import { modeSettings } from './mode-settings.ts'
import type { RegressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'

/** Settings whose stationary chains are Fourier transformed, record by record, and who says what of the frequencies. */

export interface SpectrumTheory extends NamedTheory {
  /** Radians per step. // [mode] each */
  readonly meanFrequency: { readonly position?: Float64Array; readonly velocity?: Float64Array }
}

export interface SpectrumSetting extends Setting {
  readonly theories: readonly SpectrumTheory[]
  readonly experiment: Experiment<SpectrumRecord>
  /** Steps a record. */
  readonly pointCount: number
  readonly modeCount: number
  readonly relaxationSteps: Float64Array
  /** Expected relative variance of one record's quotient. // [mode] each */
  readonly variance: { readonly position: Float64Array; readonly velocity: Float64Array }
}

const replicas = 128
const pointCount = 128

function spectrumSetting(regression: RegressionSetting, stream: number, records: number): SpectrumSetting {
  const { problem, hyperparameters, memory, sampling } = regression
  const law = discreteLaw(spectrumOf(problem), hyperparameters)
  const amplitudes = expectedAmplitude(law, pointCount)
  const segments = Math.ceil((records * specBudget()) / replicas)
  // Records far enough apart to be taken for independent in all but the creeping mode.
  const every = 2 * pointCount
  const seed = seedFor(stream)
  const source = regression.stationarySource(seed)
  return {
    name: regression.name,
    sampling,
    // Amplitudes, unlike their squares, are of Gaussian noise only.
    required: sampling === 'gaussian',
    reference: 'discrete',
    theories: theoriesOfFrequencies(regression),
    experiment: {
      name: 'spectra',
      seed,
      looks: [replicas / 2, replicas],
      stepsPerReplica: segments * every,
      samplesPerReplica: segments,
      runReplica(chain) {
        const { observer, record } = observeSpectrum(problem, { burnIn: 0, pointCount, every })
        source.run(chain, segments * every, observer)
        return record()
      },
    },
    pointCount,
    modeCount: problem.modeCount,
    relaxationSteps: memory.relaxationSteps,
    variance: {
      position: frequencyVariance(law, 'position', pointCount, amplitudes),
      velocity: frequencyVariance(law, 'velocity', pointCount, amplitudes),
    },
  }
}

function theoriesOfFrequencies({ problem, hyperparameters }: RegressionSetting): SpectrumTheory[] {
  const spectrum = spectrumOf(problem)
  const { eigenvalues } = spectrum
  const exact = expectedMeanFrequency(discreteLaw(spectrum, hyperparameters), pointCount)
  const scaled = (power: number) => ({
    position: eigenvalues.map((rho) => exact.position[0]! * (rho / eigenvalues[0]!) ** power),
    velocity: eigenvalues.map((rho) => exact.velocity[0]! * (rho / eigenvalues[0]!) ** power),
  })
  const frequencies = Float64Array.from({ length: pointCount / 2 }, (_, bin) => (2 * Math.PI * (bin + 1)) / pointCount)
  const density = spectralDensity(spectrum, hyperparameters, frequencies)
  const weighted = (power: Float64Array): Float64Array =>
    eigenvalues.map((_, l) => {
      let [total, sum] = [0, 0]
      frequencies.forEach((f, bin) => {
        const amplitude = Math.sqrt(power[l * frequencies.length + bin]!)
        total += amplitude
        sum += f * amplitude
      })
      return sum / total
    })
  return [
    {
      name: 'discrete',
      title: 'exact discrete SGD with additive Gaussian noise, a record of n points',
      source: 'expected amplitudes of a stationary Gaussian record',
      meanFrequency: exact,
    },
    {
      name: 'langevin',
      title: 'underdamped Langevin dynamics, a record of n points',
      source: 'Kunin et al., eq. 34',
      meanFrequency: expectedMeanFrequency(langevinLaw(spectrum, hyperparameters), pointCount),
    },
    {
      name: 'no momentum',
      title: 'exact discrete SGD with β = 0',
      source: 'the same law with momentum ignored',
      meanFrequency: expectedMeanFrequency(discreteLaw(spectrum, { ...hyperparameters, momentum: 0 }), pointCount),
    },
    {
      name: 'spectral density',
      title: 'the density of the stationary process alone, Σ f√S / Σ √S',
      source: 'records without ends',
      meanFrequency: { position: weighted(density.position), velocity: weighted(density.velocity) },
    },
    {
      name: 'as the eigenvalue',
      title: 'frequencies proportional to the eigenvalues, that of the steepest mode given',
      source: 'secs. 7 and F.2 as worded',
      meanFrequency: scaled(1),
    },
    {
      name: 'as its square root',
      title: 'frequencies proportional to √ρ, that of the steepest mode given',
      source: 'undamped oscillators',
      meanFrequency: scaled(0.5),
    },
  ]
}

export const spectra: Suite<SpectrumSetting> = {
  settings: [
    spectrumSetting(modeSettings.gaussian, 220, 8000),
    spectrumSetting(modeSettings.large, 222, 4500),
    spectrumSetting(modeSettings.replacement, 224, 2500),
  ],
  ledger: specLedger,
  mutants: [],
}
