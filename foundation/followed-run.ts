import { z } from 'zod'

/** What reports say of a run that was followed step by step, a network's or linear regression's. */

const finite = z.number()
const numbers = z.array(finite)

export const looseEstimate = z.strictObject({ value: finite, standardError: finite.optional() })

/** Position and velocity along one eigenvector. */
export const modeEstimates = z.strictObject({
  position: looseEstimate,
  velocity: looseEstimate,
  predicted: z.array(z.strictObject({ theory: z.string(), position: finite, velocity: finite })),
})

/** Amplitude |X(f)| of position and velocity at f, radians a step, smoothed. */
export const spectrumSchema = z.strictObject({
  frequencies: numbers,
  position: numbers,
  velocity: numbers,
  predicted: z.array(z.strictObject({ theory: z.string(), position: numbers, velocity: numbers })),
})

/** Fitted exponents of ‖Δ_k‖² ∝ kᶜ over the first so many steps. */
export const exponentsSchema = z.strictObject({
  /** in steps */
  lengths: z.array(z.int()),
  /** // [length] all */
  measured: numbers,
  prefactors: numbers,
  /** single runs scatter between low and high (95 %) */
  predicted: z.array(
    z.strictObject({ theory: z.string(), values: numbers, low: numbers.optional(), high: numbers.optional() }),
  ),
})
