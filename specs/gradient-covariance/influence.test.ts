import { Matrix, solve } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { uniform } from '../../foundation/random/uniform.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { logSpread, type Spread } from '../../harness/spread.ts'
import { type Form, type NoiseLaw, spreadOfDistance, spreadOfForm } from './influence.ts'

const direction = [0.6, 0.64, 0.48]
const law = (heteroscedasticity: number, noise: NoiseLaw['noise']): NoiseLaw => ({
  direction,
  heteroscedasticity,
  noise,
})
const along: Form = (n) => n.reduce((sum, value, l) => sum + value * direction[l]!, 0) ** 2
const first: Form = (n) => n[0]! ** 2
const across: Form = (n) => n[0]! * n[1]!

function expectSpread({ varianceSteps, asymmetrySteps }: Spread, expected: Spread): void {
  // the quadrature is exact to 1e-15 of moments up to some thousands
  expect(varianceSteps).toBeCloseTo(expected.varianceSteps, 8)
  expect(asymmetrySteps).toBeCloseTo(expected.asymmetrySteps, 8)
}

describe('spreadOfForm, against closed forms', () => {
  it.each([
    ['normal', 2, 8],
    ['uniform', 4 / 5, 16 / 35],
  ] as const)('the same %s noise for all: moments of (n² − 1)(e² − 1), and of n₁n₂(e² − 1)', (noise, square, cube) => {
    expectSpread(spreadOfForm(first, law(0, noise)), logSpread(2 * square, 8 * cube))
    // E(n₁n₂)³ = 0
    expectSpread(spreadOfForm(across, law(0, noise)), { varianceSteps: square, asymmetrySteps: 0 })
    // a mean over three modes: relative to 3, E(Σn² − 3)² = 6, E(Σn² − 3)³ = 24
    const trace: Form = (n) => n.reduce((sum, value) => sum + value ** 2, 0)
    expectSpread(spreadOfForm(trace, law(0, noise)), logSpread((6 * square) / 9, (24 * cube) / 27))
  })

  it('noise that follows the target: along it, t⁴ − 6t² + 3 and t²(t² − 3)(e² − 1), over 3', () => {
    // E He₄² = 24, E t⁴(t² − 3)² = 42
    const { varianceSteps } = spreadOfForm(along, law(1, 'uniform'))
    expect(varianceSteps).toBeCloseTo((24 + 0.8 * 42) / 9, 8)
    expect(spreadOfForm(along, law(1, 'normal')).varianceSteps).toBeCloseTo((24 + 2 * 42) / 9, 8)
  })
})

describe('against the scatter of datasets fitted by least squares', () => {
  const eigenvalues = Float64Array.of(2, 1.5, 1)
  const [examples, datasets] = [300, 600]

  /** Σ₁₁/σ²H₁₁, (Σ₁₂ − σ²H₁₂)/σ² in units of √ρ, and ‖Σ − σ²H‖²/‖σ²H‖² of one dataset. */
  function measured({ heteroscedasticity: a, noise }: NoiseLaw, chain: number): readonly [number, number, number] {
    const random = streamOf(17, chain)
    const x = Array.from({ length: examples }, () =>
      Array.from(eigenvalues, (rho) => Math.sqrt(rho) * standardNormal(random)),
    )
    const targets = x.map((row) =>
      row.reduce((t, value, l) => t + (value * direction[l]!) / Math.sqrt(eigenvalues[l]!), 0),
    )
    const meanSquare = targets.reduce((sum, t) => sum + t ** 2, 0) / examples
    const labels = targets.map((t) => {
      const e = noise === 'normal' ? standardNormal(random) : Math.sqrt(12) * (uniform(random) - 0.5)
      return t + 0.7 * Math.sqrt(1 - a + (a * t ** 2) / meanSquare) * e
    })
    const meanOf = (value: (row: number[], i: number) => number): number =>
      x.reduce((sum, row, i) => sum + value(row, i) / examples, 0)
    const entries = [0, 1, 2].flatMap((l) => [0, 1, 2].map((m) => [l, m] as const))
    const H = entries.map(([l, m]) => meanOf((row) => row[l]! * row[m]!))
    const pull = [0, 1, 2].map((l) => meanOf((row, i) => row[l]! * labels[i]!))
    const w = solve(new Matrix([H.slice(0, 3), H.slice(3, 6), H.slice(6)]), Matrix.columnVector(pull)).to1DArray()
    const squares = x.map((row, i) => (labels[i]! - row[0]! * w[0]! - row[1]! * w[1]! - row[2]! * w[2]!) ** 2)
    const variance = meanOf((_, i) => squares[i]!)
    const S = entries.map(([l, m]) => meanOf((row, i) => row[l]! * row[m]! * squares[i]!))
    const sum = (value: (at: number) => number): number => entries.reduce((total, _, at) => total + value(at) ** 2, 0)
    return [
      S[0]! / (variance * H[0]!),
      (S[1]! / variance - H[1]!) / Math.sqrt(eigenvalues[0]! * eigenvalues[1]!),
      sum((at) => S[at]! - variance * H[at]!) / sum((at) => variance * H[at]!),
    ]
  }

  it.each([law(0, 'normal'), law(0.1, 'uniform'), law(1, 'uniform')])('%j', (noise) => {
    const values = Array.from({ length: datasets }, (_, chain) => measured(noise, chain))
    /** Of one dataset, in units of one example. */
    const scatter = (which: 0 | 1 | 2, relative: boolean): number => {
      const mean = values.reduce((sum, value) => sum + value[which], 0) / datasets
      const squares = values.reduce((sum, value) => sum + (value[which] - mean) ** 2, 0) / (datasets - 1)
      return (examples * squares) / (relative ? mean ** 2 : 1)
    }
    // five standard errors of a variance of values with a kurtosis of 6 (chi-squared: 5), a tenth for what 1/N adds
    const tolerance = 5 * Math.sqrt(5 / datasets) + 0.1
    expect(Math.abs(scatter(0, true) / spreadOfForm(first, noise).varianceSteps - 1)).toBeLessThan(tolerance)
    expect(Math.abs(scatter(1, false) / spreadOfForm(across, noise).varianceSteps - 1)).toBeLessThan(tolerance)
    if (noise.heteroscedasticity === 0.1) return // neither its own distance nor that of chance
    const ofSquare = 4 * spreadOfDistance(eigenvalues, noise, examples).varianceSteps
    expect(Math.abs(scatter(2, true) / ofSquare - 1)).toBeLessThan(tolerance)
  })
})
