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

/** Φ(x) = ½ + φ(x) Σ x^{2n+1}/(2n+1)!! (Marsaglia 2004), to 1e-14. */
function normalProbability(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0
  let term = x
  let sum = x
  for (let n = 3; Math.abs(term) > 1e-16 * Math.abs(sum); n += 2) {
    term *= (x * x) / n
    sum += term
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}
