import type { ModeSpectrum } from '../../foundation/phase-space.ts'
import { NotPredictedError, type Theory } from '../theory.ts'

/**
 * Velocities shaped by H² instead of H, at the same total: what noise proportional to a squared gradient would give, and what
 * a power of H mistaken by one gives.
 *
 * @param theory whose total velocity variance is kept
 * @throws NotPredictedError where it has none
 */
export function velocitiesAsSquaredCurvature(
  theory: Theory,
  { eigenvalues }: Pick<ModeSpectrum, 'eigenvalues'>,
): Theory {
  const velocity = theory.predictions.velocityVariance?.()
  if (velocity === undefined) {
    throw new NotPredictedError(`velocitiesAsSquaredCurvature: ${theory.name} must predict velocity variances`)
  }
  const squares = eigenvalues.map((rho) => rho * rho)
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
  const scale = total(velocity) / total(squares)
  return {
    name: 'velocities as H²',
    title: 'velocity covariance proportional to H², the total kept',
    source: 'eq. 16 with the power of H mistaken',
    predictions: { velocityVariance: () => squares.map((square) => scale * square) },
  }
}
