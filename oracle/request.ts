import { z } from 'zod'
import type { Hyperparameters, ModeSpectrum, PhasePoint } from '../foundation/phase-space.ts'
import { fitPowerLaw } from '../foundation/power-law.ts'
import { type RegressionProblem, spectrumOf } from '../foundation/regression-problem.ts'
import { type CatalogueEntry, catalogue, type Evidence } from './catalogue.ts'
import { equation19 } from './equation-19.ts'
import { expectedMeanFrequency } from './expected-amplitude.ts'
import { dampingRatio, type Regime, regimeOf } from './oscillator.ts'
import { rotationOf } from './rotation.ts'
import { NotPredictedError, type Predictions, type SecondOrderLaw, type Theory } from './theory.ts'
import { discreteZeroCrossing, langevinZeroCrossing } from './zero-crossing.ts'

/** A question to theories, as JSON: what `sgd-oracle predict` reads. */
const positive = z.number().positive()
const counts = z.array(z.int().nonnegative())
const requestSchema = z.strictObject({
  theory: z.enum(['all', ...catalogue.map(({ name }) => name)]).default('langevin'),
  learningRate: positive,
  momentum: z.number().min(0).lt(1),
  weightDecay: z.number().nonnegative(),
  batchSize: z.int().positive(),
  noiseVariance: z.number().nonnegative().optional(),
  eigenvalues: z.array(positive).min(1).optional(),
  exampleCount: z.int().positive().optional(),
  tailIndex: z.number().positive().lt(2).optional(),
  start: z.strictObject({ position: z.array(z.number()), velocity: z.array(z.number()) }).optional(),
  steps: counts.optional(),
  lags: counts.optional(),
  points: z.int().min(3).optional(),
})

export type PredictionRequest = z.input<typeof requestSchema>

/** Everything that the request determines and the theory predicts; any other field is absent. */
export interface PredictionAnswer {
  readonly theory: string
  readonly regime: readonly Regime[]
  readonly dampingRatio: readonly number[]
  readonly localDisplacement?: number
  readonly positionVariance?: readonly number[]
  readonly velocityVariance?: readonly number[]
  readonly positionVelocityCovariance?: readonly number[]
  readonly kineticEnergy?: number
  readonly excessPotential?: number
  /** E[x_k v_{k+1} − x_{k+1} v_k] in each mode. // [mode] */
  readonly rotation?: readonly number[]
  /** Lag in steps at which the velocity correlation first crosses zero. // [mode] */
  readonly velocityZeroCrossing?: readonly number[]
  /** E Σf|X(f)| / E Σ|X(f)| of `points` successive points, radians a step (appendix H). // [mode] each */
  readonly meanFrequency?: { readonly position: readonly number[]; readonly velocity: readonly number[] }
  /** Slope of log globalDisplacement on log step, over the positive `steps`. */
  readonly exponent?: number
  /** From a stationary start, in the order of `steps`: eq. 19 for langevin. */
  readonly globalDisplacement?: readonly number[]
  /** langevin only: the continuous process's own, which eq. 19 is not. */
  readonly globalDisplacementContinuous?: readonly number[]
  readonly globalDisplacementFromStart?: readonly number[]
  /** // [mode][lag] */
  readonly velocityCorrelation?: readonly (readonly number[])[]
  /** // [mode][step] each */
  readonly meanTrajectory?: {
    readonly position: readonly (readonly number[])[]
    readonly velocity: readonly (readonly number[])[]
  }
  /** // [mode][step] → [[xx, xv], [vx, vv]] */
  readonly covarianceAtStep?: readonly (readonly (readonly [readonly [number, number], readonly [number, number]])[])[]
}

/** A dataset whose minimum depends on the request's weight decay. */
export type ProblemWithDecay = (weightDecay: number) => RegressionProblem

/**
 * Answers one request, or an array of them with an array. `"theory": "all"` answers with an array: one for each theory that
 * can speak from what is given.
 *
 * @param dataset gives eigenvalues, noise variance and example count, which the requests must then leave out
 * @throws RangeError naming the element and the field that is wrong, what it got and what is accepted
 */
export function answer(input: unknown, dataset?: ProblemWithDecay): PredictionAnswer | PredictionAnswer[] {
  if (!Array.isArray(input)) {
    const answers = answersTo(input, '', dataset)
    return isForAll(input) ? answers : answers[0]!
  }
  return input.flatMap((one, index) => answersTo(one, `[${index}]`, dataset))
}

const isForAll = (input: unknown): boolean => (input as { theory?: unknown } | null)?.theory === 'all'

type Request = z.output<typeof requestSchema>

function answersTo(input: unknown, element: string, dataset: ProblemWithDecay | undefined): PredictionAnswer[] {
  const parsed = requestSchema.safeParse(input)
  if (!parsed.success) throw new RangeError(`request${element}: ${describe(parsed.error.issues[0]!, input)}`)
  const request = parsed.data
  try {
    const evidence = evidenceOf(request, dataset)
    const entries = catalogue.filter(({ name }) => request.theory === 'all' || request.theory === name)
    const answers = entries.flatMap((entry) => answerBy(entry, request, evidence))
    if (answers.length === 0) throw new RangeError(`${request.theory} needs ${missing(entries[0]!)}`)
    return answers
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`request${element}: ${error.message}`)
    throw error
  }
}

function missing({ needs }: CatalogueEntry): string {
  return needs === 'problem' ? 'a dataset (--data)' : String(needs)
}

function evidenceOf(request: Request, dataset: ProblemWithDecay | undefined): Evidence {
  const { eigenvalues, noiseVariance, exampleCount, tailIndex, weightDecay } = request
  const rest = tailIndex === undefined ? {} : { tailIndex }
  if (dataset) {
    for (const field of ['eigenvalues', 'noiseVariance', 'exampleCount'] as const) {
      if (request[field] !== undefined) throw new RangeError(`${field} comes from the dataset and must be left out`)
    }
    const problem = dataset(weightDecay)
    if (request.start && problem.outputCount > 1) {
      throw new RangeError(`start: not taken with ${problem.outputCount} outputs, one a mode cannot say which moves`)
    }
    return {
      ...rest,
      spectrum: spectrumOf(problem),
      hyperparameters: request,
      exampleCount: problem.exampleCount,
      problem,
    }
  }
  if (!eigenvalues) throw new RangeError('eigenvalues: needed without a dataset, got nothing')
  if (noiseVariance === undefined) throw new RangeError('noiseVariance: needed without a dataset, got nothing')
  const spectrum: ModeSpectrum = {
    eigenvalues: Float64Array.from(eigenvalues),
    noiseVariances: new Float64Array(eigenvalues.length).fill(noiseVariance),
  }
  return { ...rest, spectrum, hyperparameters: request, ...(exampleCount === undefined ? {} : { exampleCount }) }
}

/** One theory's answer; none where it lacks evidence, or, when all are asked, where it has no stationary law. */
function answerBy(entry: CatalogueEntry, request: Request, evidence: Evidence): PredictionAnswer[] {
  try {
    const theory = entry.make(evidence)
    return theory ? [fieldsOf(theory, request, evidence)] : []
  } catch (error) {
    if (request.theory === 'all' && error instanceof RangeError) return []
    throw error
  }
}

function fieldsOf(
  { name, predictions: says, law }: Theory,
  request: Request,
  { spectrum, hyperparameters }: Evidence,
): PredictionAnswer {
  const { steps, lags, points } = request
  const ratios = Array.from(spectrum.eigenvalues, (rho) => dampingOf(rho, hyperparameters))
  const start = request.start && startOf(request.start, ratios.length)
  const rows = (values: Float64Array, width: number): number[][] =>
    ratios.map((_, l) => Array.from(values.subarray(l * width, (l + 1) * width)))
  const list = (values: Float64Array | undefined): number[] | undefined => values && [...values]
  const correlation = lags && unlessNotPredicted(() => says.velocityCorrelation?.(lags))

  return defined({
    theory: name,
    regime: ratios.map(regimeOf),
    dampingRatio: ratios,
    localDisplacement: says.localDisplacement?.(),
    positionVariance: list(says.positionVariance?.()),
    velocityVariance: list(says.velocityVariance?.()),
    positionVelocityCovariance: list(says.positionVelocityCovariance?.()),
    kineticEnergy: says.kineticEnergy?.(),
    excessPotential: says.excessPotential?.(),
    rotation: list(law && rotationOf(law)),
    velocityZeroCrossing: crossings[name]?.(spectrum.eigenvalues, hyperparameters).map(({ steps }) => steps),
    meanFrequency: points !== undefined && law?.accumulated ? frequenciesOf(law, points) : undefined,
    ...(steps && displacements(name, says, steps, spectrum, hyperparameters)),
    velocityCorrelation: lags && correlation && rows(correlation, lags.length),
    ...(steps && start && fromStart(says, start, steps, rows)),
  })
}

const dampingOf = (rho: number, { learningRate, momentum, weightDecay }: Hyperparameters): number =>
  dampingRatio(learningRate, momentum, rho + weightDecay)

function startOf(start: { position: number[]; velocity: number[] }, modeCount: number): PhasePoint {
  for (const what of ['position', 'velocity'] as const) {
    if (start[what].length !== modeCount) {
      throw new RangeError(
        `start.${what} must have one value for each of ${modeCount} eigenvalues, got ${start[what].length}`,
      )
    }
  }
  return { position: Float64Array.from(start.position), velocity: Float64Array.from(start.velocity) }
}

const crossings: Partial<Record<string, typeof discreteZeroCrossing>> = {
  langevin: langevinZeroCrossing,
  discrete: discreteZeroCrossing,
}

function frequenciesOf(law: SecondOrderLaw, points: number): { position: number[]; velocity: number[] } {
  const { position, velocity } = expectedMeanFrequency(law, points)
  return { position: [...position], velocity: [...velocity] }
}

/** The paper's own word for displacement is eq. 19; the process that it speaks of says something else. */
function displacements(
  theory: string,
  says: Partial<Predictions>,
  steps: readonly number[],
  spectrum: ModeSpectrum,
  hyperparameters: Hyperparameters,
): Pick<PredictionAnswer, 'globalDisplacement' | 'globalDisplacementContinuous' | 'exponent'> {
  const own = says.globalDisplacement?.('stationary', steps)
  if (!own) return {}
  if (theory !== 'langevin') return { globalDisplacement: [...own], ...exponentOf(steps, own) }
  const summed = equation19(spectrum, hyperparameters).predictions.globalDisplacement!('stationary', steps)
  return { globalDisplacement: [...summed], globalDisplacementContinuous: [...own], ...exponentOf(steps, summed) }
}

function exponentOf(steps: readonly number[], displacement: Float64Array): { exponent?: number } {
  const usable = steps.flatMap((step, index) => (step > 0 && displacement[index]! > 0 ? [index] : []))
  if (new Set(usable.map((index) => steps[index])).size < 2) return {}
  const { exponent } = fitPowerLaw(
    usable.map((index) => steps[index]!),
    usable.map((index) => displacement[index]!),
  )
  return { exponent }
}

function fromStart(
  says: Partial<Predictions>,
  start: PhasePoint,
  steps: readonly number[],
  rows: (values: Float64Array, width: number) => number[][],
): Pick<PredictionAnswer, 'globalDisplacementFromStart' | 'meanTrajectory' | 'covarianceAtStep'> {
  const mean = says.meanTrajectory?.(start, steps)
  const displacement = unlessNotPredicted(() => says.globalDisplacement?.(start, steps))
  const covariance = unlessNotPredicted(() => says.covarianceAtStep?.(steps))
  return {
    ...(displacement && { globalDisplacementFromStart: [...displacement] }),
    ...(mean && {
      meanTrajectory: { position: rows(mean.position, steps.length), velocity: rows(mean.velocity, steps.length) },
    }),
    ...(covariance && { covarianceAtStep: rows(covariance, 4 * steps.length).map((blocks) => matrices(blocks)) }),
  }
}

/** Consecutive fours as 2×2 matrices. */
function matrices(blocks: readonly number[]): [[number, number], [number, number]][] {
  return Array.from({ length: blocks.length / 4 }, (_, k) => [
    [blocks[4 * k]!, blocks[4 * k + 1]!],
    [blocks[4 * k + 2]!, blocks[4 * k + 3]!],
  ])
}

function unlessNotPredicted(predict: () => Float64Array | undefined): Float64Array | undefined {
  try {
    return predict()
  } catch (error) {
    if (error instanceof NotPredictedError) return undefined
    throw error
  }
}

/** The same without fields that are undefined. */
function defined(answer: { [Field in keyof PredictionAnswer]: PredictionAnswer[Field] | undefined }): PredictionAnswer {
  return Object.fromEntries(
    Object.entries(answer).filter(([, value]) => value !== undefined),
  ) as unknown as PredictionAnswer
}

/** One issue in one line: where, what is accepted, what was given. */
function describe(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return `unknown key${issue.keys.length > 1 ? 's' : ''} ${issue.keys.join(', ')}; known are ${Object.keys(requestSchema.shape).join(', ')}`
  }
  const given = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  )
  const where = issue.path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`))
    .join('')
  const got = JSON.stringify(given)
  return `${where || 'it'}: ${issue.message}${got === undefined ? '' : `, got ${got}`}`
}
