import * as z from 'zod'

const count = z.int().min(1)

/** How curvature and noise are measured, as a configuration file writes it. Costs are in Hessian-vector products (HVPs). */
export const curvatureSettingsSchema = z.strictObject({
  /** subspace-iteration is the paper's; Lanczos gives the same with fewer products */
  method: z.enum(['subspace-iteration', 'lanczos']).default('lanczos'),
  /** eigenpairs */
  count: count.default(30),
  /** HVPs at most for them: count·iterations, by either method */
  iterations: count.default(10),
  /** a pair has converged if ‖Hq − ρq‖ ≤ tolerance·|ρ| */
  tolerance: z.number().positive().default(0.01),
  /** HVPs of the trace */
  traceProbes: z.int().min(2).default(20),
  /** random vectors of the spectral density, of densitySteps HVPs each */
  densityProbes: z.int().min(2).default(4),
  densitySteps: count.default(30),
  /** examples a batch, for the noise; 1 is exact and slow */
  noiseBatchSize: count.default(16),
  /** disjoint batches at most */
  noiseBatches: z.int().min(2).default(200),
  /** examples that are worked on at a time; left out, as many as memory allows. With statistics of batches it decides what
   * the loss is. */
  batchSize: count.optional(),
  seed: z.int().min(0).default(0),
})

export type CurvatureSettings = z.infer<typeof curvatureSettingsSchema>
