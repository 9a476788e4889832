import { logSpread, type Spread } from '../../harness/spread.ts'

/** Three whitened normal features n, and label noise of variance σ²s², s² = (1−a) + a(u·n)² over its sample mean. */
export interface NoiseLaw {
  /** u, a unit vector. // [mode] */
  readonly direction: readonly number[]
  /** a in [0, 1]. */
  readonly heteroscedasticity: number
  /** Of one example's label noise in units of its root mean square. */
  readonly noise: 'normal' | 'uniform'
}

/** Mean square and mean cube of e² − 1, e of variance 1. */
const noiseMoments = { normal: [2, 8], uniform: [4 / 5, 16 / 35] } as const

/** Mean fourth power of e² − 1, e normal. */
const fourthMoment = 60

/** A quadratic form of n. */
export type Form = (n: readonly number[]) => number

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

/** What one example adds to a mean over examples, beside its expectation: A(n) + B(n)(e² − 1), label noise being σse. */
interface Influence {
  readonly features: (n: readonly number[]) => number
  readonly noise: (n: readonly number[]) => number
}

interface Cumulants {
  readonly variance: number
  readonly third: number
}

function cumulantsOf({ features, noise }: Influence, law: NoiseLaw): Cumulants {
  const [square, cube] = noiseMoments[law.noise]
  return {
    variance: expectation((n) => features(n) ** 2 + square * noise(n) ** 2),
    third: expectation((n) => {
      const [A, B] = [features(n), noise(n)]
      return A ** 3 + 3 * square * A * B ** 2 + cube * B ** 3
    }),
  }
}

/** The mean of a form times r²/σ², to first order in 1/√N; its own mean beside it. */
function ofGradients(
  form: Form,
  { direction, heteroscedasticity: a }: NoiseLaw,
): Influence & { readonly mean: number } {
  const along = (n: readonly number[]): number => n.reduce((sum, value, l) => sum + value * direction[l]!, 0) ** 2
  const level = (n: readonly number[]): number => 1 - a + a * along(n)
  const mean = expectation((n) => form(n) * level(n))
  const pull = a * expectation((n) => form(n) * along(n))
  return {
    mean,
    features: (n) => form(n) * level(n) - mean - pull * (along(n) - 1),
    noise: (n) => form(n) * level(n),
  }
}

/** σ̂²/σ² times the mean of a form, likewise. */
function ofHessian(form: Form, law: NoiseLaw): Influence & { readonly mean: number } {
  const mean = expectation(form)
  const { noise } = ofGradients(() => 1, law)
  return { mean, features: (n) => form(n) - mean, noise: (n) => mean * noise(n) }
}

function combined(parts: readonly (readonly [number, Influence])[]): Influence {
  const sum = (which: keyof Influence) => (n: readonly number[]) =>
    parts.reduce((total, [factor, part]) => total + factor * part[which](n), 0)
  return { features: sum('features'), noise: sum('noise') }
}

/**
 * Scatter of one dataset's nᵀCn r², mean over examples, over σ̂² mean(nᵀCn) on the log scale, or where tr C = 0 of their difference
 * over σ̂² on the linear one: to leading order in 1/N, in units of one example.
 *
 * Of f = nᵀCn, the mean of f r²/σ² moves by that of f s²e² − m − aE[f(u·n)²]((u·n)² − 1), m = E f s², and that of σ̂²f/σ² by
 * f − tr C + s²(e² − 1) tr C.
 */
export function spreadOfForm(form: Form, law: NoiseLaw): Spread {
  const [gradients, hessian] = [ofGradients(form, law), ofHessian(form, law)]
  if (Math.abs(hessian.mean) < 1e-9) {
    // what σ̂² does to it is of the next order, but for the difference from a Hessian's entry: m σ̂² is taken off
    const { variance, third } = cumulantsOf(
      combined([
        [1, gradients],
        [-1, hessian],
        [-gradients.mean, ofHessian(() => 1, law)],
      ]),
      law,
    )
    return { varianceSteps: variance, asymmetrySteps: Math.abs(third) / 3 }
  }
  const { variance, third } = cumulantsOf(
    combined([
      [1 / gradients.mean, gradients],
      [-1 / hessian.mean, hessian],
    ]),
    law,
  )
  return logSpread(variance, third)
}

/**
 * Scatter of ‖Σ − σ²H‖/‖σ²H‖ on the log scale, as `spreadOfForm`. Where Assumption 3 holds, N‖Σ − σ²H‖² is a sum of squares of
 * independent normal numbers of variances 4ρ_lρ_m, l ≤ m, and what examples' own fourth moments add; elsewhere Σ − σ²H = M but for what scatters, M = 2aH^½uuᵀH^½.
 */
export function spreadOfDistance(eigenvalues: Float64Array, law: NoiseLaw, exampleCount: number): Spread {
  const { direction, heteroscedasticity: a } = law
  const size = eigenvalues.reduce((sum, rho) => sum + rho ** 2, 0)
  if (a === 0) {
    const squares = Array.from(eigenvalues).flatMap((rho, l) =>
      Array.from(eigenvalues.subarray(0, l + 1), (other) => rho * other),
    )
    const total = (power: number): number => squares.reduce((sum, w) => sum + (4 * w) ** power, 0)
    // one example's own square, whose mean is total(1)
    const own = (n: readonly number[]): number => entriesOf(n, eigenvalues).reduce((sum, value) => sum + value ** 2, 0)
    const beyond = fourthMoment * expectation((n) => own(n) ** 2) - 2 * total(2) - total(1) ** 2
    const growth = 1 + beyond / (2 * total(2) * exampleCount)
    const variance = (growth * 2 * total(2)) / total(1) ** 2
    // as 3000 datasets of 300 and of 1200 examples have it: third cumulants grow at most with the cube
    const square = logSpread(variance, (growth ** 3 * 8 * total(3)) / total(1) ** 3)
    // one value a dataset, not one an example; a root halves logarithms
    return {
      varianceSteps: (square.varianceSteps * exampleCount) / 4,
      asymmetrySteps: (square.asymmetrySteps * exampleCount ** 2) / 8,
    }
  }
  const pull = direction.map((u, l) => u * eigenvalues[l]!)
  const M: Form = (n) => 2 * a * n.reduce((sum, value, l) => sum + value * pull[l]!, 0) ** 2
  const H: Form = (n) => n.reduce((sum, value, l) => sum + (value * eigenvalues[l]!) ** 2, 0)
  const excess = ofGradients(M, law).mean - expectation(M) // ‖M‖²
  const { variance, third } = cumulantsOf(
    combined([
      [1 / excess, ofGradients(M, law)],
      [-1 / excess, ofHessian(M, law)],
      [-1 / size, ofHessian(H, law)],
    ]),
    law,
  )
  return { varianceSteps: variance, asymmetrySteps: Math.abs(third) / 3 + variance ** 2 / 2 }
}

/** Entries of H^½(nnᵀ − 1)H^½. */
function entriesOf(n: readonly number[], eigenvalues: Float64Array): number[] {
  return n.flatMap((left, l) =>
    n.map((right, m) => Math.sqrt(eigenvalues[l]! * eigenvalues[m]!) * (left * right - (l === m ? 1 : 0))),
  )
}
