import { innerProduct, multiply, transpose } from '../../foundation/linear-algebra/square-matrix.ts'

/** Second and third cumulant of a sample, or per sample of a mean. */
export interface Scatter {
  readonly variance: number
  readonly thirdCumulant: number
}

/**
 * Of xᵀWx for a Gaussian x of mean 0: 2 tr(WC)², 8 tr(WC)³.
 *
 * @param weights W, symmetric // [size, size]
 * @param covariance C // [size, size]
 */
export function quadraticForm(weights: Float64Array, covariance: Float64Array, size: number): Scatter {
  const WC = multiply(weights, covariance, size)
  const turned = transpose(WC, size)
  return {
    variance: 2 * innerProduct(WC, turned),
    thirdCumulant: 8 * innerProduct(multiply(WC, WC, size), turned),
  }
}

/**
 * Of the mean of xᵀWx along a stationary Gaussian sequence, per step: the covariances at all lags, 2 tr(W C_m W C_mᵀ) with
 * C_m = EᵐC, added up; the third cumulant as if the sequence came in independent blocks of that memory.
 *
 * @param propagator E, of one step // [size, size]
 */
export function quadraticFormAlong(
  weights: Float64Array,
  covariance: Float64Array,
  propagator: Float64Array,
  size: number,
): Scatter {
  const alone = quadraticForm(weights, covariance, size)
  let variance = alone.variance
  let lagged = covariance
  for (let lag = 1; lag <= longestLag; lag++) {
    lagged = multiply(propagator, lagged, size)
    // tr(W C_m W C_mᵀ)
    variance += 4 * innerProduct(multiply(weights, lagged, size), multiply(lagged, weights, size))
  }
  return { variance, thirdCumulant: alone.thirdCumulant * (variance / alone.variance) ** 2 }
}

/** Steps after which these sequences have forgotten all. */
const longestLag = 60
