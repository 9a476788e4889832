import { describe, expect, it } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { expectedModulus } from './expected-modulus.ts'

const none = { pseudoReal: 0, pseudoImaginary: 0, meanReal: 0, meanImaginary: 0 }

// the docstring's accuracy
const digits = 6

describe('expectedModulus', () => {
  it('is √(πP)/2 of a circular number, √(2P/π) of one on a line, |m| without noise', () => {
    expect(expectedModulus({ ...none, power: 3 })).toBeCloseTo(Math.sqrt(3 * Math.PI) / 2, digits)
    expect(expectedModulus({ ...none, power: 3, pseudoReal: 1.8, pseudoImaginary: -2.4 })).toBeCloseTo(
      Math.sqrt(6 / Math.PI),
      digits,
    )
    expect(expectedModulus({ ...none, power: 0, meanReal: 3, meanImaginary: -4 })).toBeCloseTo(5, digits)
    expect(expectedModulus({ ...none, power: 0 })).toBe(0)
  })

  it('scales with the number, to the smallest', () => {
    const number = { power: 2, pseudoReal: 0.5, pseudoImaginary: 1, meanReal: 0.3, meanImaginary: -1 }
    const small = Object.fromEntries(
      Object.entries(number).map(([name, value]) => [name, value * (name.startsWith('mean') ? 1e-9 : 1e-18)]),
    ) as unknown as typeof number
    expect(expectedModulus(small) / expectedModulus(number)).toBeCloseTo(1e-9, 20)
  })

  it('is the mean of samples of a number with a mean and two unlike axes', () => {
    const state = streamOf(5, 0)
    const [a, b, angle, meanReal, meanImaginary] = [1.5, 0.2, 0.7, 0.9, -0.4]
    const count = 200_000
    let [sum, squares] = [0, 0]
    for (let i = 0; i < count; i++) {
      const [p, q] = [Math.sqrt(a) * standardNormal(state), Math.sqrt(b) * standardNormal(state)]
      const modulus = Math.hypot(
        p * Math.cos(angle) - q * Math.sin(angle) + meanReal,
        p * Math.sin(angle) + q * Math.cos(angle) + meanImaginary,
      )
      sum += modulus
      squares += modulus * modulus
    }
    const mean = sum / count
    const predicted = expectedModulus({
      power: a + b,
      pseudoReal: (a - b) * Math.cos(2 * angle),
      pseudoImaginary: (a - b) * Math.sin(2 * angle),
      meanReal,
      meanImaginary,
    })
    // 5 standard errors
    expect(Math.abs(predicted - mean)).toBeLessThan(5 * Math.sqrt((squares / count - mean * mean) / count))
  })
})
