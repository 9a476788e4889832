import { prepareDataset } from '../../foundation/dataset.ts'
import type { Hyperparameters, ModeSpectrum } from '../../foundation/phase-space.ts'
import {
  type RegressionProblem,
  regressionProblem,
  spectrumAtMinimum,
  spectrumOf,
} from '../../foundation/regression-problem.ts'
import type { Experiment, Mutant, NamedTheory, Setting, Suite } from '../../harness/hypothesis.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { langevinLaw } from '../../oracle/langevin.ts'
import { miniBatchTransient } from '../../oracle/mini-batch-transient.ts'
import { gradientFlowTheory } from '../../oracle/rivals/gradient-flow.ts'
import { shuffledEpochsTheory } from '../../oracle/shuffled-epochs.ts'
import { regressionSource, startAtOrigin, teacherDataset } from '../../sim/index.ts'
import { singleModeMargin } from '../regression/margins.ts'
import { specLedger } from '../regression/settings.ts'

/** Figure 2's regression in small: targets that name a class, one output for each, from θ = 0 and rest. */

/** What is said of the outputs. */
export interface OutputsTheory extends NamedTheory {
  /** E x and E v at a step over x at the start, of each mode in one output. // [mode, 2] */
  readonly response?: (step: number, output: number) => Float64Array
  /** What is left in output `to` regressed on what is left in output `from` at the last step, all modes in units of one noise. */
  readonly regression?: (from: number, to: number) => number
}

export interface OutputsSetting extends Setting {
  readonly theories: readonly OutputsTheory[]
  readonly problem: RegressionProblem
  /** x at the start; v = 0. // [output, mode] */
  readonly start: Float64Array
  /** Ascending. */
  readonly steps: readonly number[]
  /** At which of the steps each mode is asked, by place: where inertia shows most. // [mode] */
  readonly asked: { readonly position: readonly number[]; readonly velocity: readonly number[] }
  /** Variance of one chain. // [output, mode, step, 4] */
  readonly variance: Float64Array
  /** Variance of Σ_o x_lo(0) x_lo(k), and so on for v, of one chain. // [mode, step, 4] */
  readonly along: Float64Array
  /** Cov of positions of two outputs at the last step, in units of what noise of variance ρ a step makes of it. // [mode] */
  readonly shared: (output: number, other: number) => Float64Array
  readonly experiment: Experiment<OutputsRecord>
}

/** Means over a replica's chains. */
export interface OutputsRecord {
  /** // [output, mode, step] each */
  readonly position: Float64Array
  readonly velocity: Float64Array
  /** Σ_l d_lo d_lp/unit_l of deviations of position at the last step. // [output, output] */
  readonly products: Float64Array
}

type Sampling = 'gaussian' | 'with-replacement' | 'shuffled-epochs'

const hyperparameters: Hyperparameters = { learningRate: 0.1, momentum: 0.8, weightDecay: 0, batchSize: 40 }
const chainsPerReplica = 16
const classCount = 4
const exampleCount = 160
const lastStep = 42

/** Features of a known spectrum, two of whose modes oscillate and two creep, and of each example which of four it is most alike to. */
function oneHotTargets(): { features: Float64Array; targets: Float64Array } {
  const { features, featureCount, ...dataset } = teacherDataset({
    ...{ name: 'classes', seed: 12, exampleCount, labelNoise: 0 },
    eigenvalues: [1.5, 0.4, 0.1, 0.03],
  })
  const row = (i: number): Float64Array => features.subarray(i * featureCount, (i + 1) * featureCount)
  const targets = new Float64Array(exampleCount * classCount)
  for (let i = 0; i < exampleCount; i++) {
    const likeness = Array.from({ length: classCount }, (_, c) => row(i).reduce((sum, x, j) => sum + x * row(c)[j]!, 0))
    targets[i * classCount + likeness.indexOf(Math.max(...likeness))] = 1
  }
  return prepareDataset(
    { ...dataset, features, featureCount, targets, outputCount: classCount, oneHot: true },
    { standardize: false, center: true },
  )
}

const { features, targets } = oneHotTargets()
const problem = regressionProblem(features, targets, exampleCount, 0)

/** The problem whose one output is a weighted sum of the outputs: that sum is what a chain of all outputs does in it. w: // [output] */
function combined(weights: ArrayLike<number>): RegressionProblem {
  const sums = Float64Array.from({ length: exampleCount }, (_, i) =>
    Array.from(weights).reduce((sum, weight, o) => sum + weight * targets[i * classCount + o]!, 0),
  )
  return regressionProblem(features, sums, exampleCount, 0)
}

/** Of a weighted sum of outputs, exactly, from θ = 0. // [mode, step, 4] */
function covariance(weights: ArrayLike<number>, sampling: Sampling, steps: readonly number[]): Float64Array {
  const one = combined(weights)
  if (sampling === 'with-replacement') {
    const start = startAtOrigin(one)
    return miniBatchTransient(one, hyperparameters, { replacement: true }, start, steps).covariance
  }
  if (sampling === 'gaussian') return accumulated(spectrumOf(one), steps)
  const { predictions } = shuffledEpochsTheory(spectrumAtMinimum(one), hyperparameters, { exampleCount })
  return predictions.covarianceAtStep!(steps)
}

/** // [mode, step, 4] */
function accumulated(spectrum: ModeSpectrum, steps: readonly number[]): Float64Array {
  const blocks = new Float64Array(4 * spectrum.eigenvalues.length * steps.length)
  const law = discreteLaw(spectrum, hyperparameters)
  for (const [k, step] of steps.entries()) {
    const V = law.accumulated!(step)
    for (let l = 0; l < spectrum.eigenvalues.length; l++) {
      blocks.set(V.subarray(4 * l, 4 * l + 4), 4 * (l * steps.length + k))
    }
  }
  return blocks
}

const spectrum = spectrumOf(problem)

/** The propagator's first column. // [mode, 2] */
function fromPosition(E: Float64Array): Float64Array {
  return E.filter((_, at) => at % 2 === 0)
}

const exactResponse = (step: number): Float64Array =>
  fromPosition(discreteLaw(spectrum, hyperparameters).propagator(step))

/** SGD on curvatures that are some multiple of the true ones. */
const responseAt = (step: number, multiple: number): Float64Array =>
  fromPosition(
    discreteLaw(
      { ...spectrum, eigenvalues: spectrum.eigenvalues.map((rho) => rho * multiple) },
      hyperparameters,
    ).propagator(step),
  )

function flowResponse(step: number): Float64Array {
  const { modeCount } = problem
  const start = { position: new Float64Array(modeCount).fill(1), velocity: new Float64Array(modeCount) }
  const { position, velocity } = gradientFlowTheory(spectrum, hyperparameters).predictions.meanTrajectory!(start, [
    step,
  ])
  return Float64Array.from({ length: 2 * modeCount }, (_, at) => (at % 2 === 0 ? position : velocity)[at >> 1]!)
}

const withoutMomentum = (step: number): Float64Array =>
  fromPosition(discreteLaw(spectrum, { ...hyperparameters, momentum: 0 }).propagator(step))

/** Where what is asked, x or v, is furthest from the nearest of two rivals, for each mode. // [mode] */
function inertialSteps(which: 0 | 1): number[] {
  return Array.from({ length: problem.modeCount }, (_, l) => {
    const at = 2 * l + which
    const apart = Array.from({ length: lastStep }, (__, k) => {
      const own = exactResponse(k + 1)[at]!
      return Math.min(...[flowResponse, withoutMomentum].map((rival) => Math.abs(own - rival(k + 1)[at]!)))
    })
    return 1 + apart.indexOf(Math.max(...apart))
  })
}

const inertial = { position: inertialSteps(0), velocity: inertialSteps(1) }
const steps = [...new Set([...inertial.position, ...inertial.velocity, lastStep])].sort((a, b) => a - b)
const asked = {
  position: inertial.position.map((step) => steps.indexOf(step)),
  velocity: inertial.velocity.map((step) => steps.indexOf(step)),
}
const start = startAtOrigin(problem)
const size = start.position.length
/** // [output, mode, step] */
const meanPosition = Float64Array.from({ length: size * steps.length }, (_, at) => {
  const pair = Math.floor(at / steps.length)
  return exactResponse(steps[at % steps.length]!)[2 * (pair % problem.modeCount)]! * start.position[pair]!
})
/** What noise of variance ρ a step makes of x² at the last step: the unit of squares that are summed over modes. // [mode] */
const unit = accumulated({ ...spectrum, noiseVariances: new Float64Array(problem.modeCount).fill(1) }, [
  lastStep,
]).filter((_, at) => at % 4 === 0)

function outputsSetting(
  name: string,
  sampling: Sampling,
  { stream, chains }: { stream: number; chains: number },
): OutputsSetting {
  const seed = seedFor(stream)
  const source = regressionSource(problem, hyperparameters, {
    sampling,
    ...(sampling === 'shuffled-epochs' ? { noise: 'frozen' as const } : {}),
    ...{ seed, start },
  })
  const replicas = Math.ceil((chains * specBudget()) / chainsPerReplica)
  const variance = new Float64Array(4 * size * steps.length)
  for (let o = 0; o < classCount; o++) {
    variance.set(covariance(weightOf(o), sampling, steps), 4 * o * problem.modeCount * steps.length)
  }
  const along = new Float64Array(4 * problem.modeCount * steps.length)
  for (let l = 0; l < problem.modeCount; l++) {
    const weights = Array.from({ length: classCount }, (_, o) => start.position[o * problem.modeCount + l]!)
    const rows = 4 * steps.length
    along.set(covariance(weights, sampling, steps).subarray(l * rows, (l + 1) * rows), l * rows)
  }
  const shared = sharedNoise(sampling)
  return {
    name,
    sampling,
    required: true,
    reference: 'each pair by itself',
    theories: theoriesOfOutputs(sampling, shared),
    problem,
    start: start.position,
    steps,
    asked,
    variance,
    along,
    shared,
    experiment: {
      name: 'from θ = 0',
      seed,
      looks: [replicas >> 1, replicas],
      stepsPerReplica: chainsPerReplica * lastStep,
      samplesPerReplica: chainsPerReplica,
      runReplica(replica) {
        const record = {
          position: new Float64Array(size * steps.length),
          velocity: new Float64Array(size * steps.length),
          products: new Float64Array(classCount ** 2),
        }
        for (let chain = replica * chainsPerReplica; chain < (replica + 1) * chainsPerReplica; chain++) {
          let taken = 0
          source.run(chain, lastStep, {
            next: () => steps[taken] ?? Number.POSITIVE_INFINITY,
            observe(step, position, velocity) {
              if (step !== steps[taken]) return // step 0 is shown unasked
              for (let at = 0; at < size; at++) {
                record.position[at * steps.length + taken]! += position[at]! / chainsPerReplica
                record.velocity[at * steps.length + taken]! += velocity[at]! / chainsPerReplica
              }
              if (step === lastStep) addProducts(record.products, position)
              taken++
            },
          })
        }
        return record
      },
    },
  }
}

function addProducts(products: Float64Array, position: Float64Array): void {
  const { modeCount } = problem
  const deviation = (o: number, l: number): number =>
    position[o * modeCount + l]! - meanPosition[(o * modeCount + l + 1) * steps.length - 1]!
  for (let o = 0; o < classCount; o++) {
    for (let p = 0; p < classCount; p++) {
      for (let l = 0; l < modeCount; l++) {
        products[o * classCount + p]! += (deviation(o, l) * deviation(p, l)) / unit[l]! / chainsPerReplica
      }
    }
  }
}

/** By Cov(a, b) = ½[Var(a + b) − Var a − Var b]. */
function sharedNoise(sampling: Sampling): OutputsSetting['shared'] {
  const inUnits = (weights: readonly number[]): Float64Array =>
    covariance(weights, sampling, [lastStep])
      .filter((_, at) => at % 4 === 0)
      .map((value, l) => value / unit[l]!)
  const outputs = Array.from({ length: classCount }, (_, o) => o)
  const alone = outputs.map((o) => inUnits(weightOf(o)))
  const table = outputs.map((a) =>
    outputs.map((b) => {
      if (a === b) return alone[a]!
      const both = inUnits(outputs.map((o) => (o === a || o === b ? 1 : 0)))
      return both.map((value, l) => (value - alone[a]![l]! - alone[b]![l]!) / 2)
    }),
  )
  return (a, b) => table[a]![b]!
}

function weightOf(output: number): number[] {
  return Array.from({ length: classCount }, (_, o) => (o === output ? 1 : 0))
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

/** The reference first. */
function theoriesOfOutputs(sampling: Sampling, shared: OutputsSetting['shared']): OutputsTheory[] {
  const R = problem.residualCovariance
  const residualRegression = (from: number, to: number): number =>
    R[from * classCount + to]! / R[from * (classCount + 1)]!
  return [
    {
      name: 'each pair by itself',
      title:
        'each eigenvector in each output the damped oscillator of its eigenvalue, driven by the noise of its output',
      source: 'eq. 9, Fig. 2; exactly, Mᵏz₀ with H⊗I, and of two outputs what their sum does',
      response: exactResponse,
      regression: (from, to) => sum(shared(from, to)) / sum(shared(from, from)),
    },
    {
      name: 'langevin',
      title: 'underdamped Langevin dynamics at t = ηk',
      source: 'eq. 9',
      response: (step) => fromPosition(langevinLaw(spectrum, hyperparameters).propagator(step)),
    },
    {
      name: 'gradient flow',
      title: 'gradient flow at learning rate η/(1−β)',
      source: 'theory of the mean without inertia',
      response: flowResponse,
    },
    {
      name: 'no momentum',
      title: 'exact discrete SGD with β = 0',
      source: 'the same law with momentum ignored',
      response: withoutMomentum,
    },
    {
      name: 'mean over outputs',
      title: 'the curvature of a loss that is averaged over outputs, 2H/C',
      source: 'PyTorch’s MSELoss read for the paper’s loss',
      response: (step) => responseAt(step, 2 / classCount),
    },
    {
      name: 'rates by output',
      title: 'outputs that swing as their residuals are large, h R_oo C/tr R',
      source: 'R⊗H taken for the Hessian too',
      response: (step, o) => responseAt(step, (R[o * (classCount + 1)]! * classCount) / problem.noiseVariance),
    },
    {
      name: 'outputs apart',
      title: 'independent noise in each output',
      source: 'Σ = σ²H in each',
      regression: () => 0,
    },
    {
      name: 'outputs alike',
      title: 'the same residuals in all outputs, but that they sum to zero',
      source: 'R ∝ I − 1/C for the residuals’ own covariance',
      regression: () => -1 / (classCount - 1),
    },
    ...(sampling === 'gaussian'
      ? []
      : [
          {
            name: 'R⊗H',
            title: 'the noise of all eigenvectors shared among the outputs as residuals are',
            source: 'Assumption 3 for several outputs',
            regression: residualRegression,
          },
        ]),
  ]
}

/** The reference's means, off by a factor in some modes. */
function off(name: string, bug: string, factor: number, only?: number): Mutant<OutputsSetting> {
  return {
    name,
    bug,
    small: true,
    plant({ theories, reference }) {
      const { regression: _, response, ...own } = theories.find((theory) => theory.name === reference)!
      return {
        ...own,
        name: `${reference}, ${name}`,
        response: (step, output) =>
          response!(step, output).map((value, at) => (only === undefined || at >> 1 === only ? factor * value : value)),
      }
    },
  }
}

/** Twice the margin of a single mode. */
const singleModeError = 2 * singleModeMargin()

export const outputsSuite: Suite<OutputsSetting> = {
  settings: [
    outputsSetting('gaussian noise', 'gaussian', { stream: 360, chains: 13000 }),
    outputsSetting('batches with replacement', 'with-replacement', { stream: 361, chains: 13000 }),
    outputsSetting('shuffled epochs, frozen noise', 'shuffled-epochs', { stream: 362, chains: 13000 }),
  ],
  ledger: specLedger,
  mutants: [
    off('outputs’ return off by 2 %', 'E x and E v too large in every pair', 1.02),
    ...Array.from({ length: problem.modeCount }, (_, mode) =>
      off(
        `outputs’ return along eigenvector ${mode + 1} off by ${Math.round(100 * singleModeError)} %`,
        'E x and E v too large in every output',
        1 + singleModeError,
        mode,
      ),
    ),
  ],
}
