import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { modePower } from '../../oracle/discrete-mode.ts'
import { type BatchOrder, epochSteps, finitePopulation, followMode } from './follow-mode.ts'
import { type ExponentFit, fittedSteps, type NetworkStart, nodeStarts, stiffnessOf } from './network-predictions.ts'
import { type NetworkSpectrum, type NoiseModel, nodesOf } from './network-spectrum.ts'

/** Points that stand for all of a fit, spaced evenly in log k. */
const groups = 24

/**
 * The standard deviation of the exponent c that single runs' ‖Δ_k‖² are fitted with, to first order in their fluctuation:
 * Σ_jk w_j w_k Cov(D_j, D_k)/(E D_j E D_k), w the weights with which the fit takes log D, each mode's Δ being Gaussian:
 *
 *     Cov(D_j, D_k) = Σ modes (2R² + 4 m_j m_k R),  R = Cov(Δ_j, Δ_k) = [V_j (M^{k−j})ᵀ]_xx − what an epoch takes back.
 *
 * The fit's points are gathered in 24 groups. Where few modes carry the distance, log D is skewed and this is rough.
 *
 * @param expected E‖Δ_k‖² at steps 0, 1, … of the same model // [step]
 */
export function exponentSpread(
  spectrum: NetworkSpectrum,
  model: NoiseModel,
  start: NetworkStart,
  hyperparameters: Hyperparameters,
  order: BatchOrder,
  fit: ExponentFit,
  steps: number,
  expected: ArrayLike<number>,
): number {
  const { points, weights } = gathered(fittedSteps(fit, steps))
  const starts = nodeStarts(spectrum, start)
  const epoch = epochSteps(order, hyperparameters)
  const { learningRate, momentum } = hyperparameters
  const placeOf = new Map(points.map((step, place) => [step, place]))
  const covariance = points.map(() => new Float64Array(points.length))
  const block = new Float64Array(4)
  const shared = order.sampling === 'shuffled-epochs' ? finitePopulation(order) / order.exampleCount : 0
  const last = points.at(-1)!
  for (const [index, { eigenvalue, count, noise }] of nodesOf(spectrum).entries()) {
    const s = noise[model]
    if (s === 0) continue
    const curvature = stiffnessOf(eigenvalue, hyperparameters)
    const force = Math.sqrt(starts.forceSquare[index]!)
    const velocity = force > 0 ? starts.product[index]! / force : Math.sqrt(starts.velocitySquare[index]!)
    const seen = points.map(() => ({ xx: 0, xv: 0, mean: 0, drawn: 0 }))
    // Σ_{i<r} Mⁱn for r = 0 … K
    const drawn: { x: number; v: number }[] = []
    followMode(curvature, hyperparameters, order, last, (step, state) => {
      if (shared > 0 && step < epoch) drawn.push({ x: state.drawnX, v: state.drawnV })
      const place = placeOf.get(step)
      if (place === undefined) return
      seen[place] = {
        xx: state.xx,
        xv: state.xv,
        mean: force * state.forceX + velocity * state.velocityX,
        drawn: state.drawnX,
      }
    })
    for (let j = 0; j < points.length; j++) {
      const { xx, xv, mean, drawn: taken } = seen[j]!
      for (let k = j; k < points.length; k++) {
        const lag = points[k]! - points[j]!
        modePower(learningRate, momentum, curvature, lag, block, 0)
        let R = xx * block[0]! + xv * block[1]!
        if (taken !== 0 && k > j) {
          const coming = Math.min(lag, epoch - (points[j]! % epoch))
          const { x, v } = coming < epoch ? drawn[coming]! : { x: 0, v: 0 }
          modePower(learningRate, momentum, curvature, lag - coming, block, 0)
          R -= shared * taken * (block[0]! * x + block[1]! * v)
        }
        R *= s
        covariance[j]![k]! += count * (2 * R * R + 4 * mean * seen[k]!.mean * R)
      }
    }
  }
  let variance = 0
  for (let j = 0; j < points.length; j++) {
    for (let k = j; k < points.length; k++) {
      const relative = covariance[j]![k]! / (expected[points[j]!]! * expected[points[k]!]!)
      variance += (k === j ? 1 : 2) * weights[j]! * weights[k]! * relative
    }
  }
  return Math.sqrt(Math.max(0, variance))
}

/** Groups of a fit's steps, each the step in its middle with the weights of all. */
function gathered(steps: readonly number[]): { readonly points: number[]; readonly weights: number[] } {
  const logs = steps.map(Math.log)
  const center = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const spread = logs.reduce((sum, log) => sum + (log - center) ** 2, 0)
  const [first, last] = [logs[0]!, logs.at(-1)!]
  const members = new Map<number, number[]>()
  for (const [at, log] of logs.entries()) {
    const group = Math.min(groups - 1, Math.floor(((log - first) / (last - first)) * groups))
    const list = members.get(group)
    if (list) list.push(at)
    else members.set(group, [at])
  }
  const lists = [...members.values()]
  return {
    points: lists.map((list) => steps[list[Math.floor(list.length / 2)]!]!),
    weights: lists.map((list) => list.reduce((sum, at) => sum + (logs[at]! - center) / spread, 0)),
  }
}
