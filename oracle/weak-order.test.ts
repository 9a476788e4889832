import { describe, expect, it } from 'vitest'
import { discreteTheory } from './discrete.ts'
import { langevinTheory } from './langevin.ts'
import { firstOrderTheory } from './rivals/first-order.ts'
import { gradientFlowTheory } from './rivals/gradient-flow.ts'
import { liuZiyinUedaTheory } from './rivals/liu-ziyin-ueda.ts'
import { type Moment, meanErrorRatio, moments, weakOrder } from './weak-order.ts'

const spectrum = { eigenvalues: Float64Array.of(3, 1, 0.2), noiseVariances: Float64Array.of(1, 2, 0.5) }
const settingAt = (momentum: number) => ({ spectrum, momentum, weightDecay: 0.1, batchSize: 4, time: 0.4 })
const position = Float64Array.of(1, -1, 2)
const rest = { position, velocity: new Float64Array(3) }
/** v(0) = −hx₀/(1+β). */
const sliding = (momentum: number) => ({
  position,
  velocity: position.map((x, l) => (-(spectrum.eigenvalues[l]! + 0.1) * x) / (1 + momentum)),
})
// η from 1e-3 to 6e-5: ηh/(1−β) from 0.03 at most, errors far above rounding
const stepCounts = [400, 800, 1600, 3200, 6400]
const orderOf = (momentum: number, moment: Moment, exactMoment = moment): number =>
  weakOrder(langevinTheory, moment, settingAt(momentum), stepCounts, exactMoment).order!

describe('weakOrder of Langevin dynamics', () => {
  describe.each([0, 0.2, 0.5, 0.9])('β = %d', (momentum) => {
    // slopes bend by the next order, ηh/(1−β)² = 0.3 at β = 0.9 and the largest η
    const within = momentum === 0.9 ? 0.12 : 0.02

    it.each<[string, Moment]>([
      ['Var x', moments.positionVariance],
      ['Var v', moments.velocityVariance],
      ['velocity correlation at a time', moments.velocityCorrelation],
      ['Var x from a start', moments.positionVarianceFromStart],
      ['Var v from a start', moments.velocityVarianceFromStart],
      ['displacement at stationarity', moments.globalDisplacement('stationary')],
      ['displacement from a start', moments.globalDisplacement(rest)],
      ['mean position from rest', moments.meanPosition(rest)],
    ])('is 1 for %s', (_, moment) => {
      expect(Math.abs(orderOf(momentum, moment) - 1)).toBeLessThan(within)
    })

    it('is 2 for the position autocovariance at a time, and for mean velocities from rest', () => {
      expect(Math.abs(orderOf(momentum, moments.positionAutocovariance) - 2)).toBeLessThan(within)
      expect(Math.abs(orderOf(momentum, moments.meanVelocity(rest)) - 2)).toBeLessThan(within)
    })

    it('is 2 for mean positions, 1 for velocities, if the SDE starts from −hx₀/(1+β) where SGD starts from rest', () => {
      const start = sliding(momentum)
      expect(Math.abs(orderOf(momentum, moments.meanPosition(start), moments.meanPosition(rest)) - 2)).toBeLessThan(
        within,
      )
      expect(Math.abs(orderOf(momentum, moments.meanVelocity(start), moments.meanVelocity(rest)) - 1)).toBeLessThan(
        within,
      )
      // SGD itself started there makes it 1 again; without momentum SGD forgets its velocity
      const both = orderOf(momentum, moments.meanPosition(start))
      expect(Math.abs(both - (momentum === 0 ? 2 : 1))).toBeLessThan(within)
    })

    it('is 0 for velocity correlations at a fixed number of steps', () => {
      for (const lag of [1, 3]) {
        const { errors } = weakOrder(
          langevinTheory,
          moments.velocityCorrelationAtLag(lag),
          settingAt(momentum),
          [1e6, 2e6, 4e6],
        )
        // what is left as h → 0: βᵏ against e^{−2gk}
        const sde = Math.exp((-2 * (1 - momentum) * lag) / (1 + momentum))
        const limit = Math.abs(sde - momentum ** lag) / Math.max(sde, momentum ** lag)
        for (const error of errors) expect(Math.abs(error / limit - 1)).toBeLessThan(0.01)
      }
    })
  })

  it('has the constants of eq. 18: ηh/(2(1+β)) for Var v', () => {
    const one = { eigenvalues: Float64Array.of(2), noiseVariances: Float64Array.of(1) }
    const { learningRates, errors } = weakOrder(
      langevinTheory,
      moments.velocityVariance,
      { ...settingAt(0.8), spectrum: one },
      [1000, 4000],
    )
    learningRates.forEach((eta, at) => {
      expect(errors[at]).toBeCloseTo((eta * 2.1) / 3.6, 15)
    })
  })
})

describe('weakOrder of others', () => {
  it('is 1 for gradient flow’s mean and the first-order SDE’s Var x, 0 for its Var v unless β = 0', () => {
    for (const momentum of [0, 0.5]) {
      const order = (theory: typeof gradientFlowTheory, moment: Moment): number =>
        weakOrder(theory, moment, settingAt(momentum), stepCounts).order!
      expect(order(gradientFlowTheory, moments.meanPosition(rest))).toBeCloseTo(1, 2)
      expect(order(firstOrderTheory, moments.positionVariance)).toBeCloseTo(1, 2)
      expect(order(firstOrderTheory, moments.velocityVariance)).toBeCloseTo(momentum === 0 ? 1 : 0, 2)
    }
  })

  it('is not there where errors are rounding', () => {
    for (const theory of [discreteTheory, liuZiyinUedaTheory]) {
      const { errors, order } = weakOrder(theory, moments.positionVariance, settingAt(0.5), [100, 200])
      expect(order).toBeUndefined()
      for (const error of errors) expect(error).toBeLessThan(1e-14)
    }
  })

  it('refuses moments that are not predicted, or nothing', () => {
    expect(() => weakOrder(gradientFlowTheory, moments.positionVariance, settingAt(0.5), [100, 200])).toThrow(
      new RangeError('weakOrder: moment must be predicted, by gradient flow it is not'),
    )
    const still = { position: new Float64Array(3), velocity: new Float64Array(3) }
    expect(() => weakOrder(langevinTheory, moments.meanPosition(still), settingAt(0.5), [100, 200])).toThrow(
      'moment must not be 0 after 100 steps',
    )
    expect(() => weakOrder(langevinTheory, moments.positionVariance, { ...settingAt(0.5), time: 0 }, [1, 2])).toThrow(
      new RangeError('weakOrder: time must be finite and > 0, got 0'),
    )
  })
})

describe('meanErrorRatio', () => {
  it.each([0, 0.2, 0.5, 0.9])('is the SDE’s error over gradient flow’s from rest: β = %d', (momentum) => {
    for (const reducedTime of [0.05, 0.2, 0.5, 1, 3]) {
      const setting = {
        spectrum: { eigenvalues: Float64Array.of(1), noiseVariances: Float64Array.of(1) },
        momentum,
        weightDecay: 0,
        batchSize: 1,
        time: reducedTime * (1 - momentum),
      }
      const start = { position: Float64Array.of(1), velocity: Float64Array.of(0) }
      const errorOf = (theory: typeof gradientFlowTheory): number =>
        weakOrder(theory, moments.meanPosition(start), setting, [40_000, 80_000]).errors[0]!
      const ratio = errorOf(langevinTheory) / errorOf(gradientFlowTheory)
      // the next order is η/time·1/(1−β) = 3e-4 at most, and larger near the ratio's pole
      expect(Math.abs(ratio / meanErrorRatio(momentum, reducedTime) - 1)).toBeLessThan(0.01)
    }
  })

  it('is at least 1 at short times for β < 1/3 only', () => {
    for (const momentum of [0, 0.1, 0.3]) expect(meanErrorRatio(momentum, 1e-3)).toBeGreaterThan(1)
    for (const momentum of [0.35, 0.5, 0.99]) expect(meanErrorRatio(momentum, 1e-3)).toBeLessThan(1)
    expect(() => meanErrorRatio(1, 1)).toThrow(RangeError)
  })
})
