import type { Experiment, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeTwoTime, type TwoTimeRecord } from '../../observables/index.ts'
import { discreteRotationReversal } from '../../oracle/rotation.ts'
import type { SecondOrderLaw } from '../../oracle/theory.ts'
import { modeSettings } from './mode-settings.ts'
import type { RegressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'
import { type TwoTimeTheory, theoriesOfTwoTimes } from './two-time-theories.ts'

/** Settings whose stationary chains are looked at in pairs of steps, and who says what of two times. */

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
