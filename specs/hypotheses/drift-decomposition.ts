import { inverse } from '../../foundation/linear-algebra/linear-solve.ts'
import { lyapunov } from '../../foundation/linear-algebra/lyapunov.ts'
import { combine, frobeniusNorm, multiply, transpose } from '../../foundation/linear-algebra/square-matrix.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { ExactQuantity } from '../../harness/quantity.ts'
import type { DecompositionSetting, DriftParts } from '../ornstein-uhlenbeck/decompositions.ts'
import type { Voice } from '../voice.ts'

export const driftDecomposition: Hypothesis<DecompositionSetting> = {
  id: 'drift-decomposition',
  claim:
    'The stationary covariance is B/κ with AB + BAᵀ = 2D, and the drift splits as A = (D + Q)U with Q skew and U = B⁻¹: of SGD Q = [[0, −Σ], [Σ, 0]], and U is the curvature of the modified loss.',
  source: 'eqs. 11, 13, 14, 25–31, 49',
  scale: 'linear',
  margin: 1e-12,
  marginReason:
    'relative to a matrix’s norm; n·ε times the condition of B, up to 8 · 2.2e-16 · 250, and as much for products that cancel',
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ process }) {
    const { size, drift, diffusion, inverseTemperature } = process
    const zero = new Float64Array(size * size)
    const B = lyapunov(drift, diffusion, size).solution
    /** A matrix of numbers, in units of its norm. */
    const matrix = (
      name: string,
      truth: Float64Array,
      says: (parts: Partial<DriftParts>) => Float64Array | undefined,
    ): ExactQuantity<Voice<Partial<DriftParts>>> => {
      const unit = frobeniusNorm(truth)
      const inUnits = (values: Float64Array): Float64Array => values.map((value) => value / unit)
      return {
        kind: 'exact',
        name,
        predict(theory) {
          const said = says(theory.says)
          return said && inUnits(said)
        },
        compute: () => inUnits(truth),
      }
    }
    return [
      matrix('A = (D + Q)U', drift, ({ rotation, curvature }) =>
        rotation && curvature ? multiply(combine(1, diffusion, 1, rotation), curvature, size) : undefined,
      ),
      matrix('2D = AB + BAᵀ', combine(2, diffusion, 0, zero), ({ shape }) => {
        if (!shape) return undefined
        const product = multiply(drift, shape, size)
        return combine(1, product, 1, transpose(product, size))
      }),
      matrix(
        'Q = AB − D of the solved B',
        combine(1, multiply(drift, B, size), -1, diffusion),
        ({ rotation }) => rotation,
      ),
      matrix('U = B⁻¹ of the solved B', inverse(B, size)!, ({ curvature }) => curvature),
      matrix(
        'stationary covariance',
        B.map((value) => value / inverseTemperature),
        ({ shape, inverseTemperature: kappa }) =>
          shape && kappa !== undefined ? shape.map((value) => value / kappa) : undefined,
      ),
    ]
  },
}
