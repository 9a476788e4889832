import { type PacedObserver, phaseSums } from '../foundation/phase-space.ts'
import { dueObserver } from './due-observer.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireInteger } from './require-integer.ts'

/** The window of a chain, and the centres, that the virial is taken over and about. */
export interface VirialOptions {
  /** η > 0, time per step. */
  readonly learningRate: number
  /** β in [0, 1). */
  readonly momentum: number
  /** h_l = ρ_l + λ: the full gradient along mode l is h_l x_l. // [mode] */
  readonly curvatures: Float64Array
  /** a ≥ 0, the step that the window starts with; at an epoch's start if epochs matter. */
  readonly from: number
  /** b > a, the step that it ends with; at an epoch's end if epochs matter. */
  readonly to: number
  /** Fixed points c − μ beside the minimum itself; with any, every step is looked at. // [output, mode] each */
  readonly centers: readonly Float64Array[]
}

/** Means over the steps k = a … b−1 of one chain, each mode's part, summed over outputs, loss. Centre 0 is the minimum. */
export interface VirialRecord {
  /** (x_k − c)·hx_k, position times full gradient. // [center, mode] */
  readonly potential: Float64Array
  /** (η/2)(v_{k+1}² + βv_k²), at stationarity (η(1+β)/2) E v². // [mode] */
  readonly kinetic: Float64Array
  /** (1/2η)[β(D_{b−1} − D_{a−1}) − (D_b − D_a)]/(b−a), D_k = (x_k − c)², x_{a−1} = x_a − ηv_a. // [center, mode] */
  readonly boundary: Float64Array
  /** potential − kinetic − boundary, which is −(x_k − c)·ε_k, ε the noise of the gradient. // [center, mode] */
  readonly residual: Float64Array
  /**
   * By how much the path fails D_{k+1} − D_k = 2ηx_k v_{k+1} + η²v_{k+1}², summed, relative to the sum of magnitudes: rounding,
   * unless velocities are not what moves the positions. // [mode]
   */
  readonly pathDefect: Float64Array
}

/**
 * Measures the virial of one chain with the full gradient and its boundary terms (Yaida's first fluctuation–dissipation relation,
 * G.3 without the quadratic loss). From v_{k+1} = βv_k − hx_k − ε_k and the pathwise identity
 * ‖θ_{k+1}−c‖² − ‖θ_k−c‖² = 2η(θ_k−c)·v_{k+1} + η²‖v_{k+1}‖², exactly and on any window,
 *
 *     Σ (x_k−c)·hx_k = (η/2) Σ (v_{k+1}² + βv_k²) + boundary − Σ (x_k−c)·ε_k.
 *
 * So `residual` has zero mean from any start, stationary or not, wherever noise has zero mean given the past; what is left of it
 * measures noise that the past foretells, as in shuffled epochs. At stationarity the boundary has zero mean too, and what remains
 * is E[(θ−c)·(∇L+λθ)] = (η(1+β)/2) E‖v‖² for any c.
 *
 * About the minimum it needs the source's sums and the states at a and b only.
 *
 * @throws RangeError for a shape or options out of range; `record` throws RangeError before step b, or if the source did not sum
 * each step up to it
 */
export function observeVirial(
  shape: PhaseShape,
  options: VirialOptions,
): { observer: PacedObserver; record: () => VirialRecord } {
  requirePhaseShape('observeVirial', shape)
  requireOptions(shape, options)
  const { modeCount, outputCount } = shape
  const { learningRate, momentum, curvatures, from, to, centers } = options
  const size = modeCount * outputCount
  const steps = to - from
  const sums = phaseSums(modeCount, from)
  const positionSum = new Float64Array(size) // Σ x_k, k = a … b−1, for centres only
  const first = { position: new Float64Array(size), velocity: new Float64Array(size) }
  let due = from
  let result: VirialRecord | undefined

  /** D of one coordinate about c, at the step itself and the one before. */
  const squares = (x: number, v: number, c: number): [now: number, before: number] => [
    (x - c) ** 2,
    (x - learningRate * v - c) ** 2,
  ]

  const finish = (position: Float64Array, velocity: Float64Array): VirialRecord => {
    if (sums.steps !== steps) {
      throw new RangeError(
        `observeVirial: the source must have summed ${steps} steps by step ${to}, got ${sums.steps} of them`,
      )
    }
    const potential = new Float64Array((1 + centers.length) * modeCount)
    const boundary = new Float64Array((1 + centers.length) * modeCount)
    const kinetic = new Float64Array(modeCount)
    const pathDefect = new Float64Array(modeCount)
    for (let l = 0; l < modeCount; l++) {
      const h = curvatures[l]!
      let square = sums.positionSquare[l]! // Σ x_k², from k = a+1 … b to a … b−1
      let velocitySquare = (1 + momentum) * sums.velocitySquare[l]!
      let change = 0
      for (let at = l; at < size; at += modeCount) {
        const [x, v] = [position[at]!, velocity[at]!]
        const [x0, v0] = [first.position[at]!, first.velocity[at]!]
        square += x0 * x0 - x * x
        velocitySquare += momentum * (v0 * v0 - v * v)
        change += x * x - x0 * x0
      }
      potential[l] = (h * square) / steps
      kinetic[l] = ((learningRate / 2) * velocitySquare) / steps
      const work = 2 * learningRate * sums.positionVelocity[l]!
      const own = learningRate ** 2 * sums.velocitySquare[l]!
      const magnitude = sums.positionSquare[l]! + own
      pathDefect[l] = magnitude === 0 ? 0 : (change - (work - own)) / magnitude
    }
    for (let center = 0; center <= centers.length; center++) {
      const c = centers[center - 1]
      for (let at = 0; at < size; at++) {
        const l = at % modeCount
        const row = center * modeCount + l
        const shift = c?.[at] ?? 0
        const [now, before] = squares(position[at]!, velocity[at]!, shift)
        const [nowFirst, beforeFirst] = squares(first.position[at]!, first.velocity[at]!, shift)
        boundary[row]! += (momentum * (before - beforeFirst) - (now - nowFirst)) / (2 * learningRate * steps)
        if (c === undefined) continue
        if (at < modeCount) potential[row]! += potential[l]!
        potential[row]! -= (shift * curvatures[l]! * positionSum[at]!) / steps
      }
    }
    const residual = potential.map((value, at) => value - kinetic[at % modeCount]! - boundary[at]!)
    return { potential, kinetic, boundary, residual, pathDefect }
  }

  return {
    observer: {
      sums,
      ...dueObserver(
        'observeVirial',
        () => due,
        (step, position, velocity) => {
          if (step === from) {
            first.position.set(position)
            first.velocity.set(velocity)
          }
          if (step === to) {
            result = finish(position, velocity)
            due = Number.POSITIVE_INFINITY
            return
          }
          if (centers.length > 0) for (let at = 0; at < size; at++) positionSum[at]! += position[at]!
          due = centers.length > 0 ? step + 1 : to
        },
      ),
    },
    record: () => {
      if (result === undefined) throw new RangeError(`observeVirial: steps must reach ${to}, the end of the window`)
      return result
    },
  }
}

function requireOptions({ modeCount, outputCount }: PhaseShape, options: VirialOptions): void {
  const { learningRate, momentum, curvatures, from, to, centers } = options
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new RangeError(`observeVirial: learningRate must be finite and > 0, got ${learningRate}`)
  }
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(`observeVirial: momentum must be in [0, 1), got ${momentum}`)
  }
  requireInteger('observeVirial', 'from', from, 0)
  requireInteger('observeVirial', 'to', to, from + 1)
  if (curvatures.length !== modeCount) {
    throw new RangeError(
      `observeVirial: curvatures must have one value for each of ${modeCount} modes, got ${curvatures.length}`,
    )
  }
  for (const [index, center] of centers.entries()) {
    if (center.length !== outputCount * modeCount) {
      throw new RangeError(
        `observeVirial: centers[${index}] must have ${outputCount}·${modeCount} values [output, mode], got ${center.length}`,
      )
    }
  }
}
