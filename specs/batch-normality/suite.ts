import { uniform } from '../../foundation/random/uniform.ts'
import { type RandomState, streamOf } from '../../foundation/random/xoshiro128.ts'
import { type RegressionProblem, regressionProblem } from '../../foundation/regression-problem.ts'
import type { Experiment, Mutant, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { logSpread, type Spread } from '../../harness/spread.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { type BatchGradientRecord, batchGradientMoments } from '../../observables/index.ts'
import { batchGradientCumulants, type GradientCumulants } from '../../oracle/index.ts'
import { stochasticGradient } from '../../sim/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'
import { edgeworth } from './edgeworth.ts'
import { lawOfMean } from './law-of-mean.ts'

/** What is said of batch gradients at a point: central moments along the modes, and the law of the most skewed mode. */
export interface GradientLaw {
  // [mode] each
  readonly variance?: ArrayLike<number>
  readonly third?: ArrayLike<number>
  readonly fourth?: ArrayLike<number>
  /** Distribution function in units of the exact standard deviation. */
  readonly law?: (x: number) => number
}

/** Moments of one replica's batches, and the most skewed mode's values, standardised. */
export interface BatchNormalityRecord {
  readonly moments: BatchGradientRecord
  // [batch]
  readonly values: Float64Array
}

/** Batches of one size at one point. */
export interface BatchNormalitySetting extends Setting {
  readonly theories: readonly Voice<GradientLaw>[]
  readonly experiment: Experiment<BatchNormalityRecord>
  readonly exact: GradientCumulants
  readonly valuesPerReplica: number
  /** Mode that `law` speaks about. */
  readonly skewest: number
  /** Of means over modes, in units of the exact standard deviation, and of each mode's variance. */
  readonly spreads: {
    readonly variance: Spread
    readonly third: Spread
    readonly fourth: Spread
    readonly varianceOfMode: readonly Spread[]
  }
}

const exampleCount = 256
const modeCount = 8
const replicas = 128
/** Of one replica, for the distance between distributions: a budget a hundred times as large must not keep all. */
const mostValues = 8000

/**
 * Skewed, bounded features and labels, nearly two-valued: the batches' eighth and twelfth moments, which errors of fourth moments
 * come from, stay small, and skewness and kurtosis of one example do not.
 */
function problemOf(): RegressionProblem {
  const state = streamOf(7, 0)
  const value = (skewness: number): number => {
    const chance = (1 - skewness / Math.sqrt(4 + skewness ** 2)) / 2
    const high = uniform(state) < chance
    const level = high ? Math.sqrt((1 - chance) / chance) : -Math.sqrt(chance / (1 - chance))
    return level + uniform(state) - 0.5
  }
  const features = new Float64Array(exampleCount * modeCount)
  const targets = new Float64Array(exampleCount)
  for (let i = 0; i < exampleCount; i++) {
    for (let l = 0; l < modeCount; l++) features[i * modeCount + l] = value(1) * 0.7 ** (l / 2)
    targets[i] = value(1.2)
  }
  return regressionProblem(features, targets, exampleCount, 0)
}

const problem = problemOf()
const position = Float64Array.from({ length: modeCount }, (_, l) => (l % 2 === 0 ? 0.1 : -0.1))

function setting(
  sampling: 'with-replacement' | 'without-replacement',
  batchSize: number,
  { stream, batches }: { readonly stream: number; readonly batches: number },
): BatchNormalitySetting {
  const replacement = sampling === 'with-replacement'
  const cumulants = (size: number, how = replacement): GradientCumulants =>
    batchGradientCumulants(problem, position, size, { replacement: how })
  const exact = cumulants(batchSize)
  const single = cumulants(1)
  const { variance } = exact
  const shape = ({ variance, third, fourth }: GradientCumulants, l: number): readonly [number, number] => [
    third[l]! / variance[l]! ** 1.5,
    fourth[l]! / variance[l]! ** 2,
  ]
  const skewness = variance.map((_, l) => Math.abs(shape(exact, l)[0]))
  const skewest = skewness.indexOf(Math.max(...skewness))
  const seed = seedFor(stream)
  const batchesPerReplica = Math.floor((batches * specBudget()) / replicas)
  const valuesPerReplica = Math.min(batchesPerReplica, mostValues)
  /** Another shape of the same variance. */
  const shaped = (of: (l: number) => readonly [number, number]): GradientLaw => ({
    third: variance.map((v, l) => of(l)[0] * v ** 1.5),
    fourth: variance.map((v, l) => (3 + of(l)[1]) * v ** 2),
    law: edgeworth(...of(skewest)),
  })
  const moments = ({ variance, third, fourth }: GradientCumulants): GradientLaw => ({
    variance,
    third,
    fourth: fourth.map((value, l) => value + 3 * variance[l]! ** 2),
  })
  const normal = edgeworth(0, 0)
  return {
    name: `S = ${batchSize}, ${sampling}`,
    sampling,
    exact,
    skewest,
    valuesPerReplica,
    spreads: pilot(drawing(sampling, batchSize, streamOf(8, stream)), exact),
    experiment: remembered({
      name: 'batches',
      seed,
      looks: [replicas / 2, replicas],
      stepsPerReplica: batchesPerReplica,
      samplesPerReplica: batchesPerReplica,
      runReplica(chain: number) {
        const draw = drawing(sampling, batchSize, streamOf(seed, chain))
        const values = new Float64Array(valuesPerReplica)
        const unit = Math.sqrt(variance[skewest]!)
        let batch = 0
        const moments = batchGradientMoments(
          (gradient) => {
            draw(gradient)
            if (batch < valuesPerReplica) values[batch++] = (gradient[skewest]! - exact.mean[skewest]!) / unit
          },
          exact.mean,
          batchesPerReplica,
        )
        return { moments, values }
      },
    }),
    reference: 'exact cumulants',
    required: true,
    theories: [
      {
        name: 'exact cumulants',
        title: replacement
          ? 'moments and law of the mean of S of the N examples'
          : 'moments of the mean of S of the N examples, and by now a normal law',
        source: 'sums over the examples',
        says: { ...moments(exact), law: replacement ? lawOfMean(gradientsOfExamples(skewest), batchSize) : normal },
      },
      {
        name: 'normal',
        title: 'normal at any S',
        source: 'Assumption 1',
        says: shaped(() => [0, 0]),
      },
      {
        name: 'other sampling',
        title: replacement ? 'variance has the factor (N−S)/(N−1)' : 'variance lacks the factor (N−S)/(N−1)',
        source: 'batches drawn the other way',
        says: moments(cumulants(batchSize, !replacement)),
      },
      {
        name: 'rates exchanged',
        title: 'skewness ∝ 1/S, excess kurtosis ∝ 1/√S',
        source: 'the central limit at each other’s rate',
        says: shaped((l) => {
          const [skew, kurtosis] = shape(single, l)
          return [skew / batchSize, kurtosis / Math.sqrt(batchSize)]
        }),
      },
      {
        name: 'shape of one example',
        title: 'the mean has the skewness and kurtosis of one example',
        source: 'no central limit',
        says: shaped((l) => shape(single, l)),
      },
    ],
  }
}

function drawing(
  sampling: 'with-replacement' | 'without-replacement',
  batchSize: number,
  state: RandomState,
): (gradient: Float64Array) => void {
  const gradientAt = stochasticGradient(problem, sampling, batchSize, state)
  return (gradient) => gradientAt(position, gradient)
}

/** One mode's gradient of each example, standardised. // [example] */
function gradientsOfExamples(mode: number): Float64Array {
  const { features, residuals } = problem
  const exact = batchGradientCumulants(problem, position, 1, { replacement: true })
  return Float64Array.from({ length: exampleCount }, (_, i) => {
    let error = residuals[i]!
    for (let l = 0; l < modeCount; l++) error += features[i * modeCount + l]! * position[l]!
    return (features[i * modeCount + mode]! * error - exact.mean[mode]!) / Math.sqrt(exact.variance[mode]!)
  })
}

/** Scatter of single batches, from a few of a stream that no run draws from: it plans, and decides nothing. */
function pilot(draw: (gradient: Float64Array) => void, exact: GradientCumulants): BatchNormalitySetting['spreads'] {
  const batches = 20_000
  const series = Array.from({ length: modeCount + 3 }, () => new Float64Array(batches))
  const gradient = new Float64Array(modeCount)
  for (let batch = 0; batch < batches; batch++) {
    draw(gradient)
    for (let l = 0; l < modeCount; l++) {
      const z = (gradient[l]! - exact.mean[l]!) / Math.sqrt(exact.variance[l]!)
      const square = z * z
      series[0]![batch]! += square / modeCount
      series[1]![batch]! += (Math.sign(exact.third[l]!) * square * z) / modeCount
      series[2]![batch]! += (square * square) / modeCount
      series[3 + l]![batch] = square
    }
  }
  const relative = (values: Float64Array): Spread => {
    const { mean, variance, third } = centralMoments(values)
    return logSpread(variance / mean ** 2, third / mean ** 3)
  }
  const [second, skew, fourth, ...squares] = series as [Float64Array, Float64Array, Float64Array, ...Float64Array[]]
  const { variance, third } = centralMoments(skew)
  return {
    variance: relative(second),
    third: { varianceSteps: variance, asymmetrySteps: third / 3 },
    fourth: relative(fourth),
    varianceOfMode: squares.map(relative),
  }
}

function centralMoments(values: Float64Array): { mean: number; variance: number; third: number } {
  let [mean, variance, third] = [0, 0, 0]
  for (const value of values) mean += value / values.length
  for (const value of values) {
    const deviation = value - mean
    variance += deviation ** 2 / values.length
    third += deviation ** 3 / values.length
  }
  return { mean, variance, third }
}

/** The reference with variances off by a factor that depends on the mode. */
function offBy(name: string, bug: string, factor: (mode: number) => number): Mutant<BatchNormalitySetting> {
  return {
    name,
    bug,
    small: true,
    plant({ theories, reference }) {
      const own = theories.find((theory) => theory.name === reference)!
      return { ...own, says: { variance: Float64Array.from(own.says.variance!, (v, l) => v * factor(l)) } }
    },
  }
}

export const batchNormalities: Suite<BatchNormalitySetting> = {
  settings: [
    setting('with-replacement', 4, { stream: 330, batches: 1.2e6 }),
    setting('with-replacement', 16, { stream: 331, batches: 8e5 }),
    setting('without-replacement', 64, { stream: 332, batches: 3e5 }),
  ],
  ledger: specLedger,
  mutants: [
    offBy('every variance 2 % too large', 'a pooled error just beyond the margin', () => 1.02),
    offBy('one variance 10 % too large', 'an error in mode 4 alone', (l) => (l === 3 ? 1.1 : 1)),
  ],
}
