import { z } from 'zod'
import { schemaProblem } from '../../foundation/schema-problem.ts'
import { curvatureSettingsSchema } from '../curvature/curvature-settings.ts'
import { dataConfig } from '../data/data-config.ts'
import { dataSamplings } from '../data/data-order.ts'
import type { Task } from '../data/example-source.ts'
import { architectureSchema } from '../models/families/architecture.ts'
import type { Architecture } from '../models/layers.ts'
import { losses } from '../models/loss.ts'

const count = z.int().positive()
const positive = z.number().positive()

const hyperparameters = z.strictObject({
  learningRate: positive,
  momentum: z.number().min(0).lt(1),
  weightDecay: z.number().nonnegative(),
  batchSize: count,
})

export const sweptParameters = ['learningRate', 'momentum', 'batchSize'] as const

/** Copies of the first run with one hyperparameter changed. */
const sweepOf = <Parameter extends (typeof sweptParameters)[number]>(parameter: Parameter) =>
  z.strictObject({ parameter: z.literal(parameter), values: z.array(hyperparameters.shape[parameter]).min(2) })

const sweep = z.discriminatedUnion('parameter', [sweepOf('learningRate'), sweepOf('momentum'), sweepOf('batchSize')])

const sampling = z.enum(dataSamplings)

/** Training to convergence: one phase after the other, velocities kept; or weights made elsewhere. */
const pretraining = z.union([
  z.strictObject({
    phases: z.array(hyperparameters.extend({ steps: count })).min(1),
    order: sampling.default('shuffled-epochs'),
    seed: z.int().nonnegative().default(0),
  }),
  z.strictObject({ weights: z.string().min(1) }),
])

/** Of the Hessian of all training examples, or of some chosen at random. */
const curvature = curvatureSettingsSchema.omit({ seed: true }).extend({ examples: count.optional() })

const run = hyperparameters.extend({
  order: sampling,
  /** No fewer: what a run's second half says needs 60 steps. */
  steps: z.int().min(120),
  /** Of the order of data: one run each. */
  seeds: z.array(z.int().nonnegative()).min(1),
  /** Every so many steps the loss and gradient of all data, for the virial. */
  fullGradientEvery: count.optional(),
})

/** An experiment with a network, as a JSON file describes it; paths in it are relative to that file. */
export const experimentConfig = z.strictObject({
  name: z.string().regex(/^[\w-]+$/, 'must be letters, digits and dashes'),
  about: z.string().min(1),
  /** Figures of the paper that it repeats. */
  figures: z.array(z.enum(['1', '2', '4', '5', '6', '7', '8', '9'])).default([]),
  data: dataConfig,
  /** A family with its sizes, or layers; `inputShape` and `outputs` are the data's. */
  network: z.looseObject({ family: z.string() }),
  loss: z.enum(losses),
  /** Of the first parameters, and of random vectors. */
  seed: z.int().nonnegative().default(0),
  pretraining,
  curvature,
  /** v at the start of every run: 0, or as pre-training left it. */
  velocity: z.enum(['zero', 'kept']).default('zero'),
  runs: z
    .array(run)
    .min(1)
    .refine(
      (runs) => runs.every(({ weightDecay }) => weightDecay === runs[0]!.weightDecay),
      'must share one weightDecay: where they start from its minimum is measured once',
    ),
  sweeps: z.array(sweep).default([]),
  /** Losses on a grid in the plane of two eigenvectors. */
  plane: z.strictObject({ modes: z.tuple([count, count]), points: count.min(3) }).optional(),
  checkpointEvery: count.default(1000),
})

export type ExperimentConfig = z.output<typeof experimentConfig>
export type RunConfig = z.output<typeof run>

/** One run of an experiment. */
export interface PlannedRun extends Omit<RunConfig, 'seeds'> {
  /** Names it in reports; also its folder's. */
  readonly label: string
  readonly seed: number
}

/** A sweep by the labels of its runs. */
export interface PlannedSweep {
  readonly parameter: (typeof sweptParameters)[number]
  readonly runs: readonly string[]
}

/**
 * Reads a config.
 *
 * @throws RangeError in one line: the place that is wrong first, and what is accepted
 */
export function readExperiment(value: unknown, name: string): ExperimentConfig {
  const result = experimentConfig.safeParse(value)
  if (!result.success) throw new RangeError(`${name}: ${problem(result.error)}`)
  return result.data
}

/**
 * The network of a config, as wide as its data ask.
 *
 * @throws RangeError in one line
 */
export function architectureOf({ network }: ExperimentConfig, shape: readonly number[], task: Task): Architecture {
  const outputs = task.kind === 'classification' ? task.classCount : task.outputCount
  const asked =
    network['family'] === 'layers' ? { inputShape: shape, ...network } : { inputShape: shape, outputs, ...network }
  const result = architectureSchema.safeParse(asked)
  if (!result.success) throw new RangeError(`network: ${problem(result.error)}`)
  return result.data
}

/** Every run that a config asks for, sweeps included, each but once. */
export function plannedRuns({ runs, sweeps }: ExperimentConfig): {
  readonly runs: readonly PlannedRun[]
  readonly sweeps: readonly PlannedSweep[]
} {
  const planned = new Map<string, PlannedRun>()
  const add = ({ seeds, ...rest }: RunConfig): string[] =>
    seeds.map((seed) => {
      const label = labelOf(rest, seed)
      planned.set(label, { ...rest, label, seed })
      return label
    })
  for (const each of runs) add(each)
  const plannedSweeps = sweeps.map(({ parameter, values }) => ({
    parameter,
    runs: values.flatMap((value) => add({ ...runs[0]!, [parameter]: value })),
  }))
  return { runs: [...planned.values()], sweeps: plannedSweeps }
}

function labelOf(
  { learningRate, momentum, weightDecay, batchSize, order }: Omit<RunConfig, 'seeds'>,
  seed: number,
): string {
  const numbers = `eta=${learningRate},beta=${momentum},lambda=${weightDecay},S=${batchSize}`
  return `${numbers},${order},seed=${seed}`
}

function problem(error: z.ZodError): string {
  const { place, message } = schemaProblem(error)
  return place === '' ? message : `${place.replace(/^\./, '')}: ${message}`
}
