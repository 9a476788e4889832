import type { ExpectedAmplitude } from '../../oracle/expected-amplitude.ts'
import type { SecondOrderLaw } from '../../oracle/theory.ts'
import { twoTimeCovariance } from '../../oracle/two-time-covariance.ts'

/**
 * Relative variance of one record's Σ f|X(f)| / Σ |X(f)| about the quotient of their means, to first order, for a stationary
 * Gaussian law: amplitudes of two bins covary by A_f A_g (|E X_f X_g*|² + |E X_f X_g|²)/(4 P_f P_g), P the power and A the mean
 * amplitude, as follows of |X| ≈ A(1 + (|X|²/P − 1)/2). What the ends of a record leak is nearly one number in all bins, so
 * positions of slow modes scatter several times as much as they would if bins were independent.
 *
 * @returns of the modes // [mode]
 *
 * Accuracy: the expansion gives ¼ for 4/π − 1 where real and imaginary part are alike and ½ for π/2 − 1 where they are one number;
 * the larger quotient, 1.14, is multiplied in.
 */
export function frequencyVariance(
  law: SecondOrderLaw,
  series: 'position' | 'velocity',
  pointCount: number,
  amplitudes: ExpectedAmplitude,
): Float64Array {
  const entry = series === 'position' ? 0 : 3
  const covariances = Array.from({ length: pointCount }, (_, lag) => twoTimeCovariance(law, 'stationary', 0, lag))
  const { frequencies } = amplitudes
  // Frequencies are multiples of 2π/n, so there are n angles only.
  const angles = Array.from({ length: pointCount }, (_, k) => (2 * Math.PI * k) / pointCount)
  const cosines = Float64Array.from(angles, Math.cos)
  const sines = Float64Array.from(angles, Math.sin)
  const binCount = frequencies.length
  return law.spectrum.eigenvalues.map((_, l) => {
    const R = Float64Array.from(covariances, (blocks) => blocks[4 * l + entry]!)
    // Σ_m R(k−m) e^{−ifm} // [bin, place, real or imaginary]
    const filtered = new Float64Array(2 * binCount * pointCount)
    for (let bin = 0; bin < binCount; bin++) {
      for (let k = 0; k < pointCount; k++) {
        const at = 2 * (bin * pointCount + k)
        for (let m = 0; m < pointCount; m++) {
          const angle = ((bin + 1) * m) % pointCount
          filtered[at]! += R[Math.abs(k - m)]! * cosines[angle]!
          filtered[at + 1]! -= R[Math.abs(k - m)]! * sines[angle]!
        }
      }
    }
    /** |E X_f X_g*|² and |E X_f X_g|². */
    const coupling = (f: number, g: number): { conjugate: number; plain: number } => {
      let [cc, cs, sc, ss] = [0, 0, 0, 0]
      for (let k = 0; k < pointCount; k++) {
        const angle = ((g + 1) * k) % pointCount
        const cosine = cosines[angle]!
        const sine = -sines[angle]!
        const real = filtered[2 * (f * pointCount + k)]!
        const imaginary = filtered[2 * (f * pointCount + k) + 1]!
        cc += real * cosine
        cs += real * sine
        sc += imaginary * cosine
        ss += imaginary * sine
      }
      return { conjugate: (cc + ss) ** 2 + (sc - cs) ** 2, plain: (cc - ss) ** 2 + (sc + cs) ** 2 }
    }
    const amplitude = amplitudes[series].subarray(l * binCount, (l + 1) * binCount)
    let [total, weighted] = [0, 0]
    amplitude.forEach((A, bin) => {
      total += A
      weighted += frequencies[bin]! * A
    })
    const power = Float64Array.from({ length: binCount }, (__, f) => Math.sqrt(coupling(f, f).conjugate))
    const weight = amplitude.map((A, f) => (A * (frequencies[f]! / weighted - 1 / total)) / power[f]!)
    let variance = 0
    for (let f = 0; f < binCount; f++) {
      for (let g = 0; g < binCount; g++) {
        const { conjugate, plain } = coupling(f, g)
        variance += (weight[f]! * weight[g]! * (conjugate + plain)) / 4
      }
    }
    return 1.14 * variance
  })
}
