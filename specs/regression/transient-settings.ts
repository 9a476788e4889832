import type { Hyperparameters, PhasePoint } from '../../foundation/phase-space.ts'
import { type RegressionProblem, spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import type { Experiment, Mutant, NamedTheory, Setting, Suite } from '../../harness/hypothesis.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeTransient, type TransientRecord } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { langevinLaw } from '../../oracle/langevin.ts'
import { miniBatchTransient } from '../../oracle/mini-batch-transient.ts'
import { firstOrderFromStart } from '../../oracle/rivals/first-order-from-start.ts'
import { shuffledTwoTimeFromStart } from '../../oracle/shuffled-epochs-two-time.ts'
import type { PhaseBlocks, SecondOrderLaw } from '../../oracle/theory.ts'
import { twoTimeCovariance } from '../../oracle/two-time-covariance.ts'
import { regressionSource } from '../../sim/index.ts'
import { manyOutputs, outputCount, squareVariance } from './many-outputs.ts'
import { singleModeMargin } from './margins.ts'
import { specLedger } from './settings.ts'

/** Settings whose chains are followed from a known start until they are stationary, and who says what of their covariance. */

/** What is said of Cov(z_t, z_s) from the setting's start, the earlier time first; t = s gives one time's. */
export interface TransientTheory extends NamedTheory {
  /** Of recorded steps: xx, xv, vx, vv; undefined: it does not say. // [mode, 4] */
  readonly covariance: (earlier: number, later: number) => PhaseBlocks | undefined
}

export interface TransientSetting extends Setting {
  readonly theories: readonly TransientTheory[]
  readonly problem: RegressionProblem
  /** // [step] */
  readonly steps: readonly number[]
  /** Pairs of indices into `steps`, earlier first. // [pair] */
  readonly pairs: readonly (readonly [earlier: number, later: number])[]
  /** Means over the chains of a replica. */
  readonly experiment: Experiment<TransientRecord>
  /** Relative variance of a squared deviation of one chain, summed over outputs: 2 for one Gaussian. // [mode] */
  readonly squareVariance: Float64Array
}

type Sampling = 'gaussian' | 'with-replacement' | 'shuffled-epochs'

interface Options {
  readonly sampling: Sampling
  /** One random stream a setting. */
  readonly stream: number
  /** From the minimum, in stationary deviations of each mode and output; v₀ = 0. */
  readonly displacedBy: number
  readonly steps: readonly number[]
  readonly pairs: readonly (readonly [earlier: number, later: number])[]
  /** At the usual budget. */
  readonly chains: number
}

/** Chains that are averaged to one record. */
const chainsPerReplica = 16

function transientSetting(
  name: string,
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  { sampling, stream, displacedBy, steps, pairs, chains }: Options,
): TransientSetting {
  const { modeCount } = problem
  const spectrum = sampling === 'gaussian' ? spectrumOf(problem) : spectrumAtMinimum(problem)
  const law = discreteLaw(spectrum, hyperparameters)
  const start: PhasePoint = {
    position: displaced(law, displacedBy),
    velocity: new Float64Array(outputCount * modeCount),
  }
  const theories = theoriesOfTransients(problem, hyperparameters, sampling, start, steps)
  const seed = seedFor(stream)
  const source = regressionSource(problem, hyperparameters, {
    sampling,
    ...(sampling === 'shuffled-epochs' ? { noise: 'frozen' as const } : {}),
    seed,
    start,
  })
  const last = steps.at(-1)!
  const mean = meanFrom(law, start, steps)
  const replicas = Math.ceil((chains * specBudget()) / chainsPerReplica)
  return {
    name,
    sampling,
    required: true,
    reference: theories[0]!.name,
    theories,
    problem,
    steps,
    pairs,
    squareVariance: squareVariance(problem, sampling, start.position, hyperparameters.batchSize),
    experiment: {
      name: 'from a known start',
      seed,
      looks: [replicas >> 1, replicas],
      stepsPerReplica: chainsPerReplica * last,
      samplesPerReplica: chainsPerReplica,
      runReplica(replica) {
        const oneTime = new Float64Array(4 * modeCount * steps.length)
        const twoTime = new Float64Array(4 * modeCount * pairs.length)
        for (let chain = replica * chainsPerReplica; chain < (replica + 1) * chainsPerReplica; chain++) {
          const { observer, record } = observeTransient(problem, { steps, pairs, mean })
          source.run(chain, last, observer)
          const one = record()
          addMean(oneTime, one.oneTime)
          addMean(twoTime, one.twoTime)
        }
        return { oneTime, twoTime }
      },
    },
  }
}

function addMean(sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += values[i]! / chainsPerReplica
}

/** Each output at another corner of a box about the minimum, so that their means tell nothing of each other. // [output, mode] */
function displaced({ stationary, spectrum }: SecondOrderLaw, deviations: number): Float64Array {
  const modeCount = spectrum.eigenvalues.length
  return Float64Array.from({ length: outputCount * modeCount }, (_, at) => {
    const [output, l] = [Math.floor(at / modeCount), at % modeCount]
    return ((output >> l) & 1 ? -1 : 1) * deviations * Math.sqrt(stationary[4 * l]! / outputCount)
  })
}

/** // [output, mode, step] each */
function meanFrom(law: SecondOrderLaw, { position, velocity }: PhasePoint, steps: readonly number[]): PhasePoint {
  const modeCount = law.spectrum.eigenvalues.length
  const mean = {
    position: new Float64Array(position.length * steps.length),
    velocity: new Float64Array(position.length * steps.length),
  }
  for (const [row, step] of steps.entries()) {
    const E = law.propagator(step)
    for (let at = 0; at < position.length; at++) {
      const b = 4 * (at % modeCount)
      mean.position[at * steps.length + row] = E[b]! * position[at]! + E[b + 1]! * velocity[at]!
      mean.velocity[at * steps.length + row] = E[b + 2]! * position[at]! + E[b + 3]! * velocity[at]!
    }
  }
  return mean
}

/** The reference first. */
function theoriesOfTransients(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  sampling: Sampling,
  start: PhasePoint,
  steps: readonly number[],
): TransientTheory[] {
  const spectrum = sampling === 'gaussian' ? spectrumOf(problem) : spectrumAtMinimum(problem)
  const exact = discreteLaw(spectrum, hyperparameters)
  const langevin = langevinLaw(spectrum, hyperparameters)
  const fromStart =
    (law: SecondOrderLaw): TransientTheory['covariance'] =>
    (earlier, later) =>
      twoTimeCovariance(law, start, earlier, later - earlier)
  const discrete: TransientTheory = {
    name: 'discrete',
    title: 'exact discrete SGD whose noise is as at the minimum and independent of the past',
    source: 'theory, sec. 4: Σ_{j<k} Mʲ n nᵀ (Mʲ)ᵀ',
    covariance: fromStart(exact),
  }
  const own = sampling === 'gaussian' ? undefined : exactOnData(problem, hyperparameters, sampling, start, steps)
  return [
    ...(own === undefined ? [] : [own]),
    discrete,
    {
      name: 'langevin',
      title: 'underdamped Langevin dynamics at t = ηk',
      source: 'eqs. 10, 26, 27',
      covariance: fromStart(langevin),
    },
    {
      name: 'printed time',
      title: 'underdamped Langevin dynamics at t = k',
      source: 'eq. 26 with step k for time, as sec. 8 prints C_l (erratum 1)',
      covariance: fromStart(countedInTime(langevin, hyperparameters)),
    },
    {
      name: 'stationary at once',
      title: 'the stationary law from the first step on',
      source: 'eq. 34 for eqs. 26 and 27',
      covariance: (earlier, later) => twoTimeCovariance(exact, 'stationary', earlier, later - earlier),
    },
    {
      name: 'one exponential',
      title: 'P − ½(E P + P Eᵀ): the spread relaxes as the mean does',
      source: 'eq. 26 with one of its two exponentials',
      covariance: (earlier, later) => (earlier === later ? relaxingAsMean(exact, earlier) : undefined),
    },
    {
      name: 'times exchanged',
      title: 'Cov(z_s, z_t) for Cov(z_t, z_s)',
      source: 'eq. 10 with e^{A|t−s|} on the other side',
      covariance: (earlier, later) => transposed((own ?? discrete).covariance(earlier, later)!),
    },
    {
      name: 'first-order',
      title: 'first-order SDE with learning rate η/(1−β)',
      source: 'Mandt, Hoffman & Blei 2016; Jastrzębski et al. 2017',
      covariance: (earlier, later) => firstOrderFromStart(spectrum, hyperparameters, earlier, later - earlier),
    },
    {
      name: 'no momentum',
      title: 'exact discrete SGD with β = 0',
      source: 'the same law with momentum ignored',
      covariance: fromStart(discreteLaw(spectrum, { ...hyperparameters, momentum: 0 })),
    },
  ]
}

/** Who is exact where noise depends on more than chance. */
function exactOnData(
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  sampling: Exclude<Sampling, 'gaussian'>,
  start: PhasePoint,
  steps: readonly number[],
): TransientTheory {
  const spectrum = spectrumAtMinimum(problem)
  if (sampling === 'shuffled-epochs') {
    const shuffling = { exampleCount: problem.exampleCount }
    return {
      name: 'shuffled epochs',
      title: 'SGD in shuffled epochs with additive noise, from an epoch’s start',
      source: 'theory, sec. 6',
      covariance: (earlier, later) =>
        shuffledTwoTimeFromStart(spectrum, hyperparameters, shuffling, earlier, later - earlier),
    }
  }
  const law = discreteLaw(spectrum, hyperparameters)
  const { covariance } = miniBatchTransient(problem, hyperparameters, { replacement: true }, start, steps)
  return {
    name: 'mini-batch with replacement',
    title: 'exact moments of SGD on the data, with the noise of where it is',
    source: 'theory, sec. 5',
    covariance(earlier, later) {
      const row = steps.indexOf(earlier)
      const at = covariance.filter((_, index) => (index >> 2) % steps.length === row)
      return twoTimeCovariance({ ...law, accumulated: () => at }, start, earlier, later - earlier)
    },
  }
}

/** The law at time k for step k, which is k/η steps. */
function countedInTime(law: SecondOrderLaw, { learningRate }: Hyperparameters): SecondOrderLaw {
  const steps = (time: number): number => time / learningRate
  return {
    ...law,
    propagator: (time) => law.propagator(steps(time)),
    increment: (time) => law.increment(steps(time)),
    accumulated: (time) => law.accumulated!(steps(time)),
  }
}

/** P − ½(E P + P Eᵀ) = −½(F P + P Fᵀ), F = E − I. */
function relaxingAsMean({ stationary, increment }: SecondOrderLaw, step: number): PhaseBlocks {
  const F = increment(step)
  return eachBlock(stationary, ([xx, xv, vx, vv], b) => {
    const cross = -(F[b]! * xv + F[b + 1]! * vv + F[b + 2]! * xx + F[b + 3]! * vx) / 2
    return [-(F[b]! * xx + F[b + 1]! * vx), cross, cross, -(F[b + 2]! * xv + F[b + 3]! * vv)]
  })
}

function transposed(blocks: PhaseBlocks): PhaseBlocks {
  return eachBlock(blocks, ([xx, xv, vx, vv]) => [xx, vx, xv, vv])
}

type Block = readonly [xx: number, xv: number, vx: number, vv: number]

function eachBlock(blocks: PhaseBlocks, change: (block: Block, at: number) => Block): PhaseBlocks {
  const changed = new Float64Array(blocks.length)
  for (let b = 0; b < blocks.length; b += 4) {
    changed.set(change([blocks[b]!, blocks[b + 1]!, blocks[b + 2]!, blocks[b + 3]!], b), b)
  }
  return changed
}

/** The reference's word, off by a factor in some modes. */
function off(name: string, bug: string, [xx, xv, vv]: readonly number[], only?: number): Mutant<TransientSetting> {
  return {
    name,
    bug,
    small: true,
    plant({ theories, reference }) {
      const own = theories.find((theory) => theory.name === reference)!
      return {
        ...own,
        name: `${reference}, ${name}`,
        covariance(earlier, later) {
          const blocks = own.covariance(earlier, later)
          return (
            blocks &&
            eachBlock(blocks, (block, at) =>
              only === undefined || at === 4 * only
                ? [block[0] * xx!, block[1] * xv!, block[2] * xv!, block[3] * vv!]
                : block,
            )
          )
        },
      }
    },
  }
}

/** Twice the margin. */
const percent = Math.round(200 * singleModeMargin())
const modes = [0, 1, 2]

const errors: readonly Mutant<TransientSetting>[] = [
  off('transient spread off by 2 %', 'Var x too large in every mode, at every step', [1.02, 1, 1]),
  off('transient speed off by 2 %', 'Var v too large in every mode, at every step', [1, 1, 1.02]),
  ...modes.flatMap((mode) => [
    off(`transient spread of mode ${mode + 1} off by ${percent} %`, 'Var x too large', [1 + percent / 100, 1, 1], mode),
    off(`transient speed of mode ${mode + 1} off by ${percent} %`, 'Var v too large', [1, 1, 1 + percent / 100], mode),
  ]),
]

const quick: Hyperparameters = { learningRate: 0.2, momentum: 0.5, weightDecay: 0, batchSize: 40 }
const withDecay: Hyperparameters = { ...quick, momentum: 0.7, weightDecay: 0.1 }
/** One mode that oscillates, one near critical damping and one that creeps; epochs of four steps. */
const eigenvalues = [3, 1, 0.25]
const plain = manyOutputs(eigenvalues, 160)
const ridge = manyOutputs(eigenvalues, 160, withDecay.weightDecay)

export const transients: Suite<TransientSetting> = {
  settings: [
    transientSetting('gaussian noise, from the minimum', plain, quick, {
      ...{ sampling: 'gaussian', stream: 350, displacedBy: 0, chains: 14000 },
      ...{
        steps: [1, 2, 3, 5, 8, 14, 24],
        pairs: [
          [1, 3],
          [3, 4],
        ],
      },
    }),
    transientSetting('gaussian noise, weight decay, displaced', ridge, withDecay, {
      ...{ sampling: 'gaussian', stream: 351, displacedBy: 10, chains: 7500 },
      ...{
        steps: [1, 3, 6, 10, 16, 24],
        pairs: [
          [1, 2],
          [2, 3],
        ],
      },
    }),
    transientSetting('batches with replacement, displaced', plain, quick, {
      ...{ sampling: 'with-replacement', stream: 352, displacedBy: 2, chains: 40000 },
      ...{
        steps: [1, 2, 4, 7, 12],
        pairs: [
          [1, 2],
          [2, 3],
        ],
      },
    }),
    transientSetting('shuffled epochs, frozen noise, from the minimum', plain, quick, {
      ...{ sampling: 'shuffled-epochs', stream: 353, displacedBy: 0, chains: 27500 },
      ...{
        steps: [1, 3, 4, 6, 8, 11],
        pairs: [
          [1, 3],
          [2, 4],
        ],
      },
    }),
  ],
  ledger: specLedger,
  mutants: errors,
}
