import { describe, expect, it } from 'vitest'
import { discreteLaw, discreteTheory } from './discrete.ts'
import { langevinLaw, langevinTheory } from './langevin.ts'
import { firstOrderTheory } from './rivals/first-order.ts'
import { gradientFlowTheory } from './rivals/gradient-flow.ts'
import { shuffledEpochsTheory } from './shuffled-epochs.ts'
import { virialFromStart, virialOf } from './virial.ts'

const hyperparameters = { learningRate: 0.02, momentum: 0.9, weightDecay: 0.3, batchSize: 10 }
const spectrum = { eigenvalues: Float64Array.of(10, 1, 0.1, 0.01), noiseVariances: new Float64Array(4).fill(0.7) }

describe('virialOf', () => {
  it.each([
    ['discrete', discreteTheory],
    ['langevin', langevinTheory],
  ] as const)('balances mode by mode at any learning rate: %s', (_, theory) => {
    const { potential, kinetic, residual } = virialOf(
      theory(spectrum, hyperparameters),
      spectrum.eigenvalues,
      hyperparameters,
    )
    residual.forEach((value, l) => {
      expect(Math.abs(value)).toBeLessThan(1e-14 * kinetic[l]!)
    })
    expect(potential[0]! / potential[3]!).toBeGreaterThan(900)
  })

  it('fails under shuffling by potential/kinetic = 0.95, 0.55, 0.100, 0.011 (theory, sec. 6; N = 200, S = 10, λ = 0)', () => {
    const plain = { ...hyperparameters, weightDecay: 0 }
    const { potential, kinetic, residual } = virialOf(
      shuffledEpochsTheory(spectrum, plain, { exampleCount: 200 }),
      spectrum.eigenvalues,
      plain,
    )
    ;[0.95, 0.55, 0.1, 0.011].forEach((ratio, l) => {
      expect(Math.abs(potential[l]! / kinetic[l]! / ratio - 1)).toBeLessThan(0.02)
      expect(residual[l]!).toBeLessThan(0)
    })
  })

  it('fails of first-order dynamics, and is not there to ask of gradient flow', () => {
    const { residual, kinetic } = virialOf(
      firstOrderTheory(spectrum, hyperparameters),
      spectrum.eigenvalues,
      hyperparameters,
    )
    for (let l = 0; l < 4; l++) expect(Math.abs(residual[l]!)).toBeGreaterThan(0.5 * kinetic[l]!)
    expect(() =>
      virialOf(gradientFlowTheory(spectrum, hyperparameters), spectrum.eigenvalues, hyperparameters),
    ).toThrow('must predict position and velocity variances')
  })
})

describe('virialFromStart', () => {
  const start = { position: Float64Array.of(1, -2, 0, 3), velocity: Float64Array.of(0, 0.5, 0, -1) }
  const law = discreteLaw(spectrum, hyperparameters)

  it.each([1, 2, 40])('balances over %d steps from a known point, though potential and kinetic do not', (steps) => {
    const { potential, kinetic, boundary } = virialFromStart(law, hyperparameters, start, steps)
    potential.forEach((value, l) => {
      const magnitude = value + kinetic[l]! + Math.abs(boundary[l]!)
      expect(Math.abs(value - kinetic[l]! - boundary[l]!)).toBeLessThan(1e-13 * magnitude)
      expect(Math.abs(value - kinetic[l]!)).toBeGreaterThan(0.01 * magnitude)
    })
  })

  it('is what virialOf says once a window is long', () => {
    const stationary = virialOf(discreteTheory(spectrum, hyperparameters), spectrum.eigenvalues, hyperparameters)
    const rest = { position: new Float64Array(4), velocity: new Float64Array(4) }
    const { potential, kinetic } = virialFromStart(law, hyperparameters, rest, 4000)
    // of 4,000 steps the slowest mode takes (1−β)/(ηh) = 16 to spread
    potential.forEach((value, l) => {
      expect(Math.abs(value / stationary.potential[l]! - 1)).toBeLessThan(0.01)
      expect(Math.abs(kinetic[l]! / stationary.kinetic[l]! - 1)).toBeLessThan(0.01)
    })
  })

  it('fails of the SDE at the steps of SGD, and refuses windows out of range', () => {
    const sde = virialFromStart(langevinLaw(spectrum, hyperparameters), hyperparameters, start, 40)
    expect(Math.abs(sde.potential[0]! / (sde.kinetic[0]! + sde.boundary[0]!) - 1)).toBeGreaterThan(0.01)
    expect(() => virialFromStart(law, hyperparameters, start, 0)).toThrow(
      new RangeError('virialFromStart: steps must be an integer ≥ 1, got 0'),
    )
  })
})
