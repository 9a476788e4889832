import { describe, expect, it } from 'vitest'
import { samplingDistance, teacherGradientCovariance } from './teacher-gradient-covariance.ts'

const eigenvalues = Float64Array.of(5, 2, 0.5)

describe('teacherGradientCovariance', () => {
  it('is σ²H for the same noise everywhere', () => {
    const { covariance, relativeDistance, modeRatios, offDiagonalShare } = teacherGradientCovariance(
      eigenvalues,
      new Float64Array(3),
      0,
    )
    expect([...covariance]).toEqual([5, 0, 0, 0, 2, 0, 0, 0, 0.5])
    expect([relativeDistance, offDiagonalShare]).toEqual([0, 0])
    expect([...modeRatios]).toEqual([1, 1, 1])
  })

  it('triples along an eigenvector that the noise follows', () => {
    const { relativeDistance, modeRatios, offDiagonalShare } = teacherGradientCovariance(
      eigenvalues,
      Float64Array.of(0, 3, 0),
      1,
    )
    expect([...modeRatios]).toEqual([1, 3, 1])
    expect(offDiagonalShare).toBe(0)
    expect(relativeDistance).toBeCloseTo(4 / Math.sqrt(29.25), 14)
  })

  it('has the fourth moments of a normal vector, by quadrature over two features', () => {
    const [rho, w, a] = [Float64Array.of(2, 0.7), Float64Array.of(1, -2), 0.4]
    const signal = 2 * 1 + 0.7 * 4
    const sums = [0, 0, 0]
    const spacing = 0.05
    for (let p = -9; p <= 9; p += spacing) {
      for (let q = -9; q <= 9; q += spacing) {
        const weight = (Math.exp(-(p * p + q * q) / 2) * spacing ** 2) / (2 * Math.PI)
        const [x, y] = [Math.sqrt(2) * p, Math.sqrt(0.7) * q]
        const variance = 1 - a + (a * (x - 2 * y) ** 2) / signal
        ;[x * x, x * y, y * y].forEach((product, at) => {
          sums[at]! += weight * product * variance
        })
      }
    }
    const { covariance, relativeDistance } = teacherGradientCovariance(rho, w, a)
    expect(covariance[0]).toBeCloseTo(sums[0]!, 9)
    expect(covariance[1]).toBeCloseTo(sums[1]!, 9)
    expect(covariance[3]).toBeCloseTo(sums[2]!, 9)
    const distance = Math.hypot(sums[0]! - 2, sums[1]!, sums[1]!, sums[2]! - 0.7) / Math.hypot(2, 0.7)
    expect(relativeDistance).toBeCloseTo(distance, 9)
  })

  it('refuses teachers of another shape or without a signal', () => {
    expect(() => teacherGradientCovariance(eigenvalues, new Float64Array(2), 0)).toThrow(RangeError)
    expect(() => teacherGradientCovariance(eigenvalues, new Float64Array(3), 0.5)).toThrow('must have a signal')
    expect(() => teacherGradientCovariance(eigenvalues, new Float64Array(3), -1)).toThrow(RangeError)
  })
})

describe('samplingDistance', () => {
  it('falls as 1/√N, and grows with the number of modes that count', () => {
    expect(samplingDistance(eigenvalues, 100) / samplingDistance(eigenvalues, 10_000)).toBeCloseTo(10, 12)
    expect(samplingDistance(new Float64Array(31).fill(2), 64)).toBeCloseTo(1, 14)
    expect(() => samplingDistance(eigenvalues, 0)).toThrow(RangeError)
  })
})
