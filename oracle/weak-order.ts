import type { Hyperparameters, ModeSpectrum, PhasePoint } from '../foundation/phase-space.ts'
import { fitPowerLaw } from '../foundation/power-law.ts'
import { discreteTheory } from './discrete.ts'
import type { Start, Theory } from './theory.ts'
import { twoTimeCovariance } from './two-time-covariance.ts'

/** A moment of one theory after so many steps, all of its entries in one unit; undefined where it is not predicted. */
export type Moment = (theory: Theory, steps: number) => Float64Array | undefined

/** What is held fixed while η → 0: all but the learning rate, and the time ηk. */
export interface WeakOrderSetting extends Omit<Hyperparameters, 'learningRate'> {
  readonly spectrum: ModeSpectrum
  /** ηk > 0. */
  readonly time: number
}

/** How a theory's error falls with the learning rate. */
export interface WeakOrder {
  /** η = time/steps. // [step count] */
  readonly learningRates: Float64Array
  /** ‖m − m_exact‖ over the moment's entries, over the larger of ‖m‖ and ‖m_exact‖: one of the two may vanish with η. // [step count] */
  readonly errors: Float64Array
  /** Slope of the least-squares line of log error on log η; undefined where an error is rounding, below 1e-12. */
  readonly order: number | undefined
}

/**
 * Measures the weak order of a theory: its moment's relative error against exact discrete SGD (additive noise) at the same
 * time ηk as η → 0, of which the slope is the order. Measured, never assumed. Of the SDE it is
 *
 * - 1 for stationary variances, velocity correlations, variances and displacements from a known start;
 * - 2 for R_xx at a fixed time apart, though 1 for Var x: the two errors of first order cancel past the boundary layer of a few 1/γ;
 * - for the mean from v₀ = 0, 1 in positions and 2 in velocities; started from v(0) = −hx₀/(1+β) instead, with SGD still from rest
 *   (`exactMoment`), 2 in positions and 1 in velocities;
 * - 0 for whatever is compared at a fixed number of steps (theory, sec. 4).
 *
 * @param theoryOf the theory at each learning rate, as langevinTheory
 * @param moment what to compare, as one of `moments`
 * @param stepCounts k, at least two different; learning rates are time/k
 * @param exactMoment of SGD, where it is another one: as of a theory that has to start with another velocity
 * @throws RangeError for hyperparameters or a spectrum that discreteTheory refuses, moments that are both 0, or a moment that the
 *   theory does not predict
 */
export function weakOrder(
  theoryOf: (spectrum: ModeSpectrum, hyperparameters: Hyperparameters) => Theory,
  moment: Moment,
  setting: WeakOrderSetting,
  stepCounts: readonly number[],
  exactMoment: Moment = moment,
): WeakOrder {
  const { spectrum, time, momentum, weightDecay, batchSize } = setting
  if (!(time > 0 && Number.isFinite(time))) throw new RangeError(`weakOrder: time must be finite and > 0, got ${time}`)
  const learningRates = Float64Array.from(stepCounts, (steps) => time / steps)
  const errors = learningRates.map((learningRate, index) => {
    const hyperparameters = { learningRate, momentum, weightDecay, batchSize }
    const theory = theoryOf(spectrum, hyperparameters)
    const predicted = moment(theory, stepCounts[index]!)
    const exact = exactMoment(discreteTheory(spectrum, hyperparameters), stepCounts[index]!)
    if (predicted === undefined || exact === undefined) {
      throw new RangeError(`weakOrder: moment must be predicted, by ${theory.name} it is not`)
    }
    const size = Math.max(Math.hypot(...exact), Math.hypot(...predicted))
    if (!(size > 0)) throw new RangeError(`weakOrder: moment must not be 0 after ${stepCounts[index]} steps`)
    return Math.hypot(...predicted.map((value, at) => value - exact[at]!)) / size
  })
  const order = errors.every((error) => error > 1e-12) ? fitPowerLaw(learningRates, errors).exponent : undefined
  return { learningRates, errors, order }
}

/** The moments that theories are compared by. Those of a known start are after the steps that make the time; [mode] each. */
export const moments: {
  readonly positionVariance: Moment
  readonly velocityVariance: Moment
  /** Stationary R_xx at the time apart. */
  readonly positionAutocovariance: Moment
  /** Stationary velocity correlation at the time apart. */
  readonly velocityCorrelation: Moment
  /** Stationary velocity correlation at a fixed number of steps apart, whatever the learning rate. */
  readonly velocityCorrelationAtLag: (lag: number) => Moment
  readonly meanPosition: (start: PhasePoint) => Moment
  readonly meanVelocity: (start: PhasePoint) => Moment
  /** Var x from a known start. */
  readonly positionVarianceFromStart: Moment
  /** Var v from a known start. */
  readonly velocityVarianceFromStart: Moment
  /** E‖Δ‖², one entry. */
  readonly globalDisplacement: (start: Start) => Moment
} = {
  positionVariance: ({ predictions }) => predictions.positionVariance?.(),
  velocityVariance: ({ predictions }) => predictions.velocityVariance?.(),
  positionAutocovariance: ({ law }, steps) => law && everyFourth(twoTimeCovariance(law, 'stationary', 0, steps), 0),
  velocityCorrelation: ({ predictions }, steps) => predictions.velocityCorrelation?.([steps]),
  velocityCorrelationAtLag:
    (lag) =>
    ({ predictions }) =>
      predictions.velocityCorrelation?.([lag]),
  meanPosition:
    (start) =>
    ({ predictions }, steps) =>
      predictions.meanTrajectory?.(start, [steps]).position,
  meanVelocity:
    (start) =>
    ({ predictions }, steps) =>
      predictions.meanTrajectory?.(start, [steps]).velocity,
  positionVarianceFromStart: ({ predictions }, steps) => everyFourth(predictions.covarianceAtStep?.([steps]), 0),
  velocityVarianceFromStart: ({ predictions }, steps) => everyFourth(predictions.covarianceAtStep?.([steps]), 3),
  globalDisplacement:
    (start) =>
    ({ predictions }, steps) =>
      predictions.globalDisplacement?.(start, [steps]),
}

/**
 * By how much the SDE's mean errs compared with gradient flow's, both from v₀ = 0, one mode, η → 0 at fixed time past the boundary
 * layer of a few 1/γ: (1−β)/|(1+β)at − 2β|, a = h/(1−β). Both are of first order.
 *
 * So at short times, at ≪ 1, the SDE is no better than gradient flow for β < 1/3 only; later, at in [(3β−1)/(1+β), 1], for every β;
 * and gradient flow errs less by a whole order at at = 2β/(1+β).
 *
 * @param reducedTime at ≥ 0
 * @throws RangeError for momentum outside [0, 1)
 */
export function meanErrorRatio(momentum: number, reducedTime: number): number {
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(`meanErrorRatio: momentum must be in [0, 1), got ${momentum}`)
  }
  return (1 - momentum) / Math.abs((1 + momentum) * reducedTime - 2 * momentum)
}

/** One entry of every block. // [mode] */
function everyFourth(blocks: Float64Array, offset: number): Float64Array
function everyFourth(blocks: Float64Array | undefined, offset: number): Float64Array | undefined
function everyFourth(blocks: Float64Array | undefined, offset: number): Float64Array | undefined {
  return blocks && Float64Array.from({ length: blocks.length / 4 }, (_, l) => blocks[4 * l + offset]!)
}
