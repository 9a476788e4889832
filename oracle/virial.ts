import type { Hyperparameters } from '../foundation/phase-space.ts'
import { requireHyperparameters } from '../foundation/preconditions.ts'
import { NotPredictedError, type Theory } from './theory.ts'

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
