import { spectrumAtMinimum } from '../../foundation/regression-problem.ts'
import type { Experiment, NamedTheory, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeTwoTime, type TwoTimeRecord } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { firstOrderTwoTime } from '../../oracle/rivals/first-order-two-time.ts'
import { discreteRotationReversal } from '../../oracle/rotation.ts'
import { shuffledTwoTimeStationary } from '../../oracle/shuffled-epochs-two-time.ts'
import type { PhaseBlocks, SecondOrderLaw, Theory } from '../../oracle/theory.ts'
import { twoTimeCovariance } from '../../oracle/two-time-covariance.ts'
import { modeSettings } from './mode-settings.ts'
import type { RegressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'

/** Settings whose stationary chains are looked at in pairs of steps, and who says what of two times. */

/** What is said of Cov(z_k, z_{k+j}) at stationarity, the earlier time first. */
export interface TwoTimeTheory extends NamedTheory {
  /** xx, xv, vx, vv // [mode, 4] */
  readonly twoTime?: (lag: number) => PhaseBlocks
  /** The lag, in steps, at which each mode's rotation turns round, where it is said without the covariances. // [mode] */
  readonly reversal?: readonly number[]
}

export interface TwoTimeSetting extends Setting {
  readonly theories: readonly TwoTimeTheory[]
  readonly regression: RegressionSetting
  /** Stationary covariance and memory, for planning. */
  readonly law: SecondOrderLaw
  readonly experiment: Experiment<TwoTimeRecord>
  /** // [lag] */
  readonly lags: readonly number[]
  /** Lags on both sides of the turn of a mode's rotation, of modes that turn while they remember. */
  readonly turns: readonly { readonly mode: number; readonly before: number; readonly after: number }[]
  /** Steps from one window of a lag to the next. */
  readonly cycle: (lag: number) => number
}

/** Coprime to the steps of an epoch, so that all its places are seen equally often. */
const stride = 3
const replicas = 128

function twoTimeSetting(regression: RegressionSetting, stream: number, steps: number): TwoTimeSetting {
  const { problem, hyperparameters, memory, sampling } = regression
  const reference = regression.theories.find(({ name }) => name === regression.reference)!
  const law = reference.law ?? lawOfPlan(regression)
  const turns = discreteRotationReversal(problem.eigenvalues, hyperparameters).flatMap((turn, mode) => {
    // Later there is nothing left to turn: e^{−1} of the amplitude.
    if (turn === undefined || turn > memory.relaxationSteps[mode]!) return []
    return [{ mode, before: Math.max(1, Math.floor(0.8 * turn)), after: Math.ceil(1.2 * turn) }]
  })
  const lags = [...new Set([1, ...turns.flatMap(({ before, after }) => [before, after])])].sort((a, b) => a - b)
  const stepsPerReplica = Math.ceil((steps * specBudget()) / replicas)
  const burnIn =
    regression.windowStride * Math.ceil((20 * Math.max(...memory.relaxationSteps)) / regression.windowStride)
  const seed = seedFor(stream)
  const source = regression.stationarySource(seed)
  return {
    name: regression.name,
    sampling,
    required: regression.required,
    reference: reference.name,
    theories: theoriesOfTwoTimes(regression),
    regression,
    law,
    experiment: remembered({
      name: 'two times',
      seed,
      looks: [replicas / 2, replicas],
      stepsPerReplica,
      samplesPerReplica: stepsPerReplica - burnIn,
      runReplica(chain) {
        const { observer, record } = observeTwoTime(problem, { burnIn, lags, stride })
        source.run(chain, stepsPerReplica, observer)
        return record()
      },
    }),
    lags,
    turns,
    cycle: (lag) => stride * Math.ceil(lag / stride),
  }
}

/** Of shuffled epochs: their variances with the memory of independent batches. */
function lawOfPlan({ theories }: RegressionSetting): SecondOrderLaw {
  return theories.find(({ name }) => name === 'discrete')!.law!
}

function theoriesOfTwoTimes(setting: RegressionSetting): TwoTimeTheory[] {
  const { theories, reference, problem, hyperparameters } = setting
  const { exampleCount, eigenvalues } = problem
  const atMinimum = spectrumAtMinimum(problem)
  const ofLaws = theories.flatMap(({ name, title, source, law }: Theory): TwoTimeTheory[] => {
    if (name === 'shuffled epochs') {
      const shuffling = { exampleCount }
      return [
        {
          name,
          title,
          source,
          twoTime: (lag) => shuffledTwoTimeStationary(atMinimum, hyperparameters, shuffling, 'anywhere', lag),
        },
      ]
    }
    return law === undefined
      ? []
      : [{ name, title, source, twoTime: (lag) => twoTimeCovariance(law, 'stationary', 0, lag) }]
  })
  const own = ofLaws.find(({ name }) => name === reference)!.twoTime!
  const steepest = eigenvalues[0]! + hyperparameters.weightDecay
  const turn = discreteRotationReversal(eigenvalues, hyperparameters)[0]!
  const withoutMomentum = discreteLaw(atMinimum, { ...hyperparameters, momentum: 0 })
  return [
    ...ofLaws,
    {
      name: 'first-order',
      title: 'first-order SDE with learning rate η/(1−β)',
      source: 'Mandt, Hoffman & Blei 2016; Jastrzębski et al. 2017',
      twoTime: (lag) => firstOrderTwoTime(atMinimum, hyperparameters, lag),
    },
    {
      name: 'no momentum',
      title: 'exact discrete SGD with β = 0',
      source: 'the same law with momentum ignored',
      twoTime: (lag) => twoTimeCovariance(withoutMomentum, 'stationary', 0, lag),
    },
    {
      name: 'times exchanged',
      title: 'Cov(z_t, z_s) for Cov(z_s, z_t)',
      source: 'eq. 34 with the sign of its exponent as printed, e^{Aᵀ|t−s|} read for t > s',
      twoTime: (lag) => mapBlocks(own(lag), ([xx, xv, vx, vv]) => [xx, vx, xv, vv]),
    },
    {
      name: 'detailed balance',
      title: 'a process without currents: R_xv = R_vx',
      source: 'Boltzmann–Gibbs law of an equilibrium',
      twoTime: (lag) => mapBlocks(own(lag), ([xx, xv, vx, vv]) => [xx, (xv + vx) / 2, (xv + vx) / 2, vv]),
    },
    {
      name: 'turns as its eigenvalue',
      title: 'rotation at rates proportional to the eigenvalues, that of the steepest mode given',
      source: 'secs. 7 and F.2 as worded',
      reversal: Array.from(eigenvalues, (rho) => (turn * steepest) / (rho + hyperparameters.weightDecay)),
    },
  ]
}

type Block = [xx: number, xv: number, vx: number, vv: number]

function mapBlocks(blocks: PhaseBlocks, change: (block: Block) => Block): PhaseBlocks {
  const changed = new Float64Array(blocks.length)
  for (let b = 0; b < blocks.length; b += 4) {
    changed.set(change([blocks[b]!, blocks[b + 1]!, blocks[b + 2]!, blocks[b + 3]!]), b)
  }
  return changed
}

export const twoTimes: Suite<TwoTimeSetting> = {
  settings: [
    twoTimeSetting(modeSettings.gaussian, 210, 3.8e6),
    twoTimeSetting(modeSettings.large, 212, 1.2e6),
    twoTimeSetting(modeSettings.replacement, 214, 2.4e6),
    twoTimeSetting(modeSettings.shuffled, 216, 1.7e6),
  ],
  ledger: specLedger,
  mutants: [],
}
