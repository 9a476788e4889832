import { z } from 'zod'
import { exponentsSchema, looseEstimate, modeEstimates, spectrumSchema } from './followed-run.ts'
import { samplingSchemes } from './phase-space.ts'

/**
 * One stationary run of linear regression, followed step by step: what the paper's Figures 1, 4–6, 8 and 9 show of a network.
 *
 * Positions are from the minimum μ, along eigenvectors of H; where there are several outputs, of the one named. Rows are step 0,
 * `every`, 2·`every`, … of the run.
 */
const finite = z.number()
const numbers = z.array(finite)

const modeSchema = z.strictObject({
  /** its eigenvalue is `spectrum.eigenvalues[mode − 1]`: 1 is the largest */
  mode: z.int().min(1),
  /** amplitude-weighted mean frequency, radians a step (appendix H), a quotient of means over the records */
  frequency: modeEstimates,
  /** mean over the records and over neighbouring frequencies */
  spectrum: spectrumSchema.optional(),
  /** of modes that are drawn, their rows as close as it takes to see turns, for as long as the rows last */
  trajectory: z.strictObject({ every: z.int().min(1), position: numbers, velocity: numbers }).optional(),
  /** of the same modes over the whole run, a row every `pathEvery` steps */
  path: z.strictObject({ position: numbers, velocity: numbers }).optional(),
  /** slope along q of the training loss, without weight decay, at μ: −λ q·μ */
  lossSlope: finite,
})

const parts = z.strictObject({
  sampling: z.enum(samplingSchemes),
  steps: z.int(),
  /** the one of largest noise, from 1 */
  output: z.int().min(1),
  /** σ² of that output alone */
  noiseVariance: finite,
  /** ‖δ_k‖² over all modes and outputs, squared parameter units */
  localDisplacement: z.strictObject({
    mean: looseEstimate,
    /** values are means of so many steps each */
    blockLength: z.int().min(1),
    values: numbers,
    predicted: z.array(z.strictObject({ theory: z.string(), value: finite })),
  }),
  /** ‖Δ_k‖² from the run's start, over all modes and outputs; predicted is its mean over stationary starts */
  globalDisplacement: z.strictObject({
    steps: numbers,
    values: numbers,
    predicted: z.array(z.strictObject({ theory: z.string(), values: numbers })),
  }),
  /** ‖Δ_k‖² ≈ prefactor · kᶜ, fitted to those of the steps above that are no later than each length */
  exponents: exponentsSchema,
  /** one after the other, Fourier transformed each */
  records: z.strictObject({ count: z.int().min(1), length: z.int().min(2) }),
  pathEvery: z.int().min(1),
  modes: z.array(modeSchema),
})

/** The run, its lists of lengths that fit each other. */
export const singleRunSchema: z.ZodType<z.infer<typeof parts>> = parts.superRefine((run, context) => {
  const sameLength = (path: (string | number)[], lists: Record<string, readonly unknown[] | undefined>): void => {
    const [first, ...rest] = Object.entries(lists)
    for (const [name, list] of rest) {
      if (list === undefined || list.length === first![1]!.length) continue
      context.addIssue({
        code: 'custom',
        path: [...path, name],
        message: `must have one entry for each of ${first![1]!.length} ${first![0]}, got ${list.length}`,
      })
    }
  }
  const { globalDisplacement, exponents, modes } = run
  const { steps, values } = globalDisplacement
  sameLength(['globalDisplacement'], { steps, values })
  globalDisplacement.predicted.forEach((predicted, p) => {
    sameLength(['globalDisplacement', 'predicted', p], { steps, values: predicted.values })
  })
  const { lengths, measured, prefactors } = exponents
  sameLength(['exponents'], { lengths, measured, prefactors })
  exponents.predicted.forEach((predicted, p) => {
    const { values: predictedValues, low, high } = predicted
    sameLength(['exponents', 'predicted', p], { lengths, values: predictedValues, low, high })
  })
  const firstPath = modes.find(({ path }) => path !== undefined)?.path?.position
  modes.forEach(({ spectrum, trajectory, path }, m) => {
    const place = ['modes', m]
    if (trajectory) {
      sameLength([...place, 'trajectory'], { position: trajectory.position, velocity: trajectory.velocity })
    }
    if (path && firstPath) {
      sameLength([...place, 'path'], { 'rows of the first path': firstPath, ...path })
    }
    if (!spectrum) return
    const { frequencies, position, velocity } = spectrum
    sameLength([...place, 'spectrum'], { frequencies, position, velocity })
    spectrum.predicted.forEach((predicted, p) => {
      const lists = { frequencies, position: predicted.position, velocity: predicted.velocity }
      sameLength([...place, 'spectrum', 'predicted', p], lists)
    })
  })
})

export type SingleRun = z.infer<typeof parts>
