import { normalProbability } from '../../foundation/statistics/normal-probability.ts'

/**
 * Distribution function of a standardised value by its skewness and excess kurtosis (Edgeworth's second approximation):
 * F = Φ − φ [γ₁He₂/6 + γ₂He₃/24 + γ₁²He₅/72]. For the mean of S values its error is O(S^{−3/2}); with neither it is the normal law.
 */
export function edgeworth(skewness: number, excessKurtosis: number): (x: number) => number {
  return (x) => {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
    const square = x * x
    const correction =
      (skewness * (square - 1)) / 6 +
      (excessKurtosis * x * (square - 3)) / 24 +
      (skewness ** 2 * x * (square * square - 10 * square + 15)) / 72
    // the expansion alone leaves [0, 1] in far tails
    return Math.min(1, Math.max(0, normalProbability(x) - density * correction))
  }
}
