import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { fitPowerLaw, windowStart } from '../../foundation/power-law.ts'
import { discreteTheory, meanLimit, shuffledEpochsTheory, type Theory } from '../../oracle/index.ts'
import { type BatchOrder, followMode } from './follow-mode.ts'
import { type NetworkSpectrum, type NoiseModel, nodesOf, noiseModels, stationaryModes } from './network-spectrum.ts'

/** Where the limiting phase starts, θ*. */
export interface NetworkStart {
  /** q·(g + λθ) along the top modes, g over all data. // [mode] */
  readonly forces: ArrayLike<number>
  /** ‖g + λθ‖² over all parameters. */
  readonly forceSquare: number
  /** q·v_0 along the top modes; absent: v_0 = 0. // [mode] */
  readonly velocities?: ArrayLike<number>
  /** ‖v_0‖², needed beside velocities. */
  readonly velocitySquare?: number
}

/**
 * h of a mode, 0 where ρ + λ < 0. A quadratic with negative curvature would run away, as e^{|h|ηk/(1−β)}; a network does not,
 * for the curvature turns before it has gone far. Taken as flat such modes diffuse, which is as far as the theory goes.
 */
export function stiffnessOf(eigenvalue: number, { weightDecay }: Pick<Hyperparameters, 'weightDecay'>): number {
  return Math.max(0, eigenvalue + weightDecay)
}

/** What one noise model expects of a run, at steps 0 … n. */
export interface WindowCurves {
  /** E‖Δ_k‖², squared parameter units. // [step] */
  readonly globalDisplacement: Float64Array
  /** E‖δ_k‖², step 0 being η²‖v_0‖². // [step] */
  readonly localDisplacement: Float64Array
  /** E Δ_k·v_k. // [step] */
  readonly positionVelocity: Float64Array
  /** E Δ_k·ε_k, 0 with replacement: what the past foretells of the next batch's noise. // [step] */
  readonly noiseWork: Float64Array
}

/** A start's mean squares at each node: known along the top modes, spread over the bulk. // [node] each */
export interface NodeStarts {
  /** Mean square of the gradient along one of the node's modes. */
  readonly forceSquare: Float64Array
  readonly velocitySquare: Float64Array
  /** Mean of force times velocity, 0 in the bulk. */
  readonly product: Float64Array
}

/**
 * What a start is along each node. What is left of ‖g + λθ‖² beside the top modes goes to the bulk in proportion to ρ², as for
 * a point that SGD reached and whose spread is isotropic; what is left of ‖v_0‖² in proportion to |ρ|, as velocities spread.
 *
 * @throws RangeError for forces or velocities that are not one for each top mode
 */
export function nodeStarts(spectrum: NetworkSpectrum, start: NetworkStart): NodeStarts {
  const { top, bulk } = spectrum
  const { forces, velocities, forceSquare, velocitySquare = 0 } = start
  for (const [name, values] of Object.entries({ forces, velocities })) {
    if (values !== undefined && values.length !== top.length) {
      throw new RangeError(
        `nodeStarts: ${name} must have one value for each of ${top.length} top modes, got ${values.length}`,
      )
    }
  }
  const velocityOf = (mode: number): number => velocities?.[mode] ?? 0
  const left = (total: number, known: (mode: number) => number): number =>
    Math.max(0, total - top.reduce((sum, _, mode) => sum + known(mode) ** 2, 0))
  const spread = (rest: number, power: number): number[] => {
    const weight = bulk.reduce((sum, node) => sum + node.count * Math.abs(node.eigenvalue) ** power, 0)
    return bulk.map((node) => (weight > 0 ? (rest / weight) * Math.abs(node.eigenvalue) ** power : 0))
  }
  return {
    forceSquare: Float64Array.from([
      ...top.map((_, mode) => forces[mode]! ** 2),
      ...spread(
        left(forceSquare, (mode) => forces[mode]!),
        2,
      ),
    ]),
    velocitySquare: Float64Array.from([
      ...top.map((_, mode) => velocityOf(mode) ** 2),
      ...spread(left(velocitySquare, velocityOf), 1),
    ]),
    product: Float64Array.from([...top.map((_, mode) => forces[mode]! * velocityOf(mode)), ...bulk.map(() => 0)]),
  }
}

/**
 * What each noise model expects of a run from its start: sums over all nodes, negative curvature taken as flat, by SGD's own
 * recursion with additive noise in the order given (theory of secs. 4 and 6; at ρ > 0 it is discreteTheory's and
 * shuffledEpochsTheory's).
 *
 * Cost: nodes × steps.
 */
export function windowCurves(
  spectrum: NetworkSpectrum,
  start: NetworkStart,
  hyperparameters: Hyperparameters,
  order: BatchOrder,
  steps: number,
): Record<NoiseModel, WindowCurves> {
  const { learningRate } = hyperparameters
  const starts = nodeStarts(spectrum, start)
  const curves = { proportional: emptyCurves(steps + 1), measured: emptyCurves(steps + 1) }
  const all = noiseModels.map((model) => curves[model])
  const share = order.sampling === 'shuffled-epochs' ? 1 / (order.exampleCount - 1) : 0
  for (const [index, { eigenvalue, count, noise }] of nodesOf(spectrum).entries()) {
    const noises = noiseModels.map((model) => count * noise[model])
    const forces = count * starts.forceSquare[index]!
    const velocities = count * starts.velocitySquare[index]!
    const products = 2 * count * starts.product[index]!
    followMode(stiffnessOf(eigenvalue, hyperparameters), hyperparameters, order, steps, (step, state) => {
      const { forceX, forceV, velocityX, velocityV } = state
      const xx = forces * forceX * forceX + velocities * velocityX * velocityX + products * forceX * velocityX
      const vv = forces * forceV * forceV + velocities * velocityV * velocityV + products * forceV * velocityV
      const xv =
        forces * forceX * forceV +
        velocities * velocityX * velocityV +
        (products / 2) * (forceX * velocityV + forceV * velocityX)
      for (let model = 0; model < all.length; model++) {
        const { globalDisplacement, localDisplacement, positionVelocity, noiseWork } = all[model]!
        const s = noises[model]!
        globalDisplacement[step]! += xx + s * state.xx
        localDisplacement[step]! += learningRate * learningRate * (vv + s * state.vv)
        positionVelocity[step]! += xv + s * state.xv
        noiseWork[step]! += s * share * state.drawnX
      }
    })
  }
  return curves
}

function emptyCurves(length: number): WindowCurves {
  return {
    globalDisplacement: new Float64Array(length),
    localDisplacement: new Float64Array(length),
    positionVelocity: new Float64Array(length),
    noiseWork: new Float64Array(length),
  }
}

/** E Δ_k·(∇L + λθ) at θ_k, and what the virial identity sets against it: kinetic energy and boundary, βΔ_k·v_k − Δ_k·v_{k+1}. */
export interface VirialTerms {
  readonly potential: number
  readonly kineticAndBoundary: number
}

/**
 * The virial as a window predicts it at some steps, its mean over them. They differ by the noise's work only, 0 with
 * replacement whatever the loss is.
 *
 * @param steps k, each below the curves' last
 */
export function predictedVirial(
  curves: WindowCurves,
  { learningRate, momentum }: Hyperparameters,
  steps: readonly number[],
): VirialTerms {
  const { positionVelocity, localDisplacement, noiseWork } = curves
  let kineticAndBoundary = 0
  let work = 0
  for (const k of steps) {
    const forward = positionVelocity[k + 1]! - localDisplacement[k + 1]! / learningRate
    kineticAndBoundary += (momentum * positionVelocity[k]! - forward) / steps.length
    work += noiseWork[k]! / steps.length
  }
  return { potential: kineticAndBoundary - work, kineticAndBoundary }
}

/**
 * E‖δ‖² by eq. 18 without fitting, η² tr Σ/(S(1−β²)): of Σ = σ²H it needs σ² tr H only, which is tr Σ.
 *
 * @param noiseTrace tr Σ of one example's gradient, or what `calibratedNoise` finds
 */
export function speedByEquation18(noiseTrace: number, { learningRate, momentum, batchSize }: Hyperparameters): number {
  return (learningRate ** 2 * noiseTrace) / (batchSize * (1 - momentum) * (1 + momentum))
}

/** The paper's way: σ² tr H by inverting eq. 18 at one run's mean ‖δ‖². */
export function calibratedNoise(
  meanLocalDisplacement: number,
  { learningRate, momentum, batchSize }: Hyperparameters,
): number {
  return (meanLocalDisplacement * batchSize * (1 - momentum) * (1 + momentum)) / learningRate ** 2
}

/**
 * The stationary theory of the modes that have one (ρ > 0) for a noise model: exact discrete SGD, or shuffled epochs whose
 * last N mod S examples are dropped. Its modes are the top ones of ρ > 0 and then the bulk's.
 *
 * @returns undefined where there is none: no mode of ρ > 0, or η at or past the mean's stability limit
 */
export function stationaryTheory(
  spectrum: NetworkSpectrum,
  model: NoiseModel,
  hyperparameters: Hyperparameters,
  order: BatchOrder,
): Theory | undefined {
  const modes = stationaryModes(nodesOf(spectrum), model)
  if (modes.eigenvalues.length === 0 || !(hyperparameters.learningRate < stabilityLimit(spectrum, hyperparameters))) {
    return undefined
  }
  return order.sampling === 'with-replacement'
    ? discreteTheory(modes, hyperparameters)
    : shuffledEpochsTheory(modes, hyperparameters, { exampleCount: order.exampleCount, lastBatch: 'dropped' })
}

/** 2(1+β)/(ρ₁+λ), the largest η at which the mean of the stiffest mode decays. */
export function stabilityLimit(spectrum: NetworkSpectrum, { momentum, weightDecay }: Hyperparameters): number {
  const stiffest = nodesOf(spectrum).reduce((most, { eigenvalue }) => Math.max(most, eigenvalue), 0)
  return meanLimit(momentum, stiffest + weightDecay)
}

/** How the exponent c is fitted: to every so-manieth step, the last part of them. */
export interface ExponentFit {
  /** Integer ≥ 1; Fig. 1: 250, Fig. 7: 1. */
  readonly every: number
  /** In (0, 1]; Fig. 1: 2/3, Fig. 7: 1. */
  readonly fraction: number
}

/** Steps of a fit to the first `steps` steps. */
export function fittedSteps({ every, fraction }: ExponentFit, steps: number): number[] {
  const saved = Array.from({ length: Math.floor(steps / every) }, (_, i) => (i + 1) * every)
  return saved.slice(windowStart(saved.length, fraction))
}

/**
 * c and its prefactor of a curve, measured or predicted.
 *
 * @param curve ‖Δ_k‖² at steps 0, 1, … // [step]
 * @throws as fitPowerLaw
 */
export function fitCurve(
  curve: ArrayLike<number>,
  fit: ExponentFit,
  steps: number,
): { readonly exponent: number; readonly prefactor: number } {
  const at = fittedSteps(fit, steps)
  return fitPowerLaw(
    at,
    at.map((step) => curve[step]!),
  )
}
