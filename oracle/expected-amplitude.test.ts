import { describe, expect, it } from 'vitest'
import { discreteLaw } from './discrete.ts'
import { expectedAmplitude, expectedMeanFrequency } from './expected-amplitude.ts'
import { langevinLaw } from './langevin.ts'
import { amplitudeWeightedFrequency, expectedPeriodogram } from './periodogram.ts'
import type { SecondOrderLaw } from './theory.ts'

const hyperparameters = { learningRate: 0.01, momentum: 0.9, weightDecay: 0, batchSize: 8 }
const spectrum = { eigenvalues: Float64Array.of(150, 20, 1, 1e-3), noiseVariances: Float64Array.of(1, 1, 2, 0.5) }

/** E√(aU² + bV²) as (1/2√π) ∫ (1 − φ(s)) s^{−3/2} ds, φ(s) = E e^{−s(aU² + bV²)}, by trapezoids in log s. */
function meanModulusByTransform(a: number, b: number): number {
  const scale = a + b
  const spacing = 0.03
  let sum = 0
  for (let y = -80; y <= 80; y += spacing) {
    const s = Math.exp(y) / scale
    // 1 − 1/√p without cancellation
    const excess = 2 * s * (a + b) + 4 * s * s * a * b
    const root = Math.sqrt(1 + excess)
    sum += (excess / (root * (1 + root))) * s ** -0.5 * spacing
  }
  return sum / (2 * Math.sqrt(Math.PI))
}

/** The covariance of Re X(f) and Im X(f), summed over all pairs of points, and E|X| of it. */
function bySums(law: SecondOrderLaw, mode: number, entry: 0 | 3, count: number, f: number): number {
  const P = law.stationary.subarray(4 * mode, 4 * mode + 4)
  const R = Array.from({ length: count }, (_, lag) => {
    const E = law.propagator(lag).subarray(4 * mode, 4 * mode + 4)
    return entry === 0 ? P[0]! * E[0]! + P[1]! * E[1]! : P[2]! * E[2]! + P[3]! * E[3]!
  })
  let [cc, cs, ss] = [0, 0, 0]
  for (let k = 0; k < count; k++) {
    for (let m = 0; m < count; m++) {
      const r = R[Math.abs(m - k)]!
      cc += r * Math.cos(f * k) * Math.cos(f * m)
      cs += r * Math.cos(f * k) * Math.sin(f * m)
      ss += r * Math.sin(f * k) * Math.sin(f * m)
    }
  }
  const middle = (cc + ss) / 2
  const half = Math.hypot((cc - ss) / 2, cs)
  return meanModulusByTransform(middle + half, Math.max(0, middle - half))
}

describe('expectedAmplitude', () => {
  it.each([
    ['discrete', discreteLaw(spectrum, hyperparameters), 24],
    ['discrete', discreteLaw(spectrum, hyperparameters), 15],
    ['langevin', langevinLaw(spectrum, hyperparameters), 16],
  ] as const)('agrees with sums over all pairs of points: %s', (_, law, count) => {
    const { frequencies, position, velocity } = expectedAmplitude(law, count)
    expect(frequencies).toHaveLength(Math.floor(count / 2))
    frequencies.forEach((f, bin) => {
      for (let l = 0; l < 4; l++) {
        const at = l * frequencies.length + bin
        // the sums cancel where a slow mode's variance is 10⁵ times what it moves
        const tolerance = l === 3 ? 1e-7 : 1e-9
        expect(Math.abs(position[at]! / bySums(law, l, 0, count, f) - 1), `x ${l} ${bin}`).toBeLessThan(tolerance)
        expect(Math.abs(velocity[at]! / bySums(law, l, 3, count, f) - 1), `v ${l} ${bin}`).toBeLessThan(1e-9)
      }
    })
  })

  it('lies between a Gaussian number on a line and a circular one, √(2P/π) ≤ E|X| ≤ √(πP)/2', () => {
    const law = discreteLaw(spectrum, hyperparameters)
    const { position, velocity } = expectedAmplitude(law, 64)
    const power = expectedPeriodogram(law, 64)
    for (const [amplitude, P] of [
      [position, power.position],
      [velocity, power.velocity],
    ] as const) {
      amplitude.forEach((value, at) => {
        const ratio = value / Math.sqrt(P[at]!)
        expect(ratio).toBeGreaterThan(Math.sqrt(2 / Math.PI) * (1 - 1e-12))
        expect(ratio).toBeLessThan((Math.sqrt(Math.PI) / 2) * (1 + 1e-12))
      })
    }
    // where the ends' one phase is most of the power: high bins of positions, not those near a fast mode's peak
    const ratio = (bin: number, l: number): number => position[32 * l + bin]! / Math.sqrt(power.position[32 * l + bin]!)
    expect(ratio(12, 0)).toBeGreaterThan(0.88)
    expect(ratio(25, 3)).toBeLessThan(0.81)
  })
})

describe('expectedMeanFrequency', () => {
  it('lies below the quotient of root powers where ends leak: 10 % for a slow mode, nothing for a fast one', () => {
    const law = discreteLaw(spectrum, hyperparameters)
    const exact = expectedMeanFrequency(law, 512)
    const power = expectedPeriodogram(law, 512)
    const rough = amplitudeWeightedFrequency(power.frequencies, power.position)
    expect(exact.position[0]! / rough[0]!).toBeCloseTo(1, 2)
    expect(exact.position[3]! / rough[3]!).toBeLessThan(1)
    expect(exact.position.length + exact.velocity.length).toBe(8)
  })
})
