import * as tf from '@tensorflow/tfjs'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import type { ParameterList } from '../models/parameter-list.ts'

/**
 * Where a network stands in phase space: θ = θ_0 + Δ, and v.
 *
 * Δ is kept apart, for at small η a step is far below float32's resolution of θ: added to θ itself, much of it would be
 * rounded away.
 */
export interface PhaseState {
  /** θ_0, which stays. */
  readonly anchor: ParameterList
  /** Δ */
  readonly displacement: ParameterList
  /** v */
  readonly velocity: ParameterList
  /** θ, rounded to float32: what the network computes with. */
  readonly parameters: ParameterList
}

/** The state of θ_0, Δ and v; all but θ are taken over, to be disposed of with it. */
export function phaseState(anchor: ParameterList, displacement: ParameterList, velocity: ParameterList): PhaseState {
  const parameters = anchor.map((tensor, index) => tf.add(tensor, displacement[index]!))
  return { anchor, displacement, velocity, parameters }
}

/**
 * One step of eq. 2: v ← βv − g − λθ, θ ← θ + ηv, with λ on every parameter. The state before, but for θ_0, is disposed of.
 *
 * @param gradient g, of a batch's mean loss; disposed of too
 */
export function takeStep(
  state: PhaseState,
  gradient: ParameterList,
  { learningRate, momentum, weightDecay }: Hyperparameters,
): PhaseState {
  const { anchor, displacement, velocity, parameters } = state
  const next = tf.tidy(() => {
    const force = weightDecay === 0 ? gradient : gradient.map((g, i) => tf.add(g, tf.mul(weightDecay, parameters[i]!)))
    const v = velocity.map((before, i) => tf.sub(tf.mul(momentum, before), force[i]!))
    const moved = displacement.map((before, i) => tf.add(before, tf.mul(learningRate, v[i]!)))
    return { v, moved }
  })
  tf.dispose([displacement, velocity, parameters, gradient] as tf.Tensor[][])
  return phaseState(anchor, next.moved, next.v)
}

export function disposeState({ anchor, displacement, velocity, parameters }: PhaseState): void {
  tf.dispose([anchor, displacement, velocity, parameters] as tf.Tensor[][])
}
