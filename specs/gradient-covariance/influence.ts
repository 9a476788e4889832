import { logSpread, type Spread } from '../../harness/spread.ts'

/** Three whitened normal features n, and label noise of variance σ²s², s² = (1−a) + a(u·n)² over its sample mean. */
export interface NoiseLaw {
  /** u, a unit vector. // [mode] */
  readonly direction: readonly number[]
  /** a in [0, 1]. */
  readonly heteroscedasticity: number
}

// the trapezoidal rule is exact to e^{−2π²/h²} for polynomials times the normal density
const spacing = 0.75
const points = Array.from({ length: 25 }, (_, at) => (at - 12) * spacing)
const weights = points.map((n) => (spacing * Math.exp((-n * n) / 2)) / Math.sqrt(2 * Math.PI))

/** E f(n) over three independent normal numbers. */
function expectation(f: (n: readonly number[]) => number): number {
  let sum = 0
  points.forEach((x, i) => {
    points.forEach((y, j) => {
      points.forEach((z, k) => {
        sum += weights[i]! * weights[j]! * weights[k]! * f([x, y, z])
      })
    })
  })
  return sum
}

/**
 * Scatter of one dataset's nᵀCn r², mean over examples, over σ̂² mean(nᵀCn) on the log scale, or where tr C = 0 of their difference over
 * σ̂² on the linear one: to leading order in 1/N, with f = nᵀCn, m = E f s² and label noise s·e, the mean over examples of
 *
 *     f s² e² − m − aE[f(u·n)²]((u·n)² − 1) − k(f − tr C) − m s²(e² − 1),   k = m/tr C or 1.
 */
export function spreadOfForm(
  form: (n: readonly number[]) => number,
  { direction, heteroscedasticity: a }: NoiseLaw,
): Spread {
  const along = (n: readonly number[]): number => n.reduce((sum, value, l) => sum + value * direction[l]!, 0) ** 2
  const level = (n: readonly number[]): number => 1 - a + a * along(n)
  const trace = expectation(form)
  const traceless = Math.abs(trace) < 1e-9
  const mean = expectation((n) => form(n) * level(n))
  const pull = a * expectation((n) => form(n) * along(n))
  const ownPull = traceless ? 1 : mean / trace
  // of the part that the features give, and the factor of e² − 1, whose square and cube are 2 and 8 on average
  const parts = (n: readonly number[]): readonly [number, number] => [
    form(n) * level(n) - mean - pull * (along(n) - 1) - ownPull * (form(n) - trace),
    level(n) * (form(n) - mean),
  ]
  const variance = expectation((n) => {
    const [A, B] = parts(n)
    return A ** 2 + 2 * B ** 2
  })
  const third = expectation((n) => {
    const [A, B] = parts(n)
    return A ** 3 + 6 * A * B ** 2 + 8 * B ** 3
  })
  return traceless
    ? { varianceSteps: variance, asymmetrySteps: Math.abs(third) / 3 }
    : logSpread(variance / mean ** 2, third / mean ** 3)
}
