import { z } from 'zod'
import { schemaVersion, verdictSchema } from './results.ts'

/**
 * What an experiment with a network found, held against the theory (`report.json` of `sgd-oracle empirical`).
 *
 * Like every report it holds nothing of time, host or path, and numbers that do not exist are absent. Curves are thinned to
 * what a figure can show; the records beside the runs hold every step.
 */
const finite = z.number()
const numbers = z.array(finite)
const interval = z.tuple([finite, finite])
const estimate = z.strictObject({ value: finite, standardError: finite })

/** with-replacement is the theory's case, shuffled-epochs everyone's. */
export const networkOrderSchema = z.enum(['with-replacement', 'shuffled-epochs'])

/** One quantity of one run, as predicted and as measured. */
export const networkClaimSchema = z.strictObject({
  /** which run, by its label */
  run: z.string(),
  quantity: z.string(),
  /** equation or section */
  source: z.string(),
  /** the theory that predicts it */
  theory: z.string(),
  prediction: finite,
  measured: finite,
  /** of measured/prediction, 1 − α */
  ratioInterval: interval.optional(),
  alpha: finite.optional(),
  /** relative */
  margin: finite.optional(),
  /** absent where no interval could be had */
  verdict: verdictSchema.optional(),
  /** what else there is to say, in one line */
  note: z.string().optional(),
})

/** Fitted exponents of ‖Δ_k‖² ∝ kᶜ over the first so many steps. */
const exponentsSchema = z.strictObject({
  /** in steps */
  lengths: z.array(z.int()),
  measured: numbers,
  predicted: numbers.optional(),
})

/** One eigenvector of the Hessian as the run saw it. */
const modeSchema = z.strictObject({
  /** 1 is the mode of largest eigenvalue */
  mode: z.int(),
  eigenvalue: finite,
  /** amplitude-weighted mean frequency, radians a step (appendix H) */
  frequency: z
    .strictObject({
      position: finite,
      velocity: finite,
      predictedPosition: finite.optional(),
      predictedVelocity: finite.optional(),
    })
    .optional(),
  /** about the stationary mean, averaged over the window */
  positionVariance: finite.optional(),
  velocityVariance: finite.optional(),
  predictedPositionVariance: finite.optional(),
  predictedVelocityVariance: finite.optional(),
  /** q·(θ − θ*) and q·v, thinned */
  trajectory: z.strictObject({ steps: numbers, position: numbers, velocity: numbers }).optional(),
  /** amplitude |X(f)| of position and velocity at f, radians a step, smoothed */
  spectrum: z.strictObject({ frequencies: numbers, position: numbers, velocity: numbers }).optional(),
})

export const networkRunSchema = z.strictObject({
  label: z.string(),
  seed: z.int(),
  hyperparameters: z.strictObject({
    learningRate: finite,
    momentum: finite,
    weightDecay: finite,
    batchSize: z.int(),
  }),
  order: networkOrderSchema,
  steps: z.int(),
  /** ‖δ_k‖², squared parameter units: at the last step, its mean over the run, and thinned block means */
  localDisplacement: z.strictObject({
    last: finite,
    mean: finite,
    steps: numbers,
    values: numbers,
    predicted: finite.optional(),
  }),
  /** ‖Δ_k‖² from the run's start */
  globalDisplacement: z.strictObject({
    steps: numbers,
    values: numbers,
    predicted: numbers.optional(),
    exponent: finite,
    predictedExponent: finite.optional(),
  }),
  exponents: exponentsSchema.optional(),
  /** of the batches, thinned block means */
  loss: z.strictObject({ steps: numbers, values: numbers }),
  modes: z.array(modeSchema),
})

/** Losses and the modified potential on the plane of two eigenvectors through the run's start. */
export const planeSchema = z.strictObject({
  run: z.string(),
  /** numbers of the two modes, and their eigenvalues */
  modes: z.tuple([z.int(), z.int()]),
  eigenvalues: interval,
  /** grid coordinates along each mode, parameter units */
  x: numbers,
  y: numbers,
  /** // [y, x] */
  trainLoss: numbers,
  testLoss: numbers.optional(),
  /** where the potentials have their minimum, in the grid's coordinates */
  minimum: interval,
})

export const networkReportSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  kind: z.literal('network'),
  program: z.strictObject({ name: z.literal('sgd-oracle'), version: z.string() }),
  /** the command that makes this report again */
  command: z.string(),
  experiment: z.strictObject({
    name: z.string(),
    /** of the paper, that it repeats */
    figures: z.array(z.string()),
    about: z.string(),
  }),
  backend: z.strictObject({ name: z.string(), reason: z.string() }),
  data: z.strictObject({ name: z.string(), examples: z.int(), testExamples: z.int().optional() }),
  network: z.strictObject({ name: z.string(), parameters: z.int() }),
  /** how the start of the limiting phase was reached */
  pretraining: z.strictObject({
    steps: z.int(),
    trainLoss: finite,
    testLoss: finite.optional(),
    trainAccuracy: finite.optional(),
    testAccuracy: finite.optional(),
    /** ‖∇L + λθ‖ over the whole data, at the end */
    gradientNorm: finite,
  }),
  curvature: z.strictObject({
    /** over so many examples */
    examples: z.int(),
    method: z.enum(['subspace-iteration', 'lanczos']),
    eigenvalues: numbers,
    /** ‖Hq − ρq‖ */
    residuals: numbers,
    converged: z.array(z.boolean()),
    trace: estimate,
    /** quadrature of the spectral density: nodes, and how many eigenvalues each stands for */
    density: z.strictObject({ nodes: numbers, counts: numbers }),
  }),
  noise: z.strictObject({
    /** tr Σ of one example's gradient */
    trace: estimate,
    /** tr Σ / tr H: σ² if Σ = σ²H */
    varianceOverCurvature: finite,
    /** qᵀΣq / ρ in each mode, in units of the former // [mode] */
    alignment: numbers,
  }),
  runs: z.array(networkRunSchema),
  /** runs of a sweep over one hyperparameter, by their labels in the order of its values */
  sweeps: z.array(
    z.strictObject({
      parameter: z.enum(['learningRate', 'momentum', 'batchSize']),
      runs: z.array(z.string()),
      /** the run whose speed calibrates eq. 18's prediction of the others */
      calibration: z.string(),
    }),
  ),
  planes: z.array(planeSchema),
  claims: z.array(networkClaimSchema),
  /** what the theory assumes and this network does not give, each with its number */
  findings: z.array(z.string()),
})

export type NetworkClaim = z.infer<typeof networkClaimSchema>
export type NetworkRun = z.infer<typeof networkRunSchema>
export type NetworkMode = z.infer<typeof modeSchema>
export type Plane = z.infer<typeof planeSchema>
export type NetworkReport = z.infer<typeof networkReportSchema>
