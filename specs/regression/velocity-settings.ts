import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import type { Experiment, Suite } from '../../harness/hypothesis.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeTwoTime, type TwoTimeRecord } from '../../observables/index.ts'
import { langevinTheory } from '../../oracle/langevin.ts'
import { dampingRatio } from '../../oracle/oscillator.ts'
import { shuffledTwoTimeStationary } from '../../oracle/shuffled-epochs-two-time.ts'
import type { Theory } from '../../oracle/theory.ts'
import type { RegressionSetting } from './setting.ts'
import { regressionSettings, specLedger } from './settings.ts'
import { referenceOf } from './spread.ts'

/** Regression settings with all that is said of velocity correlations, and an experiment that measures them. */
export interface VelocitySetting extends RegressionSetting {
  readonly velocities: Experiment<TwoTimeRecord>
  /** Lags that are measured, ascending. */
  readonly velocityLags: readonly number[]
  /** Windows of a lag start at multiples of it, steps. */
  readonly velocityStride: number
  readonly velocityMargin: number
  /** Modes that are asked about, with the lags of each: one step, half the memory, the deepest correlation if it is near. */
  readonly velocityModes: readonly { readonly mode: number; readonly lags: readonly number[] }[]
}

const looks = [64, 128]

interface Plan {
  readonly stream: number
  /** At the usual budget. */
  readonly steps: number
  readonly margin: number
  /** Longest lag, in units of the velocity's memory 1/(1−β). */
  readonly reach: number
}

function velocitySetting(name: string, { stream, steps, margin, reach: memories }: Plan): VelocitySetting {
  const setting = regressionSettings.find((one) => one.name === name)!
  const theories = setting.theories.map((theory) => withCorrelation(theory, setting))
  theories.push(positiveWhenOverdamped(theories.find((theory) => theory.name === 'langevin')!, setting))
  const correlations = referenceOf({ ...setting, theories }).velocityCorrelation!
  const { problem, hyperparameters, windowStride, sampling } = setting
  const memory = 1 / (1 - hyperparameters.momentum)
  const last = problem.modeCount - 1
  const overdamped = problem.eigenvalues.findIndex((rho) => isOverdamped(hyperparameters, rho))
  const reach = Array.from({ length: Math.ceil(8 * memory) }, (_, lag) => lag + 1)
  const curve = correlations(reach)
  const velocityModes = [...new Set([0, overdamped, last])].map((mode) => {
    const ofMode = curve.subarray(mode * reach.length, (mode + 1) * reach.length)
    const deepest = 1 + ofMode.indexOf(Math.min(...ofMode))
    const lags = [1, Math.max(2, Math.round(memory / 2)), ...(deepest <= memories * memory ? [deepest] : [])]
    return { mode, lags: [...new Set(lags)].sort((a, b) => a - b) }
  })
  const velocityLags = [...new Set(velocityModes.flatMap(({ lags }) => lags))].sort((a, b) => a - b)
  // coprime to an epoch, so that windows start at all its places alike
  const halfMemory = Math.ceil(memory / 2)
  const velocityStride = sampling === 'shuffled-epochs' ? coprime(halfMemory, windowStride) : halfMemory
  const stepsPerReplica = Math.floor((steps * specBudget()) / looks.at(-1)!)
  const burnIn = Math.ceil(stepsPerReplica / 10)
  const source = setting.stationarySource(seedFor(stream))
  return {
    ...setting,
    theories,
    velocityMargin: margin,
    velocityModes,
    velocityLags,
    velocityStride,
    velocities: {
      name: 'velocities',
      seed: seedFor(stream),
      looks,
      stepsPerReplica,
      samplesPerReplica: stepsPerReplica - burnIn,
      runReplica(chain) {
        const { observer, record } = observeTwoTime(problem, { burnIn, lags: velocityLags, stride: velocityStride })
        source.run(chain, stepsPerReplica, observer)
        return record()
      },
    },
  }
}

/** What some theories say of C_l beside their own predictions. */
function withCorrelation(theory: Theory, { problem, hyperparameters, sampling }: RegressionSetting): Theory {
  const says = (velocityCorrelation: (lags: ArrayLike<number>) => Float64Array): Theory => ({
    ...theory,
    predictions: { ...theory.predictions, velocityCorrelation },
  })
  const constant = (value: number) => (lags: ArrayLike<number>) =>
    new Float64Array(problem.modeCount * lags.length).fill(value)
  const spectrum = sampling === 'gaussian' ? spectrumOf(problem) : spectrumAtMinimum(problem)
  switch (theory.name) {
    case 'Brownian':
      return says(constant(0))
    case 'ballistic':
      return says(constant(1))
    case 'equation 19 as printed': {
      const { velocityCorrelation } = langevinTheory(spectrum, hyperparameters).predictions
      return says((lags) => velocityCorrelation!(Float64Array.from(lags, (lag) => lag / hyperparameters.learningRate)))
    }
    case 'shuffled epochs': {
      const { exampleCount, modeCount } = problem
      const covariances = (lag: number): Float64Array =>
        shuffledTwoTimeStationary(spectrum, hyperparameters, { exampleCount }, 'anywhere', lag)
      return says((lags) => {
        const atOnce = covariances(0)
        const correlation = new Float64Array(modeCount * lags.length)
        for (let j = 0; j < lags.length; j++) {
          const later = covariances(lags[j]!)
          for (let l = 0; l < modeCount; l++) correlation[l * lags.length + j] = later[4 * l + 3]! / atOnce[4 * l + 3]!
        }
        return correlation
      })
    }
    default:
      return theory
  }
}

/** Sec. 8 of the paper on overdamped modes. */
function positiveWhenOverdamped(langevin: Theory, { problem, hyperparameters }: RegressionSetting): Theory {
  const overdamped = problem.eigenvalues.map((rho) => (isOverdamped(hyperparameters, rho) ? 1 : 0))
  return {
    name: 'positive when overdamped',
    title: 'C_l(ηk) of the SDE, but never negative in overdamped modes',
    source: 'Kunin et al., sec. 8: “remain positive even over long temporal lags”',
    predictions: {
      velocityCorrelation(lags) {
        const said = langevin.predictions.velocityCorrelation!(lags)
        return said.map((value, at) => (overdamped[Math.floor(at / lags.length)] ? Math.max(0, value) : value))
      },
    },
  }
}

function isOverdamped({ learningRate, momentum, weightDecay }: Hyperparameters, rho: number): boolean {
  return dampingRatio(learningRate, momentum, rho + weightDecay) > 1
}

function coprime(from: number, to: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
  let found = from
  while (divisor(found, to) !== 1) found++
  return found
}

export const velocitySuite: Suite<VelocitySetting> = {
  settings: [
    velocitySetting('gaussian noise', { stream: 120, steps: 3e6, margin: 0.02, reach: 1 }),
    velocitySetting('gaussian noise, little momentum', { stream: 121, steps: 1.4e6, margin: 0.02, reach: 4 }),
    velocitySetting('batches with replacement', { stream: 122, steps: 2e6, margin: 0.02, reach: 0 }),
    velocitySetting('shuffled epochs, frozen noise', { stream: 123, steps: 3.2e6, margin: 0.03, reach: 2.1 }),
  ],
  ledger: specLedger,
  mutants: [],
}
