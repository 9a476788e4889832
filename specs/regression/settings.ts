import type { Hyperparameters } from '../../foundation/phase-space.ts'
import type { RegressionProblem } from '../../foundation/regression-problem.ts'
import type { Suite } from '../../harness/hypothesis.ts'
import { ledgerFor } from '../../harness/ledger.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { corruptions } from './corruptions.ts'
import { pooledMargin } from './margins.ts'
import { lawMutants, smallErrors } from './mutants.ts'
import { type RegressionSetting, type RegressionSettingOptions, regressionSetting } from './setting.ts'
import { teacherProblem } from './teacher-problem.ts'

/** The settings of the specs: a linear teacher whose modes span the three damping regimes, under every sampling scheme. */

/** Share of the false-alarm budget: as if the specs made this many claims. A test counts that they make no more. */
export const specLedger = ledgerFor(1000)

const usualSteps = 5e6
/** Enough for 1 % of the speed, at the memory that β = 0.9 gives it. */
const pooledSteps = 10.8e6

const teacher = {
  seed: 7,
  exampleCount: 500,
  eigenvalues: Array.from({ length: 8 }, (_, l) => 4 * 0.0125 ** (l / 7)),
  labelNoise: 0.5,
}

const usual: Hyperparameters = { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }
const withDecay: Hyperparameters = { ...usual, weightDecay: 0.5 }
/** Where eq. 19's sum over steps is furthest from the process: γη = (1−β)/(1+β) is large. */
const littleMomentum: Hyperparameters = { learningRate: 0.1, momentum: 0.2, weightDecay: 0, batchSize: 16 }
const large: Hyperparameters = { learningRate: 0.3, momentum: 0.8, weightDecay: 0, batchSize: 16 }

const plain = teacherProblem(teacher, 0)
const ridge = teacherProblem(teacher, withDecay.weightDecay)

/** One name a setting, one random stream a name. `steps`: at the usual budget. */
function setting(
  name: string,
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  {
    stream,
    steps = usualSteps,
    ...options
  }: Pick<RegressionSettingOptions, 'sampling' | 'noise'> & { readonly stream: number; readonly steps?: number },
): RegressionSetting {
  const made = regressionSetting(problem, hyperparameters, {
    ...options,
    seed: seedFor(stream),
    stepsBudget: steps * specBudget(),
    pooledMargin,
  })
  return { ...made, name, stationary: remembered(made.stationary) }
}

export const regressionSettings: readonly RegressionSetting[] = [
  setting('gaussian noise', plain, usual, { sampling: 'gaussian', stream: 100, steps: pooledSteps }),
  setting('gaussian noise, large learning rate', plain, large, { sampling: 'gaussian', stream: 102 }),
  setting('gaussian noise, little momentum', plain, littleMomentum, { sampling: 'gaussian', stream: 116 }),
  setting('gaussian noise, weight decay', ridge, withDecay, { sampling: 'gaussian', stream: 104 }),
  setting('batches with replacement', plain, usual, { sampling: 'with-replacement', stream: 106, steps: pooledSteps }),
  setting('batches with replacement, weight decay', ridge, withDecay, { sampling: 'with-replacement', stream: 108 }),
  setting('batches without replacement', plain, usual, {
    sampling: 'without-replacement',
    stream: 110,
    steps: pooledSteps,
  }),
  setting('shuffled epochs, frozen noise', plain, usual, {
    sampling: 'shuffled-epochs',
    noise: 'frozen',
    stream: 112,
    steps: pooledSteps,
  }),
]

export const regression: Suite<RegressionSetting> = {
  settings: regressionSettings,
  ledger: specLedger,
  mutants: [...lawMutants, ...smallErrors(plain.modeCount)],
  corruptions,
}

/** The settings whose budgets answer what is said of sums over modes. */
export const pooledSuite: Suite<RegressionSetting> = suiteOf([
  'gaussian noise',
  'gaussian noise, large learning rate',
  'gaussian noise, little momentum',
  'batches with replacement',
  'batches without replacement',
  'shuffled epochs, frozen noise',
])

/** Some of the settings, by name. */
export function suiteOf(names: readonly string[]): Suite<RegressionSetting> {
  return { ...regression, settings: regressionSettings.filter(({ name }) => names.includes(name)) }
}

/** Where every mode answers for itself. */
export const singleModeSuite: Suite<RegressionSetting> = suiteOf(['gaussian noise, large learning rate'])
