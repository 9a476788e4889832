import type { Hyperparameters, PhasePoint } from '../foundation/phase-space.ts'

/**
 * A mode's response to one kick: the position and velocity i steps after a step whose gradient was −1, from rest at the minimum,
 * Mⁱ(η, 1)ᵀ. With the gradient noise ε a stationary mode is y_k = −Σ_i a_i ε_{k−i}.
 *
 * @param curvature h = ρ+λ
 * @param count responses wanted, from i = 0
 * @returns // [i] each
 */
export function impulseResponse(
  curvature: number,
  { learningRate, momentum }: Pick<Hyperparameters, 'learningRate' | 'momentum'>,
  count: number,
): PhasePoint {
  const position = new Float64Array(count)
  const velocity = new Float64Array(count)
  let x = learningRate
  let v = 1
  for (let i = 0; i < count; i++) {
    position[i] = x
    velocity[i] = v
    v = momentum * v - curvature * x
    x += learningRate * v
  }
  return { position, velocity }
}
