import type { Hyperparameters, PhasePoint } from '../foundation/phase-space.ts'
import { requireHyperparameters } from '../foundation/preconditions.ts'
import { NotPredictedError, type SecondOrderLaw, type Theory } from './theory.ts'

/** Stationary means of each mode's part of the virial, loss. // [mode] each */
export interface Virial {
  /** E[x·hx], position times full gradient: twice the mode's potential energy. */
  readonly potential: Float64Array
  /** (η(1+β)/2) E v²: twice its kinetic energy. */
  readonly kinetic: Float64Array
  /** Their difference, −E[x_k ε_k]: 0 for noise of zero mean given the past, negative in shuffled epochs. */
  readonly residual: Float64Array
}

/**
 * The virial that a theory predicts, E[(θ−c)·(∇L+λθ)] against (η(1+β)/2) E‖v‖², the same about every fixed c
 * (Yaida's first fluctuation–dissipation relation; G.3 says it of Langevin dynamics).
 *
 * With shuffled epochs both are means over the positions of an epoch, and the difference is what the past foretells of the noise.
 *
 * @param eigenvalues ρ_l // [mode]
 * @throws RangeError for hyperparameters out of range; NotPredictedError where the theory has no stationary variances
 */
export function virialOf(theory: Theory, eigenvalues: Float64Array, hyperparameters: Hyperparameters): Virial {
  requireHyperparameters('virialOf', hyperparameters)
  const { learningRate, momentum, weightDecay } = hyperparameters
  const positionVariance = theory.predictions.positionVariance?.()
  const velocityVariance = theory.predictions.velocityVariance?.()
  if (positionVariance === undefined || velocityVariance === undefined) {
    throw new NotPredictedError(`virialOf: ${theory.name} must predict position and velocity variances`)
  }
  const potential = positionVariance.map((variance, l) => (eigenvalues[l]! + weightDecay) * variance)
  const kinetic = velocityVariance.map((variance) => ((learningRate * (1 + momentum)) / 2) * variance)
  return { potential, kinetic, residual: potential.map((value, l) => value - kinetic[l]!) }
}

/** Expected means of each mode's part over a window that starts at a known point, loss. // [mode] each */
export interface WindowVirial {
  /** E[x_k·hx_k], k = 0 … b−1. */
  readonly potential: Float64Array
  /** (η/2) E[v_{k+1}² + βv_k²]. */
  readonly kinetic: Float64Array
  /** (1/2ηb) E[β(D_{b−1} − D_{−1}) − (D_b − D_0)], D_k = x_k², x_{−1} = x_0 − ηv_0. */
  readonly boundary: Float64Array
}

/**
 * The virial about the minimum over the first steps from a known point: for noise of zero mean given the past
 * potential = kinetic + boundary, to rounding, however far apart potential and kinetic are.
 *
 * @param steps b ≥ 1, the window's length
 * @throws RangeError for hyperparameters or steps out of range; NotPredictedError where the law has no transient
 */
export function virialFromStart(
  law: SecondOrderLaw,
  hyperparameters: Hyperparameters,
  start: PhasePoint,
  steps: number,
): WindowVirial {
  requireHyperparameters('virialFromStart', hyperparameters)
  if (!(Number.isInteger(steps) && steps >= 1)) {
    throw new RangeError(`virialFromStart: steps must be an integer ≥ 1, got ${steps}`)
  }
  const { learningRate, momentum, weightDecay } = hyperparameters
  const { eigenvalues } = law.spectrum
  const modeCount = eigenvalues.length
  const potential = new Float64Array(modeCount)
  const kinetic = new Float64Array(modeCount)
  const boundary = new Float64Array(modeCount)
  const edge = 1 / (2 * learningRate * steps)
  for (let step = 0; step <= steps; step++) {
    const E = law.propagator(step)
    const V = law.accumulated?.(step)
    if (V === undefined) throw new NotPredictedError('virialFromStart: this law is stationary only')
    for (let l = 0; l < modeCount; l++) {
      const [x0, v0] = [start.position[l]!, start.velocity[l]!]
      const square = (E[4 * l]! * x0 + E[4 * l + 1]! * v0) ** 2 + V[4 * l]!
      const speed = (E[4 * l + 2]! * x0 + E[4 * l + 3]! * v0) ** 2 + V[4 * l + 3]!
      if (step < steps) {
        potential[l]! += ((eigenvalues[l]! + weightDecay) * square) / steps
        kinetic[l]! += (learningRate * momentum * speed) / (2 * steps)
      }
      if (step > 0) kinetic[l]! += (learningRate * speed) / (2 * steps)
      if (step === 0) boundary[l]! += edge * (square - momentum * (x0 - learningRate * v0) ** 2)
      if (step === steps - 1) boundary[l]! += edge * momentum * square
      if (step === steps) boundary[l]! -= edge * square
    }
  }
  return { potential, kinetic, boundary }
}
