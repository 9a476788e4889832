import type { Hyperparameters } from '../../foundation/phase-space.ts'
import type { RegressionProblem } from '../../foundation/regression-problem.ts'
import type { Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { velocitiesAsSquaredCurvature } from '../../oracle/rivals/squared-curvature.ts'
import { type ReplicaExperiment, replicaRunner, type StationaryJob } from './replica.ts'
import { type RegressionSetting, type RegressionSettingOptions, regressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'
import { teacherProblem } from './teacher-problem.ts'

/**
 * Settings with few modes and long chains, for what is said of each mode by itself and of means over all of them: four modes
 * oscillate and one creeps, and each forgets fast enough for all to be answered.
 */

const teacher = {
  seed: 11,
  exampleCount: 160,
  eigenvalues: [4, 1.4, 0.5, 0.17, 0.07],
  labelNoise: 0.5,
}

const usual: Hyperparameters = { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }
const withDecay: Hyperparameters = { ...usual, weightDecay: 0.5 }
/** Where continuous time is off by tens of per cent. */
const large: Hyperparameters = { learningRate: 0.3, momentum: 0.8, weightDecay: 0, batchSize: 16 }

const plain = teacherProblem(teacher, 0)
const ridge = teacherProblem(teacher, withDecay.weightDecay)

/** One name a setting, one random stream a name; its experiment simulates as many steps as its pooled claims need. */
function setting(
  name: string,
  problem: RegressionProblem,
  hyperparameters: Hyperparameters,
  {
    stream,
    steps,
    ...options
  }: Pick<RegressionSettingOptions, 'sampling' | 'noise'> & { stream: number; steps: number },
): RegressionSetting {
  const made = regressionSetting(problem, hyperparameters, {
    ...options,
    seed: seedFor(stream),
    stepsBudget: steps * specBudget(),
  })
  const rival = velocitiesAsSquaredCurvature(made.theories.find((theory) => theory.name === made.reference)!, problem)
  return {
    ...made,
    name,
    theories: [...made.theories, rival],
    stationary: remembered(momentsOnly(made)),
    lags: [],
  }
}

/** The stationary experiment without its displacement windows, which cost more than the steps themselves. */
function momentsOnly({ stationary, windowStride, memory }: RegressionSetting): ReplicaExperiment<StationaryRecord> {
  const { stepsPerReplica } = stationary
  // The start has the right covariance already; the rest of the law is forgotten in as many relaxation times.
  const burnIn = Math.ceil((20 * Math.max(...memory.relaxationSteps)) / windowStride) * windowStride
  const job: StationaryJob = {
    ...(stationary.job as StationaryJob),
    observe: { burnIn, lags: [], correlationLags: [], stride: windowStride },
  }
  return { ...stationary, samplesPerReplica: stepsPerReplica - burnIn, job, runReplica: replicaRunner(job) }
}

export const modeSettings = {
  gaussian: setting('gaussian noise', plain, usual, { sampling: 'gaussian', stream: 200, steps: 1.4e7 }),
  large: setting('gaussian noise, large learning rate', plain, large, {
    sampling: 'gaussian',
    stream: 202,
    steps: 4.5e6,
  }),
  decay: setting('gaussian noise, weight decay', ridge, withDecay, { sampling: 'gaussian', stream: 204, steps: 7e6 }),
  replacement: setting('batches with replacement', plain, usual, {
    sampling: 'with-replacement',
    stream: 206,
    steps: 3.5e6,
  }),
  shuffled: setting('shuffled epochs, frozen noise', plain, usual, {
    sampling: 'shuffled-epochs',
    noise: 'frozen',
    stream: 208,
    steps: 3.5e6,
  }),
}

export const everyMode: Suite<RegressionSetting> = {
  settings: Object.values(modeSettings),
  ledger: specLedger,
  mutants: [],
}
