/** Φ(x) = ½ + φ(x) Σ x^{2n+1}/(2n+1)!! (Marsaglia 2004), to 1e-14 absolute. */
export function normalProbability(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0
  let term = x
  let sum = x
  for (let n = 3; Math.abs(term) > 1e-16 * Math.abs(sum); n += 2) {
    term *= (x * x) / n
    sum += term
  }
  // rounding may leave it outside [0, 1] in far tails
  return Math.min(1, Math.max(0, 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)))
}
