import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Dataset, prepareDataset } from '../../foundation/dataset.ts'
import { readCsv } from '../../foundation/formats/csv.ts'
import { type RegressionProblem, regressionProblem } from '../../foundation/regression-problem.ts'
import type { Experiment, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { gradientCovariance } from '../../observables/index.ts'
import { samplingDistance, teacherGradientCovariance } from '../../oracle/teacher-gradient-covariance.ts'
import { addLabelNoise, teacherDataset } from '../../sim/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'
import type { NoiseLaw } from './influence.ts'

/** What is said of Σ at the minimum, in the eigenbasis of the population's H. */
export interface GradientNoise {
  /** Σ_lm/(σ²√(ρ_lρ_m)), σ²√(ρ_lρ_m) the sample's. // [mode, mode] */
  readonly covariance?: Float64Array
  /** Mean of ‖Σ − σ²H‖² over that of ‖σ²H‖², both the sample's. */
  readonly squaredDistance?: number
}

/** One dataset at its minimum, σ² and H its own, modes the population's and in units of √ρ_l. */
export interface DatasetRecord {
  /** Σ. // [mode, mode] */
  readonly covariance: Float64Array
  /** σ²H. // [mode, mode] */
  readonly reference: Float64Array
  readonly noiseVariance: number
  /** ‖Σ − σ²H‖²/‖σ²H‖², numerator and denominator. */
  readonly squaredDistance: readonly [number, number]
}

export interface GradientCovarianceSetting extends Setting {
  readonly theories: readonly Voice<GradientNoise>[]
  /** Absent where one given dataset is looked at. */
  readonly experiment?: Experiment<DatasetRecord>
  readonly law: NoiseLaw
  readonly exampleCount: number
  readonly eigenvalues: Float64Array
  /** Of a given dataset. */
  readonly given?: RegressionProblem
}

const eigenvalues = Float64Array.of(2, 1.5, 1)
const modeCount = eigenvalues.length
/** u = H^½w/‖H^½w‖. */
const direction = [0.6, 0.64, 0.48]
const teacher = Float64Array.from(direction, (value, l) => value / Math.sqrt(eigenvalues[l]!))
const labelNoise = 0.7

/** The population's eigenvectors of a teacher: with a single mode, every example lies along its own. // [mode, feature] */
function populationBasis(seed: number): Float64Array[] {
  return Array.from({ length: modeCount }, (_, mode) => {
    const alone = Array.from({ length: modeCount }, (__, l) => (l === mode ? 1 : 0))
    const { features } = teacherDataset({ name: 'mode', seed, exampleCount: 1, eigenvalues: alone, labelNoise: 0 })
    const length = Math.hypot(...features)
    return features.map((value) => value / length)
  })
}

/** A dataset with features of its own and the same teacher, in the population's eigenbasis. */
function drawnDataset(
  seed: number,
  basis: readonly Float64Array[],
  exampleCount: number,
  { heteroscedasticity, noise }: NoiseLaw,
): Dataset {
  const drawn = teacherDataset({ name: 'teacher', seed, exampleCount, eigenvalues, labelNoise: 0 })
  const w = new Float64Array(modeCount) // in the coordinates of the features
  for (let j = 0; j < modeCount; j++) for (let l = 0; l < modeCount; l++) w[j]! += teacher[l]! * basis[l]![j]!
  const targets = new Float64Array(exampleCount)
  for (let i = 0; i < exampleCount; i++) {
    for (let j = 0; j < modeCount; j++) targets[i]! += drawn.features[i * modeCount + j]! * w[j]!
  }
  const added = { seed, standardDeviation: labelNoise, heteroscedasticity, law: noise }
  return addLabelNoise({ ...drawn, targets }, added)
}

function recordOf(seed: number, exampleCount: number, law: NoiseLaw): DatasetRecord {
  const basis = populationBasis(seed)
  const dataset = drawnDataset(seed, basis, exampleCount, law)
  const problem = regressionProblem(dataset.features, dataset.targets, exampleCount, 0)
  const own = gradientCovariance(problem, new Float64Array(modeCount))
  const { noiseVariance } = problem
  // from the sample's eigenbasis to the population's, modes in units of √ρ // [population mode, sample mode]
  const turn = basis.map((vector, l) =>
    Array.from({ length: modeCount }, (_, k) => {
      let overlap = 0
      for (let j = 0; j < modeCount; j++) overlap += vector[j]! * problem.eigenvectors[k * modeCount + j]!
      return overlap / Math.sqrt(eigenvalues[l]!)
    }),
  )
  const turned = (entry: (k: number, n: number) => number): Float64Array =>
    Float64Array.from({ length: modeCount ** 2 }, (_, at) => {
      const [left, right] = [turn[Math.floor(at / modeCount)]!, turn[at % modeCount]!]
      let sum = 0
      for (let k = 0; k < modeCount; k++) for (let n = 0; n < modeCount; n++) sum += left[k]! * right[n]! * entry(k, n)
      return sum
    })
  const size = problem.eigenvalues.reduce((sum, rho) => sum + (noiseVariance * rho) ** 2, 0)
  return {
    covariance: turned((k, n) => own.covariance[k * modeCount + n]!),
    reference: turned((k, n) => (k === n ? noiseVariance * problem.eigenvalues[k]! : 0)),
    noiseVariance,
    squaredDistance: [own.relativeDistance ** 2 * size, size],
  }
}

/**
 * The law of N examples, Σ over the sample's σ²H to first order in 1/N (exact for a = 0, diagonal N/(N+2)): with r = (1−P)ε,
 * P = X(XᵀX)⁻¹Xᵀ, noise levels over their sample mean and Isserlis' moments,
 * Σ/σ² = (1 − (d+2+2a)/N) 1 + (2a − a(4d+18)/N) uuᵀ, σ̂²/σ² = 1 − (d+2a)/N.
 */
function ofExamples(exampleCount: number, a: number): Float64Array {
  const population = teacherGradientCovariance(eigenvalues, teacher, a).covariance
  const part = (count: number): number => 1 - count / exampleCount
  return population.map((value, at) => {
    const [l, m] = [Math.floor(at / modeCount), at % modeCount]
    const same = l === m ? 1 : 0
    const excess = value / Math.sqrt(eigenvalues[l]! * eigenvalues[m]!) - same
    return (same * part(modeCount + 2 + 2 * a) + excess * part(2 * modeCount + 9)) / part(modeCount + 2 * a)
  })
}

interface Drawn {
  readonly exampleCount: number
  readonly heteroscedasticity: number
  readonly replicas: number
  readonly stream: number
}

function drawn(
  name: string,
  { exampleCount, heteroscedasticity: a, replicas, stream }: Drawn,
): GradientCovarianceSetting {
  // uniform noise does not add its own tails to those of noise levels
  const law: NoiseLaw = { direction, heteroscedasticity: a, noise: a === 0 ? 'normal' : 'uniform' }
  // who is asked about noise that follows the target where none does
  const follows = a === 0 ? 1 : a
  const most = Math.floor(replicas * Math.max(1, specBudget()))
  // apart from every other stream's seeds, and from those of as many runs as there are
  const firstSeed = seedFor(stream) * 2 ** 9
  const distance = teacherGradientCovariance(eigenvalues, teacher, follows).relativeDistance ** 2
  const trace = eigenvalues.reduce((sum, rho) => sum + rho, 0)
  const isotropic = new Float64Array(modeCount ** 2)
  for (let l = 0; l < modeCount; l++) isotropic[l * (modeCount + 1)] = trace / modeCount / eigenvalues[l]!
  const size = eigenvalues.reduce((sum, rho) => sum + rho ** 2, 0)
  return {
    name,
    exampleCount,
    eigenvalues,
    law,
    experiment: remembered({
      name: 'datasets',
      seed: firstSeed,
      looks: [Math.floor(most / 2), most],
      stepsPerReplica: exampleCount,
      samplesPerReplica: exampleCount,
      runReplica: (chain: number) => recordOf(firstSeed + chain, exampleCount, law),
    }),
    reference: a === 0 ? 'σ²H' : 'noise that follows the target',
    required: true,
    theories: [
      {
        name: 'σ²H',
        title: 'Assumption 3: the gradient noise has the Hessian’s covariance, but for what N examples scatter',
        source: 'Assumption 3; oracle/teacher-gradient-covariance.ts',
        says: {
          covariance: ofExamples(exampleCount, 0),
          squaredDistance: samplingDistance(eigenvalues, exampleCount) ** 2,
        },
      },
      {
        name: 'noise that follows the target',
        title: `label noise ${follows === 1 ? 'of variance' : `of which the share a = ${follows} has variance`} σ²(wᵀx)²/E(wᵀx)²: Σ = σ²(H + 2aHwwᵀ H/(wᵀHw))`,
        source: 'Isserlis; oracle/teacher-gradient-covariance.ts',
        // a small distance is as much that of N examples
        says: {
          covariance: ofExamples(exampleCount, follows),
          ...(follows === 1 ? { squaredDistance: distance } : {}),
        },
      },
      {
        name: 'σ²·1',
        title: 'gradient noise alike in every direction, of the same trace',
        source: 'isotropic noise',
        says: {
          covariance: isotropic,
          squaredDistance: eigenvalues.reduce((sum, rho) => sum + (trace / modeCount - rho) ** 2, 0) / size,
        },
      },
      {
        name: 'a distance that does not fall',
        title: 'Σ as far from σ²H as it is for a quarter of the examples',
        source: 'a distance that is no matter of sampling',
        says: { squaredDistance: samplingDistance(eigenvalues, exampleCount / 4) ** 2 },
      },
    ],
  }
}

const digitsFile = fileURLToPath(new URL('../../../shared/data/optdigits.csv', import.meta.url))

/** Left out, with a line that says so, where the file is not there. */
function digits(): GradientCovarianceSetting[] {
  if (!existsSync(digitsFile)) {
    console.log('gradient-covariance: no ../shared/data/optdigits.csv, so real data are left out')
    return []
  }
  const text = readFileSync(digitsFile, 'utf8')
  const target = text.slice(0, text.indexOf('\n')).trim().split(',').at(-1)!
  const { features, targets, exampleCount } = prepareDataset(readCsv(text, 'optdigits', { target, oneHot: false }), {
    standardize: true,
    center: true,
  })
  const given = regressionProblem(features, targets, exampleCount, 0)
  return [
    {
      name: 'handwritten digits',
      exampleCount,
      eigenvalues: given.eigenvalues,
      given,
      law: { direction: [], heteroscedasticity: 0, noise: 'normal' },
      reference: 'σ²H',
      required: false,
      theories: [
        {
          name: 'σ²H',
          title: 'Assumption 3, normal features: as near as N examples let it be',
          source: 'oracle/teacher-gradient-covariance.ts',
          says: { squaredDistance: samplingDistance(given.eigenvalues, exampleCount) ** 2 },
        },
      ],
    },
  ]
}

export const gradientCovariances: Suite<GradientCovarianceSetting> = {
  settings: [
    drawn('the same noise for all, 300 examples', {
      exampleCount: 300,
      heteroscedasticity: 0,
      replicas: 1024,
      stream: 340,
    }),
    drawn('the same noise for all, 1200 examples', {
      exampleCount: 1200,
      heteroscedasticity: 0,
      replicas: 1280,
      stream: 341,
    }),
    drawn('a tenth of the noise follows the target, 1200 examples', {
      exampleCount: 1200,
      heteroscedasticity: 0.1,
      replicas: 1280,
      stream: 343,
    }),
    drawn('noise that follows the target, 1200 examples', {
      exampleCount: 1200,
      heteroscedasticity: 1,
      replicas: 640,
      stream: 342,
    }),
    ...digits(),
  ],
  ledger: specLedger,
  mutants: [],
}
