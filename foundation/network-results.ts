import { z } from 'zod'
import { exponentsSchema, looseEstimate, modeEstimates, spectrumSchema } from './followed-run.ts'
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
  /** the theory that predicts it, by its name in `theories` */
  theory: z.string(),
  prediction: finite,
  measured: finite,
  /** of measured, in its own unit; absent where it is not known, or from too few samples */
  standardError: finite.optional(),
  /** independent parts that it is known from: runs, or batches of one run; absent where the theory gives the scatter */
  replicas: z.int().optional(),
  /** of measured/prediction, 1 − α */
  ratioInterval: interval.optional(),
  /** the same, 1 − 2φ: two one-sided tests */
  ratioEquivalence: interval.optional(),
  alpha: finite.optional(),
  phi: finite.optional(),
  /** relative */
  margin: finite.optional(),
  marginReason: z.string().optional(),
  /** absent where no interval could be had */
  verdict: verdictSchema.optional(),
  /** what else there is to say, in one line */
  note: z.string().optional(),
})

/** A number with its standard error, where one could be had. */

/** A line on log-log axes, fitted to the steps from … to: values ≈ prefactor · stepᶜ. */
const powerLawFitSchema = z.strictObject({
  from: z.int(),
  to: z.int(),
  exponent: finite,
  prefactor: finite,
})

/** An exponent predicted by the same fit on the predicted curve; single runs scatter between low and high (95 %). */
const predictedExponentSchema = z.strictObject({
  theory: z.string(),
  value: finite,
  low: finite.optional(),
  high: finite.optional(),
})

/** One eigenvector of the Hessian as the run saw it. */
const modeSchema = z.strictObject({
  /** its eigenvalue is `curvature.eigenvalues[mode − 1]`: 1 is the largest */
  mode: z.int().min(1),
  /** q·(μ − θ*), μ ≈ θ* − (H + λI)⁻¹(g + λθ*); absent where ρ ≤ 0, which has no stationary law */
  stationaryMean: finite.optional(),
  /** mean square about the run's mean, averaged over the window */
  variance: modeEstimates.optional(),
  /** q·(θ − θ*) and q·v, thinned: steps as close as the last mode drawn needs to show its turns */
  trajectory: z.strictObject({ steps: numbers, position: numbers, velocity: numbers }).optional(),
  /** amplitude-weighted mean frequency, radians a step (appendix H) */
  frequency: modeEstimates.optional(),
  spectrum: spectrumSchema.optional(),
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
  /** ‖δ_k‖², squared parameter units */
  localDisplacement: z.strictObject({
    last: finite,
    /** over the run, its standard error from batches of steps */
    mean: looseEstimate,
    /** means of so many steps each */
    blockLength: z.int(),
    /** at the blocks' ends */
    steps: numbers,
    values: numbers,
    predicted: z.array(z.strictObject({ theory: z.string(), value: finite })),
  }),
  /** ‖Δ_k‖² from the run's start, squared parameter units, and what theories expect of it from the same start */
  globalDisplacement: z.strictObject({
    steps: numbers,
    values: numbers,
    fit: powerLawFitSchema,
    predicted: z.array(z.strictObject({ theory: z.string(), values: numbers })),
    predictedExponents: z.array(predictedExponentSchema),
  }),
  exponents: exponentsSchema.optional(),
  /** of the batches, thinned block means */
  loss: z.strictObject({ steps: numbers, values: numbers }),
  modes: z.array(modeSchema),
})

/** Losses on the plane of two eigenvectors through the run's start, without weight decay. */
export const planeSchema = z.strictObject({
  run: z.string(),
  /** numbers of the two modes, both of them with a trajectory in the run */
  modes: z.tuple([z.int().min(1), z.int().min(1)]),
  /** grid coordinates along each mode, parameter units */
  x: numbers,
  y: numbers,
  /** // [y, x] both */
  trainLoss: numbers,
  testLoss: numbers.optional(),
})

export const networkReportParts = z.strictObject({
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
  /** of what comes before the runs: first parameters and random vectors, batches of pre-training, made-up data, split of data */
  seeds: z
    .strictObject({
      parameters: z.int(),
      pretraining: z.int().optional(),
      data: z.int().optional(),
      split: z.int(),
    })
    .optional(),
  /** about: how it was normalised, what is predicted from it */
  data: z.strictObject({ name: z.string(), about: z.string(), examples: z.int(), testExamples: z.int().optional() }),
  /** about: layers and loss, in words */
  network: z.strictObject({ name: z.string(), about: z.string(), parameters: z.int() }),
  /** those that predict something here, in the order in which reports list them */
  theories: z.array(z.strictObject({ name: z.string(), title: z.string(), source: z.string() })),
  /** how the start of the limiting phase was reached */
  pretraining: z.strictObject({
    /** optimiser and schedule, in words */
    about: z.string(),
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
    variance: estimate,
    /** qᵀΣq / ρ in each mode, in units of the former: 1 if Σ = σ²H // [mode] */
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

/** The report, its names and lengths fitting each other. */
export const networkReportSchema: z.ZodType<z.infer<typeof networkReportParts>> = networkReportParts.superRefine(
  (report, context) => {
    const wrong = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message })
    const sameLength = (path: (string | number)[], lists: Record<string, readonly unknown[] | undefined>): void => {
      const [first, ...rest] = Object.entries(lists)
      for (const [name, list] of rest) {
        if (list !== undefined && list.length !== first![1]!.length) {
          wrong(
            [...path, name],
            `must have one entry for each of ${first![1]!.length} ${first![0]}, got ${list.length}`,
          )
        }
      }
    }
    const labels = report.runs.map(({ label }) => label)
    const known = (path: (string | number)[], label: string): boolean => {
      if (labels.includes(label)) return true
      wrong(path, `must be the label of a run, got ${label}`)
      return false
    }

    const { eigenvalues, residuals, converged, density } = report.curvature
    sameLength(['curvature'], { eigenvalues, residuals, converged })
    sameLength(['curvature', 'density'], density)
    sameLength(['noise'], { eigenvalues, alignment: report.noise.alignment })
    report.runs.forEach((run, r) => {
      if (labels.indexOf(run.label) < r) wrong(['runs', r, 'label'], `must be new, got ${run.label} again`)
      const { localDisplacement, globalDisplacement, exponents, loss } = run
      const path = ['runs', r]
      sameLength([...path, 'loss'], loss)
      sameLength([...path, 'localDisplacement'], { steps: localDisplacement.steps, values: localDisplacement.values })
      sameLength([...path, 'globalDisplacement'], {
        steps: globalDisplacement.steps,
        values: globalDisplacement.values,
      })
      globalDisplacement.predicted.forEach(({ values }, p) => {
        sameLength([...path, 'globalDisplacement', 'predicted', p], { steps: globalDisplacement.steps, values })
      })
      if (exponents) {
        const { lengths, measured, prefactors } = exponents
        sameLength([...path, 'exponents'], { lengths, measured, prefactors })
        exponents.predicted.forEach(({ values, low, high }, p) => {
          sameLength([...path, 'exponents', 'predicted', p], { lengths, values, low, high })
        })
      }
      run.modes.forEach(({ mode, trajectory, spectrum }, m) => {
        const place = [...path, 'modes', m]
        if (mode > eigenvalues.length) {
          wrong([...place, 'mode'], `must be one of ${eigenvalues.length} eigenvalues, got ${mode}`)
        }
        if (trajectory) sameLength([...place, 'trajectory'], trajectory)
        if (!spectrum) return
        const { frequencies, position, velocity } = spectrum
        sameLength([...place, 'spectrum'], { frequencies, position, velocity })
        spectrum.predicted.forEach((predicted, p) => {
          const lists = { frequencies, position: predicted.position, velocity: predicted.velocity }
          sameLength([...place, 'spectrum', 'predicted', p], lists)
        })
      })
    })
    report.sweeps.forEach(({ runs, calibration }, s) => {
      runs.forEach((label, r) => {
        known(['sweeps', s, 'runs', r], label)
      })
      known(['sweeps', s, 'calibration'], calibration)
    })
    report.planes.forEach(({ run, modes, x, y, trainLoss, testLoss }, p) => {
      if (!known(['planes', p, 'run'], run)) return
      const seen = report.runs[labels.indexOf(run)]!.modes
      const [first, second] = modes.map((mode) => seen.find((each) => each.mode === mode)?.trajectory)
      if (!first || !second) {
        wrong(['planes', p, 'modes'], `must have trajectories in ${run}, got ${modes.join(', ')}`)
        return
      }
      sameLength(['planes', p], { 'steps of the first mode': first.steps, modes: second.steps })
      sameLength(['planes', p], { 'grid points': x.flatMap(() => y), trainLoss, testLoss })
    })
    report.claims.forEach(({ run }, c) => {
      known(['claims', c, 'run'], run)
    })
  },
)

export type NetworkClaim = z.infer<typeof networkClaimSchema>
export type NetworkRun = z.infer<typeof networkRunSchema>
export type NetworkMode = NetworkRun['modes'][number]
export type Plane = z.infer<typeof planeSchema>
export type NetworkReport = z.infer<typeof networkReportParts>
