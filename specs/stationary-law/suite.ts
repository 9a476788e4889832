import type { Hyperparameters, PhasePoint } from '../../foundation/phase-space.ts'
import { spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import { normalProbability } from '../../foundation/statistics/normal-probability.ts'
import type { Experiment, Mutant, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeDistribution } from '../../observables/index.ts'
import { memoryOf } from '../../oracle/autocorrelation.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { langevinTheory } from '../../oracle/langevin.ts'
import { originalLossTheory } from '../../oracle/rivals/original-loss.ts'
import { projectionVariance, whitenedDirection } from '../../oracle/stationary-distribution.ts'
import { lawOfSum, stableScale, sumWeights } from '../../oracle/stationary-sum.ts'
import type { PhaseBlocks, Theory } from '../../oracle/theory.ts'
import { type RegressionSourceOptions, regressionSource, startAtMinimum } from '../../sim/index.ts'
import { referenceFor } from '../regression/reference.ts'
import { specLedger } from '../regression/settings.ts'
import { teacherProblem } from '../regression/teacher-problem.ts'
import type { Voice } from '../voice.ts'

/** P(value ≤ x) along each of the setting's directions; undefined where nothing is said. */
export type StationaryLaw = (direction: number) => ((x: number) => number) | undefined

/** Values along each direction, many relaxation times apart. // [direction][value] */
export type StationaryValues = readonly Float64Array[]

export interface StationaryLawSetting extends Setting {
  readonly theories: readonly Voice<StationaryLaw>[]
  readonly experiment: Experiment<StationaryValues>
  /** Along which the law is asked for. // [direction] */
  readonly directions: readonly { readonly name: string }[]
  readonly valuesPerReplica: number
  /** In Kolmogorov's distance. */
  readonly margin: number
}

/** ηh = 1.3, 0.3, 0.24: a mode that oscillates, a nearly critical and an overdamped one, all forgetful, for (1 − √β)² = 0.306. */
const hyperparameters: Hyperparameters = { learningRate: 0.5, momentum: 0.2, weightDecay: 0, batchSize: 16 }
const problem = teacherProblem({ seed: 13, exampleCount: 160, eigenvalues: [2.8, 0.62, 0.48], labelNoise: 0.5 }, 0)
const { eigenvalues, modeCount } = problem
/** Of one step's gradient noise. // [mode] */
const noiseScales = eigenvalues.map((rho) => Math.sqrt((rho * problem.noiseVariance) / hyperparameters.batchSize))

/** What is left of one value in the next, and of the start in the first, is e^{−8}. */
const every = Math.ceil(8 * Math.max(...memoryOf(eigenvalues, hyperparameters).relaxationSteps))
const replicas = 128
/** Of one replica: a budget a hundred times as large must not keep all. */
const mostValues = 4000

const { stationary: gaussianBlocks } = discreteLaw(spectrumOf(problem), hyperparameters)

interface Direction extends PhasePoint {
  readonly name: string
}

/** Each mode's position and velocity, and one combination of all, in units of the Gaussian law's standard deviation. */
function directionsOf(): Direction[] {
  const unit = (at: number): Float64Array => Float64Array.from({ length: modeCount }, (_, l) => (l === at ? 1 : 0))
  const alone = Array.from({ length: modeCount }, (_, l) => [
    { name: `position of mode ${l + 1}`, position: unit(l), velocity: unit(-1) },
    { name: `velocity of mode ${l + 1}`, position: unit(-1), velocity: unit(l) },
  ]).flat()
  const signs = (shift: number): Float64Array =>
    Float64Array.from({ length: modeCount }, (_, l) => ((l + shift) % 3 === 0 ? -1 : 1))
  const oblique = whitenedDirection(gaussianBlocks, { position: signs(0), velocity: signs(1) })
  return [...alone, { name: 'an oblique combination of all', ...oblique }].map(({ name, position, velocity }) => {
    const scale = 1 / Math.sqrt(projectionVariance(gaussianBlocks, { position, velocity }))
    return { name, position: position.map((a) => a * scale), velocity: velocity.map((a) => a * scale) }
  })
}

const directions = directionsOf()
/** // [direction][mode, i] */
const weights = directions.map((direction) => sumWeights(eigenvalues, noiseScales, hyperparameters, direction))

type Law = (x: number) => number

const normal =
  (deviation: number): Law =>
  (x) =>
    normalProbability(x / deviation)
const cauchy =
  (scale: number): Law =>
  (x) =>
    0.5 + Math.atan(x / scale) / Math.PI
/** Upper quartile of the standard normal law: Cauchy's is its scale. */
const normalQuartile = 0.6744897501960817

/** Normal along every direction, of these covariances. */
function gaussian(blocks: PhaseBlocks): StationaryLaw {
  return (at) => normal(Math.sqrt(projectionVariance(blocks, directions[at]!)))
}

/** Of a theory that gives variances, and no covariance of position and velocity where it gives none. */
function gaussianOf({ predictions }: Theory): StationaryLaw {
  const [xx, vv] = [predictions.positionVariance!(), predictions.velocityVariance!()]
  const xv = predictions.positionVelocityCovariance?.() ?? new Float64Array(modeCount)
  const blocks = new Float64Array(4 * modeCount)
  for (let l = 0; l < modeCount; l++) blocks.set([xx[l]!, xv[l]!, xv[l]!, vv[l]!], 4 * l)
  return gaussian(blocks)
}

/** Normal of a full covariance, positions first. // [2·mode, 2·mode] */
function gaussianOfMatrix(covariance: Float64Array): StationaryLaw {
  const size = 2 * modeCount
  return (at) => {
    const { position, velocity } = directions[at]!
    const a = [...position, ...velocity]
    let variance = 0
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) variance += a[i]! * covariance[i * size + j]! * a[j]!
    return normal(Math.sqrt(variance))
  }
}

/** E cos(tε) of Student's t with three degrees of freedom at unit variance. */
const studentThree = (t: number): number => (1 + t) * Math.exp(-t)

const atMinimum = spectrumAtMinimum(problem)
/** Laws that are made of many sums are made once. */
function once(law: (direction: number) => Law): StationaryLaw {
  const known: Law[] = []
  return (at) => {
    known[at] ??= law(at)
    return known[at]
  }
}

const voices = {
  discrete: {
    name: 'discrete',
    title: 'Gaussian with the covariance of SGD, B/κ as η → 0',
    source: 'eq. 11; oracle/discrete.ts',
    says: gaussian(gaussianBlocks),
  },
  heavyTailed: {
    name: 'heavy-tailed',
    title: 'Cauchy’s law of scale Σ|ψ_i|: of noise by Student’s t with one degree of freedom, tail index 1',
    source: 'Şimşekli, Sagun & Gürbüzbalaban 2019; oracle/stationary-sum.ts',
    says: (at) => cauchy(stableScale(weights[at]!, 1)),
  },
  sameQuartiles: {
    name: 'heavy-tailed, of the same quartiles',
    title: 'Cauchy’s law with the quartiles of the Gaussian',
    source: 'a stable law fitted to the middle of the data',
    says: (at) => cauchy(stableScale(weights[at]!, 2) * normalQuartile),
  },
  gaussianQuartiles: {
    name: 'Gaussian, of the same quartiles',
    title: 'a normal law with the quartiles of Cauchy’s',
    source: 'a Gaussian fitted to the middle of the data',
    says: (at) => normal(stableScale(weights[at]!, 1) / normalQuartile),
  },
  squaresAdded: {
    name: 'squares of scales added',
    title: 'Cauchy’s law of scale √Σψ_i²',
    source: 'scales of heavy tails added as those of Gaussians are',
    says: (at) => cauchy(stableScale(weights[at]!, 2)),
  },
  exactSum: {
    name: 'weighted sum',
    title: 'the law of Σψ_iε_i, by its characteristic function',
    source: 'oracle/stationary-sum.ts',
    says: once((at) => lawOfSum(weights[at]!, studentThree)),
  },
  langevin: {
    ...langevinTheory(spectrumOf(problem), hyperparameters),
    says: gaussianOf(langevinTheory(spectrumOf(problem), hyperparameters)),
  },
  originalLoss: {
    ...originalLossTheory(spectrumOf(problem), hyperparameters),
    says: gaussianOf(originalLossTheory(spectrumOf(problem), hyperparameters)),
  },
  noiseAtMinimum: {
    name: 'noise at the minimum',
    title: "Gaussian with the covariance of additive noise, the data's own at θ = μ",
    source: 'eq. 11 without Assumption 3',
    says: gaussian(discreteLaw(atMinimum, hyperparameters).stationary),
  },
} satisfies Record<string, Voice<StationaryLaw>>

interface Plan {
  readonly stream: number
  readonly values: number
  readonly margin: number
  readonly required: boolean
  /** The reference first. */
  readonly theories: readonly Voice<StationaryLaw>[]
}

function setting(
  name: string,
  options: Pick<RegressionSourceOptions, 'sampling' | 'degreesOfFreedom'>,
  { stream, values, margin, required, theories }: Plan,
): StationaryLawSetting {
  const seed = seedFor(stream)
  const source = regressionSource(problem, hyperparameters, {
    ...options,
    seed,
    // at rest, so that what is found stationary has become so
    start: startAtMinimum(problem),
  })
  const valuesPerReplica = Math.min(mostValues, Math.ceil((values * Math.max(1, specBudget())) / replicas))
  const steps = every * valuesPerReplica
  return {
    name,
    sampling: options.sampling,
    directions,
    valuesPerReplica,
    margin,
    experiment: remembered({
      name: 'stationary values',
      seed,
      looks: [replicas / 2, replicas],
      stepsPerReplica: steps,
      samplesPerReplica: valuesPerReplica,
      runReplica(chain) {
        const { observer, record } = observeDistribution(source, { burnIn: every, every, projections: directions })
        source.run(chain, steps, observer)
        return record().projections
      },
    }),
    theories,
    reference: theories[0]!.name,
    required,
  }
}

const miniBatches: Voice<StationaryLaw> = (() => {
  const { theory, startCovariance } = referenceFor(problem, hyperparameters, 'with-replacement')
  return {
    name: theory.name,
    title: 'Gaussian with the exact covariance of mini-batches',
    source: 'oracle/mini-batch.ts, and Assumption 1',
    says: gaussianOfMatrix(startCovariance),
  }
})()

/** Laws as of z ↦ factor·z: an error in the scale. */
function scaled(name: string, bug: string, factor: number): Mutant<StationaryLawSetting> {
  return {
    name,
    bug,
    plant({ theories, reference }) {
      const own = theories.find((theory) => theory.name === reference)!
      return {
        ...own,
        says(at) {
          const law = own.says(at)!
          return (x) => law(x / factor)
        },
      }
    },
  }
}

const { discrete, heavyTailed, exactSum } = voices

export const stationaryLaws: Suite<StationaryLawSetting> = {
  settings: [
    setting(
      'gaussian noise',
      { sampling: 'gaussian' },
      {
        ...{ stream: 410, values: 64_000, margin: 0.02, required: true },
        theories: [discrete, voices.langevin, voices.originalLoss, heavyTailed, voices.sameQuartiles],
      },
    ),
    setting(
      'noise with a tail index of 1',
      { sampling: 'student-t', degreesOfFreedom: 1 },
      {
        ...{ stream: 411, values: 45_000, margin: 0.025, required: true },
        theories: [heavyTailed, discrete, voices.gaussianQuartiles, voices.squaresAdded],
      },
    ),
    setting(
      'heavy tails of finite variance',
      { sampling: 'student-t', degreesOfFreedom: 3 },
      {
        ...{ stream: 412, values: 64_000, margin: 0.02, required: true },
        theories: [exactSum, discrete, heavyTailed],
      },
    ),
    setting(
      'batches with replacement',
      { sampling: 'with-replacement' },
      {
        ...{ stream: 413, values: 45_000, margin: 0.025, required: false },
        theories: [miniBatches, voices.noiseAtMinimum, discrete, heavyTailed],
      },
    ),
  ],
  ledger: specLedger,
  mutants: [
    scaled('stationary law too narrow', 'B/2κ for B/κ', Math.SQRT1_2),
    scaled('stationary law too wide', '2B/κ for B/κ', Math.SQRT2),
  ],
}
