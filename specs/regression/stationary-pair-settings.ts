import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { type RegressionProblem, spectrumAtMinimum, spectrumOf } from '../../foundation/regression-problem.ts'
import type { Experiment, Mutant, Setting, Suite } from '../../harness/hypothesis.ts'
import { onceEach } from '../../harness/once-each.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeTwoTime, type TwoTimeRecord } from '../../observables/index.ts'
import { langevinLaw } from '../../oracle/langevin.ts'
import type { PhaseBlocks } from '../../oracle/theory.ts'
import { twoTimeCovariance } from '../../oracle/two-time-covariance.ts'
import { startAtMinimum } from '../../sim/index.ts'
import { manyOutputs, squareVariance } from './many-outputs.ts'
import { singleModeMargin } from './margins.ts'
import { regressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'
import { type TwoTimeTheory, theoriesOfTwoTimes } from './two-time-theories.ts'

/** Settings whose chains are stationary and short, for what pairs of steps have in common in every component. */

export interface StationaryPairSetting extends Setting {
  readonly theories: readonly TwoTimeTheory[]
  /** // [lag] */
  readonly lags: readonly number[]
  /** Means over the windows of a replica's chains. */
  readonly experiment: Experiment<Pick<TwoTimeRecord, 'twoTime' | 'oneTime'>>
  /** Relative variance of a square of one window, summed over outputs. // [mode] */
  readonly squareVariance: Float64Array
}

interface Options {
  readonly sampling: 'gaussian' | 'with-replacement' | 'shuffled-epochs'
  /** One random stream a setting. */
  readonly stream: number
  /** At the usual budget. */
  readonly chains: number
}

const chainsPerReplica = 16
const lags = [1, 2, 5]
/** Windows start so far apart that little is left in one of what was in the last; coprime to an epoch of four steps. */
const stride = 13
/** In shuffled epochs one at each place of an epoch. */
const windows = 4
const lastStep = (windows - 1) * stride + Math.max(...lags)

function stationaryPairSetting(
  name: string,
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  { sampling, stream, chains }: Options,
): StationaryPairSetting {
  const seed = seedFor(stream)
  const regression = regressionSetting(problem, hyperparameters, {
    sampling,
    ...(sampling === 'shuffled-epochs' ? { noise: 'frozen' as const } : {}),
    seed,
    stepsBudget: 1e4,
  })
  const source = regression.stationarySource(seed)
  const replicas = Math.ceil((chains * specBudget()) / chainsPerReplica)
  const size = 4 * problem.modeCount * lags.length
  const langevin = langevinLaw(
    sampling === 'gaussian' ? spectrumOf(problem) : spectrumAtMinimum(problem),
    hyperparameters,
  )
  const printedTime: TwoTimeTheory = {
    name: 'printed time',
    title: 'underdamped Langevin dynamics, j steps being the time j',
    source: 'eq. 34 with steps for time, as sec. 8 prints C_l (erratum 1)',
    twoTime: (lag) => twoTimeCovariance(langevin, 'stationary', 0, lag / hyperparameters.learningRate),
  }
  return {
    name,
    sampling,
    required: regression.required,
    reference: regression.reference,
    theories: [...theoriesOfTwoTimes(regression), printedTime].map(askedOnce),
    lags,
    // Frozen noise shakes all outputs alike, but not what they were before it, and slopes are of both: as if it were Gaussian.
    squareVariance: squareVariance(
      problem,
      sampling === 'with-replacement' ? sampling : 'gaussian',
      startAtMinimum(problem).position,
      hyperparameters.batchSize,
    ),
    experiment: {
      name: 'stationary pairs',
      seed,
      looks: [replicas >> 1, replicas],
      stepsPerReplica: chainsPerReplica * lastStep,
      samplesPerReplica: chainsPerReplica * windows,
      runReplica(replica) {
        const [twoTime, oneTime] = [new Float64Array(size), new Float64Array(size)]
        for (let chain = replica * chainsPerReplica; chain < (replica + 1) * chainsPerReplica; chain++) {
          // A chain starts with the covariance of the stationary law, and that is all that is asked of it: nothing is burnt in.
          const { observer, record } = observeTwoTime(problem, { burnIn: 0, lags, stride })
          source.run(chain, lastStep, observer)
          const one = record()
          for (let i = 0; i < size; i++) {
            twoTime[i]! += one.twoTime[i]! / chainsPerReplica
            oneTime[i]! += one.oneTime[i]! / chainsPerReplica
          }
        }
        return { twoTime, oneTime }
      },
    },
  }
}

/** Plans ask for the same lags over and over. */
function askedOnce({ twoTime, ...theory }: TwoTimeTheory): TwoTimeTheory {
  return twoTime === undefined ? theory : { ...theory, twoTime: onceEach(twoTime) }
}

/** What the reference says of a lag, changed; what it says of one time is left. */
function mutant(
  name: string,
  bug: string,
  change: (twoTime: (lag: number) => PhaseBlocks, lag: number) => PhaseBlocks,
  small?: true,
): Mutant<StationaryPairSetting> {
  return {
    name,
    bug,
    ...(small && { small }),
    plant({ theories, reference }) {
      const own = theories.find((theory) => theory.name === reference)!
      const twoTime = own.twoTime!
      return {
        ...own,
        name: `${reference}, ${name}`,
        twoTime: onceEach((lag: number) => (lag === 0 ? twoTime(0) : change(twoTime, lag))),
      }
    },
  }
}

/** Twice the margin of a single mode. */
const percent = Math.round(200 * singleModeMargin())

const mutants = [
  mutant('two times one step further apart', 'j + 1 steps for j', (twoTime, lag) => twoTime(lag + 1)),
  mutant('spread for two times', 'E[z_k z_kᵀ] whatever the lag', (twoTime) => twoTime(0)),
  mutant('two times off by 2 %', 'in every mode', (twoTime, lag) => twoTime(lag).map((value) => 1.02 * value), true),
  ...[0, 1, 2].map((mode) =>
    mutant(
      `two times of mode ${mode + 1} off by ${percent} %`,
      'in one mode',
      (twoTime, lag) => twoTime(lag).map((value, at) => (at >> 2 === mode ? (1 + percent / 100) * value : value)),
      true,
    ),
  ),
]

const quick: Hyperparameters = { learningRate: 0.2, momentum: 0.5, weightDecay: 0, batchSize: 40 }
const withDecay: Hyperparameters = { ...quick, momentum: 0.7, weightDecay: 0.1 }
/** One mode that oscillates, one near critical damping and one that creeps; epochs of four steps. */
const eigenvalues = [3, 1, 0.25]
const plain = manyOutputs(eigenvalues, 160)
const ridge = manyOutputs(eigenvalues, 160, withDecay.weightDecay)

export const stationaryPairs: Suite<StationaryPairSetting> = {
  settings: [
    stationaryPairSetting('gaussian noise', plain, quick, { sampling: 'gaussian', stream: 354, chains: 7800 }),
    stationaryPairSetting('gaussian noise, weight decay', ridge, withDecay, {
      ...{ sampling: 'gaussian', stream: 355, chains: 1000 },
    }),
    stationaryPairSetting('batches with replacement', plain, quick, {
      ...{ sampling: 'with-replacement', stream: 356, chains: 14000 },
    }),
    stationaryPairSetting('shuffled epochs, frozen noise', plain, quick, {
      ...{ sampling: 'shuffled-epochs', stream: 357, chains: 7800 },
    }),
  ],
  ledger: specLedger,
  mutants,
}
