import type {
  Hyperparameters,
  ModeSpectrum,
  PacedObserver,
  PhaseObserver,
  TrajectorySource,
} from '../foundation/phase-space.ts'
import { requireHyperparameters, requireSpectrum } from '../foundation/preconditions.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import type { LinearDynamics } from './dynamics.ts'
import { drawStart, type EnsembleStart, requireEnsembleStart } from './ensemble-start.ts'
import { runChain, warnIfNotCompiled } from './run-chain.ts'

/** Where the chains of a linear source start, and their random numbers. */
export interface LinearSourceOptions {
  /** Integer in [0, 2⁵³). */
  readonly seed: number
  readonly start: EnsembleStart
}

/** One step of a linear Gaussian law: z ← z + Fz + noise, a 2×2 block xx, xv, vx, vv for each mode. */
export interface Transition {
  /** F = E(t) − I. // [mode, 4] */
  readonly increment: Float64Array
  /** Covariance of the noise that one step adds. // [mode, 4] */
  readonly covariance: Float64Array
}

/**
 * Simulates a linear Gaussian law by its own transitions, exactly in law at every step: of a theory with a law, give
 * `{ increment: law.increment(1), covariance: law.accumulated(1) }`. Langevin dynamics (eq. 6) is shown at times ηk.
 *
 * @throws RangeError for blocks of other sizes, values that are not finite, a covariance that is none, or a bad start or seed
 */
export function transitionSource(transition: Transition, options: LinearSourceOptions): TrajectorySource {
  const { increment, covariance } = transition
  const modeCount = increment.length / 4
  if (!(Number.isInteger(modeCount) && modeCount >= 1 && covariance.length === increment.length)) {
    throw new RangeError(
      `transitionSource: increment and covariance must have 4 values for each mode, got ${increment.length} and ${covariance.length}`,
    )
  }
  const rows = new Float64Array(4 * modeCount)
  const factor = new Float64Array(3 * modeCount)
  for (let l = 0; l < modeCount; l++) {
    for (let entry = 0; entry < 4; entry++) rows[entry * modeCount + l] = increment[4 * l + entry]!
    const [xx, xv, , vv] = covariance.subarray(4 * l, 4 * l + 4) as unknown as [number, number, number, number]
    const left = xx > 0 ? vv - xv ** 2 / xx : vv
    // a rank of one leaves a rounding error of either sign
    if (!(xx >= 0 && vv >= 0 && left >= -1e-12 * vv && (xx > 0 || xv === 0) && Number.isFinite(xx + vv))) {
      throw new RangeError(
        `transitionSource: covariance of mode ${l} must be finite and positive semidefinite, got xx ${xx}, xv ${xv}, vv ${vv}`,
      )
    }
    factor[l] = Math.sqrt(xx)
    factor[modeCount + l] = xx > 0 ? xv / Math.sqrt(xx) : 0
    factor[2 * modeCount + l] = Math.sqrt(Math.max(0, left))
  }
  const bad = rows.findIndex((value) => !Number.isFinite(value))
  if (bad !== -1) throw new RangeError(`transitionSource: increment must be finite, got ${rows[bad]}`)
  const velocityOnly = factor.subarray(0, 2 * modeCount).every((value) => value === 0)
  return linearSource('transitionSource', { modeCount, increment: rows, factor, velocityOnly }, options)
}

/**
 * Simulates eq. 6 by Euler and Maruyama's method, x ← x + v dt, v ← v − (ω²x + 2γv) dt + √(4γσ²ρ dt/κ) n: of first order in dt,
 * and stable only for small dt. A step is one dt.
 *
 * @param timeStep dt > 0, in the time of the SDE, of which a step of SGD takes η
 * @throws RangeError for hyperparameters, a spectrum, a time step, a start or a seed out of range
 */
export function eulerMaruyamaSource(
  spectrum: ModeSpectrum,
  hyperparameters: Hyperparameters,
  { timeStep, ...options }: LinearSourceOptions & { readonly timeStep: number },
): TrajectorySource {
  requireHyperparameters('eulerMaruyamaSource', hyperparameters)
  requireSpectrum('eulerMaruyamaSource', spectrum)
  if (!(timeStep > 0 && Number.isFinite(timeStep))) {
    throw new RangeError(`eulerMaruyamaSource: timeStep must be finite and > 0, got ${timeStep}`)
  }
  const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
  const { eigenvalues, noiseVariances } = spectrum
  const modeCount = eigenvalues.length
  const mass = learningRate * (1 + momentum)
  const damping = (1 - momentum) / mass // γ
  const kappa = batchSize * (1 - momentum ** 2)
  const increment = new Float64Array(4 * modeCount)
  const factor = new Float64Array(3 * modeCount)
  for (let l = 0; l < modeCount; l++) {
    increment[modeCount + l] = timeStep
    increment[2 * modeCount + l] = ((-2 * (eigenvalues[l]! + weightDecay)) / mass) * timeStep
    increment[3 * modeCount + l] = -2 * damping * timeStep
    factor[2 * modeCount + l] = Math.sqrt((4 * damping * noiseVariances[l]! * eigenvalues[l]! * timeStep) / kappa)
  }
  return linearSource('eulerMaruyamaSource', { modeCount, increment, factor, velocityOnly: true }, options)
}

function linearSource(
  caller: string,
  recursion: Omit<LinearDynamics, 'kind' | 'outputCount'>,
  { seed, start }: LinearSourceOptions,
): TrajectorySource {
  const { modeCount } = recursion
  const dynamics: LinearDynamics = { kind: 'linear', outputCount: 1, ...recursion }
  requireEnsembleStart(caller, start, dynamics)
  warnIfNotCompiled()
  return {
    modeCount,
    outputCount: 1,
    run: (chain: number, steps: number, observer: PhaseObserver | PacedObserver): void => {
      const state = streamOf(seed, chain)
      const { position, velocity } = drawStart(start, modeCount, state)
      const instability = 'its recursion is unstable'
      runChain({ dynamics, position, velocity, state, caller, number: chain, instability }, steps, observer)
    },
  }
}
