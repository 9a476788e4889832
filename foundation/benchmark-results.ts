import { z } from 'zod'

/**
 * What a run of the benchmarks found (`results.json`): the bench writes it, the comparison reads it.
 *
 * Times are nanoseconds a unit of the case; samples are the interleaved rounds in order, the same rounds for everybody.
 */
export const schemaVersion = 1

const time = z.number().positive()
const samples = z.array(time).min(1)

const ratioSchema = z.strictObject({
  /** the contender that ours is divided by */
  peer: z.string(),
  median: time,
  interval: z.tuple([time, time]),
  /** the largest ratio that is good enough, where one was set; met if the interval reaches it */
  goal: time.optional(),
  met: z.boolean().optional(),
})

const caseSchema = z.strictObject({
  id: z.string(),
  /** with every size that the cost depends on: cases are the same if their titles are */
  title: z.string(),
  unit: z.string(),
  /** so many units have a step */
  unitsPerStep: z.int().positive(),
  contenders: z.array(
    z.strictObject({
      name: z.string(),
      /** side by side in a batched peer, otherwise 1 */
      chains: z.int().positive(),
      /** of each chain, in one round */
      steps: z.int().positive(),
      median: time,
      samples,
    }),
  ),
  ratios: z.array(ratioSchema),
})

export const scalingAxes = ['modes', 'batch size', 'chains'] as const

const scalingPointSchema = z.strictObject({
  /** what is varied; the two others are held */
  along: z.enum(scalingAxes),
  modes: z.int().positive(),
  batchSize: z.int().positive(),
  chains: z.int().positive(),
  contender: z.string(),
  /** nanoseconds a step of one chain */
  median: time,
  samples,
})

export const resultsSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  program: z.strictObject({ name: z.literal('sgd-oracle'), version: z.string() }),
  startedAt: z.string(),
  seconds: z.number(),
  machine: z.strictObject({
    platform: z.string(),
    cpu: z.string(),
    cores: z.int(),
    /** mean number of runnable processes of the minute before the start */
    load: z.number(),
  }),
  /** of Node, compilers and libraries */
  versions: z.record(z.string(), z.string()),
  rounds: z.int().positive(),
  roundMilliseconds: time,
  cases: z.array(caseSchema),
  /** one worker thread's time for the same chains over two's; met if the interval reaches the goal */
  workers: z
    .strictObject({
      chains: z.int().positive(),
      stepsPerChain: z.int().positive(),
      median: time,
      interval: z.tuple([time, time]),
      goal: time,
      met: z.boolean(),
    })
    .optional(),
  /** one line for each peer that was not timed, with the reason */
  skipped: z.array(z.string()),
  scaling: z.array(scalingPointSchema),
})

/** Ours over a peer's: the median, with the interval that the interleaved rounds leave it. */
export type Ratio = Pick<z.infer<typeof ratioSchema>, 'median' | 'interval'>
export type BenchResults = z.infer<typeof resultsSchema>
export type CaseResult = z.infer<typeof caseSchema>
export type ScalingPoint = z.infer<typeof scalingPointSchema>

/** Results that cannot be used, in one line. */
export class ResultsError extends Error {}

/**
 * Reads `results.json`.
 *
 * @param name what the text is called in errors
 * @throws ResultsError for text that is no JSON, another version's schema, or no results at all
 */
export function parseResults(text: string, name: string): BenchResults {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ResultsError(`${name}: not JSON`)
  }
  const version = z.looseObject({ schemaVersion: z.unknown() }).safeParse(value)
  if (!version.success || version.data.schemaVersion === undefined) {
    throw new ResultsError(`${name}: no results of npm run bench`)
  }
  if (version.data.schemaVersion !== schemaVersion) {
    throw new ResultsError(
      `${name}: schemaVersion must be ${schemaVersion}, got ${JSON.stringify(version.data.schemaVersion)}; run the benchmarks again`,
    )
  }
  const parsed = resultsSchema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new ResultsError(`${name}: ${issue.path.join('.') || 'results'}: ${issue.message}`)
  }
  return parsed.data
}

/** Six digits are more than any clock here has. */
export function renderResults(results: BenchResults): string {
  const short = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value
  return `${JSON.stringify(resultsSchema.parse(results), short, 2)}\n`
}
