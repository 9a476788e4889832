import { z } from 'zod'
import { samplingSchemes } from './phase-space.ts'
import { singleRunSchema } from './single-run.ts'

/**
 * What a verification found: the one thing the harness writes and reports read (`report.json`).
 *
 * It holds nothing of time, host, path or worker count: the same seed gives the same bytes. Those go to `run.json`.
 * Numbers that do not exist are absent, never null or NaN.
 */
export const schemaVersion = 1

const finite = z.number()
const numbers = z.array(finite)
const interval = z.tuple([finite, finite])

/** agrees: the equivalence interval lies inside the margin; disagrees: the confidence interval misses it; else inconclusive. */
export const verdictSchema = z.enum(['agrees', 'disagrees', 'inconclusive', 'not-answerable'])

/** required decides success; compared is reported, never red; a rival that is separable must come out as disagrees. */
export const roleSchema = z.enum(['required', 'compared', 'rival'])

/** how a claim was answered: by means over replicas, a function of them, several at once, one long run, a distribution, or exactly */
export const evidenceSchema = z.enum(['ratio', 'function', 'coordinates', 'long-run', 'distribution', 'exact'])

export const samplingSchema = z.enum(samplingSchemes)

/** One theory held against one claim's samples. */
export const comparisonSchema = z.strictObject({
  theory: z.string(),
  role: roleSchema,
  /** of several coordinates: the one named; of a distribution: 0, no distance from itself */
  prediction: finite,
  /** of a claim with several coordinates: where this theory fares worst */
  coordinate: z.string().optional(),
  /** of a claim with several coordinates: all that this theory gets wrong, by Holm's rule */
  rejected: z.array(z.string()).optional(),
  verdict: verdictSchema,
  /** measured against predicted: relative (measured/predicted − 1) on the log scale, measured − predicted on the linear one */
  difference: finite.optional(),
  /** the same at the ends of the last look's confidence interval */
  differenceInterval: interval.optional(),
  /** rivals: far enough from the required theory to be told apart with this budget */
  separable: z.boolean().optional(),
  /** rivals: |log| of the ratio to the reference's prediction on the log scale (absent where signs differ), else the difference */
  distance: finite.optional(),
})

/** How one long run was cut into batches. */
const batchesSchema = z.strictObject({
  /** measured integrated autocorrelation time, in samples */
  correlationTime: finite,
  /** samples a batch */
  length: z.int(),
})

/** One look at the samples so far. */
export const lookSchema = z.strictObject({
  /** of one long run: batches; of an exact claim: 0 */
  replicas: z.int(),
  /** false-alarm and false-pass rate spent at this look */
  alpha: finite,
  phi: finite,
  /** of several coordinates: the one named; of a distribution: its Kolmogorov distance from the reference */
  estimate: finite,
  coordinate: z.string().optional(),
  /** on the claim's scale; absent where no normal law is behind the intervals */
  standardError: finite.optional(),
  batches: batchesSchema.optional(),
  /** why it decides nothing, whatever its intervals */
  doubt: z.string().optional(),
  /** 1 − alpha, two-sided; of m coordinates 1 − alpha/m */
  confidenceInterval: interval,
  /** 1 − 2 phi, two-sided: two one-sided tests */
  equivalenceInterval: interval,
})

export const claimSchema = z.strictObject({
  /** hypothesis/setting/quantity */
  id: z.string(),
  hypothesis: z.string(),
  /** the claim in one sentence */
  claim: z.string(),
  /** equation or section */
  source: z.string(),
  sampling: samplingSchema,
  /** which number of the hypothesis: 'total', 'modes 1–8', '100 steps' */
  quantity: z.string(),
  /** the kind of evidence; absent: 'ratio' */
  evidence: evidenceSchema.optional(),
  /** of the random streams */
  seed: z.int().optional(),
  /** its share of the false alarms and its false passes, over all looks */
  share: z.strictObject({ alpha: finite, phi: finite }).optional(),
  /** 'log': positive, margin is relative; 'linear': margin is absolute, in units of the quantity */
  scale: z.enum(['log', 'linear']),
  margin: finite,
  marginReason: z.string(),
  /** false: not answerable within the budget */
  answerable: z.boolean(),
  /** why not, or what ended its sampling early, in one line */
  reason: z.string().optional(),
  /** simulated steps, over all replicas, burn-in included */
  stepsBudget: finite,
  /** steps it would need to be decided with the planned power; absent where no number of steps would do */
  stepsNeeded: finite.optional(),
  stepsUsed: finite,
  /** smallest discrepancy that the whole budget can detect: in log units on the log scale */
  smallestDetectable: finite.optional(),
  looks: z.array(lookSchema),
  /** the reference comes first: the required theory, or where none is required the one nearest the truth */
  comparisons: z.array(comparisonSchema),
  /** the required theory's verdict; absent where no theory is required */
  verdict: verdictSchema.optional(),
  /** the command that replays this claim's run */
  replay: z.string(),
})

const predictionCurve = z.strictObject({ theory: z.string(), values: numbers })

/** Mean position and velocity along one mode from a displaced start, averaged over replicas. */
export const meanCurveSchema = z.strictObject({
  sampling: samplingSchema,
  /** 1 is the mode of largest eigenvalue */
  mode: z.int(),
  eigenvalue: finite,
  dampingRatio: finite,
  replicas: z.int(),
  steps: numbers,
  position: numbers,
  positionStandardError: numbers,
  velocity: numbers,
  velocityStandardError: numbers,
  predictedPosition: z.array(predictionCurve),
  predictedVelocity: z.array(predictionCurve),
})

/** E‖Δ_t‖² from stationarity, with the exponents fitted to the log-log curves over all listed steps. */
export const displacementCurveSchema = z.strictObject({
  sampling: samplingSchema,
  steps: numbers,
  measured: numbers,
  standardError: numbers,
  predicted: z.array(predictionCurve),
  measuredExponent: finite,
  predictedExponents: z.array(z.strictObject({ theory: z.string(), exponent: finite })),
})

/** Stationary variance per mode, summed over outputs. */
export const varianceCurveSchema = z.strictObject({
  sampling: samplingSchema,
  eigenvalues: numbers,
  /** relaxation of each mode, in steps: only modes that relaxed many times within a replica test anything */
  relaxationSteps: numbers,
  stepsPerReplica: z.int(),
  position: numbers,
  positionStandardError: numbers,
  velocity: numbers,
  velocityStandardError: numbers,
  predictedPosition: z.array(predictionCurve),
  predictedVelocity: z.array(predictionCurve),
})

/** Who disagrees with whom on one quantity: each theory and the measurement, in percent of the first. */
export const errorBudgetSchema = z.strictObject({
  sampling: samplingSchema,
  quantity: z.string(),
  rows: z.array(
    z.strictObject({
      /** a theory's name, or 'measured' */
      name: z.string(),
      value: finite,
      /** half width of the confidence interval; measurement only */
      halfWidth: finite.optional(),
      /** percent of the first row */
      percentOfFirst: finite,
      /** change from the row before, percent */
      stepPercent: finite,
    }),
  ),
})

/** One fault or limit of the paper, with the number that decides it. */
const erratumSchema = z.strictObject({
  id: z.int(),
  where: z.string(),
  title: z.string(),
  /** error: what is printed is wrong; typo: the derivation beside it is right; limit: it does not reach as far as it reads */
  kind: z.enum(['error', 'typo', 'limit']),
  printed: z.string(),
  corrected: z.string(),
  /** one number three times: as printed, corrected, and by a computation that uses neither */
  counterexample: z.strictObject({
    setting: z.string(),
    quantity: z.string(),
    printed: finite,
    corrected: finite,
    truth: finite,
    truthBy: z.string(),
    /** by how much corrected and truth may differ */
    tolerance: finite,
  }),
})

/** A recorded trajectory, as it was judged. */
const recordingSchema = z.strictObject({
  chains: z.int(),
  rows: z.int(),
  /** that are recorded */
  modes: z.int(),
  firstStep: z.int(),
  lastStep: z.int(),
  /** steps from row to row, where they are alike */
  every: z.int().optional(),
  /** rows left out after the first */
  burnIn: z.int(),
  /** many chains are replicas of each other; few are strung together to one long run */
  evidence: z.enum(['replicas', 'long-run']),
  /** what was taken for granted */
  notes: z.array(z.string()),
  /** what could not be asked, and for want of what */
  limits: z.array(z.strictObject({ hypothesis: z.string(), missing: z.string() })),
})

const counts = z.strictObject({
  agrees: z.int(),
  disagrees: z.int(),
  inconclusive: z.int(),
  notAnswerable: z.int(),
})

export const reportSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  program: z.strictObject({ name: z.literal('sgd-oracle'), version: z.string() }),
  /** the command that makes this report again */
  command: z.string(),
  /** of the random streams; absent where a recording does not say */
  seed: z.int().optional(),
  /** of a recording: its file, and what it says of the data */
  dataset: z.strictObject({
    name: z.string(),
    examples: z.int().optional(),
    features: z.int().optional(),
    outputs: z.int(),
    droppedColumns: z.array(z.string()),
    nullModes: z.int(),
    standardized: z.boolean().optional(),
    centered: z.boolean().optional(),
    oneHot: z.boolean().optional(),
  }),
  /** of a trajectory that was not simulated here */
  recording: recordingSchema.optional(),
  hyperparameters: z.strictObject({
    learningRate: finite,
    momentum: finite,
    weightDecay: finite,
    batchSize: z.int().optional(),
    /** who chose the learning rate, and how */
    learningRateReason: z.string(),
  }),
  limits: z.strictObject({
    /** learning rate at which the mean becomes unstable */
    mean: finite,
    /** learning rate at which the second moments become unstable, per mini-batch scheme; absent without the data */
    meanSquare: z.strictObject({ withReplacement: finite, withoutReplacement: finite }).optional(),
  }),
  spectrum: z.strictObject({
    eigenvalues: numbers,
    dampingRatio: numbers,
    /** σ², summed over outputs */
    noiseVariance: finite.optional(),
    /** per mode, from the data at the minimum (no Assumption 3) */
    noiseVarianceAtMinimum: numbers,
  }),
  /** the false-alarm and false-pass budgets and how they are shared */
  ledger: z.strictObject({
    falseAlarmRate: finite,
    falsePassRate: finite,
    claims: z.int(),
    alphaPerClaim: finite,
    looks: z.int(),
  }),
  theories: z.array(z.strictObject({ name: z.string(), title: z.string(), source: z.string() })),
  summary: z.strictObject({
    required: counts,
    compared: counts,
    /** separable rivals of answerable claims; those that survive where nothing is required decide nothing */
    rivals: z.strictObject({ rejected: z.int(), survived: z.int(), survivedCompared: z.int(), inseparable: z.int() }),
    /** every answerable required claim agrees and every separable rival is rejected */
    passed: z.boolean(),
  }),
  claims: z.array(claimSchema),
  errorBudget: z.array(errorBudgetSchema),
  meanCurves: z.array(meanCurveSchema),
  displacementCurves: z.array(displacementCurveSchema),
  varianceCurves: z.array(varianceCurveSchema),
  /** one run under the microscope; absent where none was followed, as of a recording, and in older reports */
  singleRun: singleRunSchema.optional(),
  /** what the paper prints beside what holds */
  errata: z.array(erratumSchema),
})

/** A claim of the specs: its setting has a name, and examples need not be drawn. */
export const specClaimSchema = claimSchema.extend({
  setting: z.string(),
  sampling: samplingSchema.optional(),
  /** SGD's at this setting; absent where they are not what it is about */
  hyperparameters: z
    .strictObject({ learningRate: finite, momentum: finite, weightDecay: finite, batchSize: finite })
    .optional(),
})

/** A bug planted in a theory's predictions, and the claims of one hypothesis that rejected it. */
const caughtMutantSchema = z.strictObject({
  name: z.string(),
  /** where it sits, in one line */
  bug: z.string(),
  hypothesis: z.string(),
  caughtBy: z.array(z.strictObject({ setting: z.string(), quantity: z.string() })),
})

/** How often the judge errs on samples whose truth is known. */
const calibrationRowSchema = z.strictObject({
  /** what the samples are drawn from */
  source: z.string(),
  /** who judges: the harness, or a deliberately broken variant of it */
  procedure: z.string(),
  /** 'false alarm': disagrees with the truth at the edge of its margin; 'false pass': agrees with it there */
  error: z.enum(['false alarm', 'false pass']),
  /** the rate that it may have: α or φ */
  design: finite,
  /** independent trials, and how many erred */
  trials: z.int(),
  errors: z.int(),
  /** one-sided bounds of the rate (Clopper and Pearson), each wrong with this chance */
  lower: finite,
  upper: finite,
  boundsFail: finite,
  /** whether so many trials can show that the rate is within its design */
  answerable: z.boolean(),
  /** within: the upper bound is; exceeds: the lower bound is beyond; undecided: neither */
  finding: z.enum(['within', 'exceeds', 'undecided']),
})

/** The false-alarm rate at the working α, which no count reaches: by importance sampling, on Gaussian samples only. */
const extrapolationSchema = z.strictObject({
  source: z.string(),
  /** α of the claim */
  alpha: finite,
  /** what its looks may spend on this side */
  spentOneSided: finite,
  rate: finite,
  standardError: finite,
  trials: z.int(),
})

/** What the specs found (`report.json` of a test run); like a report it holds nothing of time, host or path. */
export const specReportSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  /** of the whole run; each claim has its own, drawn from it */
  seed: z.int(),
  /** times the usual steps */
  budget: finite,
  /** α is shared by so many claims, made or not */
  ledger: z.strictObject({ falseAlarmRate: finite, claimsMade: z.int(), alphaSpent: finite }),
  summary: reportSchema.shape.summary,
  /** by file, then in the order of its tests */
  claims: z.array(specClaimSchema.extend({ file: z.string() })),
  mutants: z.array(
    z.strictObject({
      name: z.string(),
      bug: z.string(),
      caughtBy: z.array(caughtMutantSchema.omit({ name: true, bug: true })),
    }),
  ),
  calibration: z.array(calibrationRowSchema),
  extrapolation: z.array(extrapolationSchema),
})

/** What a run's times and last digits depend on. */
const machineSchema = z.strictObject({ node: z.string(), platform: z.string(), cpu: z.string(), cores: z.int() })

/** What differs from run to run though the seed is the same (`run.json`). */
export const runSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  startedAt: z.string(),
  seconds: finite,
  ...machineSchema.shape,
  /** threads that simulated */
  workers: z.int(),
  peakMemoryMegabytes: finite,
  inputPath: z.string().optional(),
  /** parts were there from an earlier command: their time and machine are not in here */
  continued: z.literal(true).optional(),
  schemes: z.array(z.strictObject({ sampling: samplingSchema, seconds: finite, steps: finite })),
})

/** The same of a test run, which may be spread over machines (`run.json` beside the specs' report). */
export const specRunSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  program: reportSchema.shape.program,
  /** name and version */
  testRunner: z.string(),
  /** of the first test, and from there to the end of the last; absent where none ran */
  startedAt: z.string().optional(),
  seconds: finite.optional(),
  /** put together from shards: the machine that did so measured nothing, and is not among the machines */
  merged: z.boolean(),
  /** that measured, with the number of files that left findings */
  machines: z.array(machineSchema.extend({ files: z.int() })),
})

export type Verdict = z.infer<typeof verdictSchema>
export type Role = z.infer<typeof roleSchema>
export type Comparison = z.infer<typeof comparisonSchema>
export type Look = z.infer<typeof lookSchema>
export type Claim = z.infer<typeof claimSchema>
export type MeanCurve = z.infer<typeof meanCurveSchema>
export type DisplacementCurve = z.infer<typeof displacementCurveSchema>
export type VarianceCurve = z.infer<typeof varianceCurveSchema>
export type ErrorBudget = z.infer<typeof errorBudgetSchema>
export type ErratumRow = z.infer<typeof erratumSchema>
export type Report = z.infer<typeof reportSchema>
export type Machine = z.infer<typeof machineSchema>
export type Run = z.infer<typeof runSchema>
export type SpecRun = z.infer<typeof specRunSchema>
export type SpecClaim = z.infer<typeof specClaimSchema>
export type CaughtMutant = z.infer<typeof caughtMutantSchema>
export type CalibrationRow = z.infer<typeof calibrationRowSchema>
export type Extrapolation = z.infer<typeof extrapolationSchema>
export type SpecReport = z.infer<typeof specReportSchema>
