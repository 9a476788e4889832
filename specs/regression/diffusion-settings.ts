import type { Hyperparameters } from '../../foundation/phase-space.ts'
import type { RegressionProblem } from '../../foundation/regression-problem.ts'
import type { Experiment, Setting, Suite } from '../../harness/hypothesis.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { type PathWorld, type PathWorldOptions, pathWorld } from './path-world.ts'
import { specLedger } from './settings.ts'
import { teacherProblem } from './teacher-problem.ts'

/** Paths from one kind of start, and the exponents that are fitted to them. */
export interface DiffusionSetting extends Setting, PathWorld {
  readonly sampling: PathWorld['sampling']
  readonly hyperparameters: Hyperparameters
  readonly theories: PathWorld['theories']
  readonly reference: string
  readonly required: boolean
  readonly paths: Experiment<Float64Array>
  /** What is fitted. */
  readonly fits: readonly Fit[]
  readonly margin: number
}

/** The exponent over the first `length` points, over the last `fraction` of them, or its change since a shorter `since`. */
export interface Fit {
  readonly length: number
  readonly fraction?: number
  readonly since?: number
}

/** Paths that are averaged to one record. */
const pathsPerReplica = 16

const teacher = (eigenvalues: readonly number[], exampleCount: number): RegressionProblem =>
  teacherProblem({ seed: 11, exampleCount, eigenvalues, labelNoise: 0.5 }, 0)

const spectrum = Array.from({ length: 8 }, (_, l) => 10 * 1e-4 ** (l / 7))
/** Modes that relax in 20 to 4000 steps, once velocities are forgotten. */
export const spanning = teacher(spectrum, 160)
export const usual: Hyperparameters = { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }
/** The same with epochs of ten steps. */
export const fewExamples = teacher(spectrum, 40)
export const smallBatches: Hyperparameters = { ...usual, batchSize: 4 }
/** Modes so flat that none relaxes within a path. */
const flat = teacher([1e-3, 5e-4, 2e-4, 1e-4], 160)
const littleMomentum: Hyperparameters = { ...usual, momentum: 0.5 }

interface Options extends PathWorldOptions {
  readonly fits: readonly Fit[]
  /** Paths at the usual budget. */
  readonly paths: number
  readonly margin: number
}

function diffusionSetting(
  name: string,
  problem: typeof spanning,
  hyperparameters: Hyperparameters,
  { fits, paths, margin, ...options }: Options,
): DiffusionSetting {
  const world = pathWorld(problem, hyperparameters, options)
  const replicas = Math.ceil((paths * specBudget()) / pathsPerReplica)
  return {
    ...world,
    name,
    fits,
    margin,
    paths: {
      name: 'paths',
      seed: seedFor(options.stream),
      looks: [replicas >> 1, replicas],
      stepsPerReplica: pathsPerReplica * world.steps.at(-1)!,
      samplesPerReplica: pathsPerReplica,
      runReplica: (replica) => world.meanPath(replica * pathsPerReplica, (replica + 1) * pathsPerReplica),
    },
  }
}

const evenly = { every: 10, points: 40 } as const
const longAndChange: readonly Fit[] = [{ length: 40 }, { length: 40, since: 10 }]

/** At rest at the minimum. */
const atRest = (): number => 0
/** At rest, with the modes that take the longest displaced. */
const slowModesBy =
  (deviations: number) =>
  (eigenvalue: number): number =>
    eigenvalue < 0.01 ? deviations : 0

const gaussian = (name: string, options: Omit<Options, 'sampling'>, problem = spanning, hyperparameters = usual) =>
  diffusionSetting(name, problem, hyperparameters, { ...options, sampling: 'gaussian' })
const shuffled = (name: string, options: Omit<Options, 'sampling'>) =>
  diffusionSetting(name, fewExamples, smallBatches, { ...options, sampling: 'shuffled-epochs' })

export const diffusion: Suite<DiffusionSetting> = {
  settings: [
    gaussian('first steps', {
      ...{ every: 1, points: 8, fits: [{ length: 8 }] },
      ...{ stream: 130, paths: 40000, margin: 0.05 },
    }),
    gaussian(
      'flat modes',
      { every: 10, points: 20, fits: [{ length: 20 }], stream: 131, paths: 10000, margin: 0.05 },
      flat,
      littleMomentum,
    ),
    gaussian('stationary', {
      ...{ ...evenly, fits: [{ length: 40 }, { length: 40, fraction: 2 / 3 }, { length: 40, since: 4 }] },
      ...{ stream: 132, paths: 16000, margin: 0.055 },
    }),
    gaussian('at rest', {
      ...{ ...evenly, fits: [{ length: 10 }, ...longAndChange] },
      ...{ stream: 133, displaced: atRest, paths: 12000, margin: 0.05 },
    }),
    gaussian('slow modes displaced', {
      ...{ ...evenly, fits: [...longAndChange, { length: 40, fraction: 2 / 3 }] },
      ...{ stream: 134, displaced: slowModesBy(20), paths: 13000, margin: 0.05 },
    }),
    shuffled('stationary, shuffled epochs', {
      ...{ ...evenly, fits: [{ length: 40 }, { length: 40, fraction: 2 / 3 }] },
      ...{ stream: 135, paths: 7000, margin: 0.08 },
    }),
    shuffled('at rest, shuffled epochs', {
      ...{ ...evenly, fits: longAndChange },
      ...{ stream: 136, displaced: atRest, paths: 14000, margin: 0.08 },
    }),
    shuffled('slow modes displaced, shuffled epochs', {
      ...{ ...evenly, fits: [{ length: 40, since: 10 }] },
      ...{ stream: 137, displaced: slowModesBy(10), paths: 5000, margin: 0.08 },
    }),
  ],
  ledger: specLedger,
  mutants: [],
}
