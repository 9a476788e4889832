import type { Hyperparameters, SamplingScheme } from '../../foundation/phase-space.ts'

/** How the examples of each step are drawn. */
export interface BatchOrder {
  readonly sampling: Extract<SamplingScheme, 'with-replacement' | 'shuffled-epochs'>
  /** N ≥ 2. Epochs have ⌊N/S⌋ batches; what is left over is dropped, other examples each epoch. */
  readonly exampleCount: number
}

/** One mode k steps after a known point, position seen from there: Δ and v. */
export interface ModeState {
  /** Covariance of (Δ, v), for one example's gradient of variance 1. */
  xx: number
  xv: number
  vv: number
  /** Mean for a gradient of 1 at the start, v_0 = 0. */
  forceX: number
  forceV: number
  /** Mean for v_0 = 1, without a gradient at the start. */
  velocityX: number
  velocityV: number
  /**
   * Σ_i Mⁱn over the batches of this epoch so far, 0 with replacement: what is still to come of the epoch undoes it, the
   * covariance of (Δ_k, v_k) with the noise ε_k of the next batch being N/(N−1)·drawn/N.
   */
  drawnX: number
  drawnV: number
}

/** N/(N−1): what a covariance over N examples is multiplied by for draws without replacement. */
export function finitePopulation({ exampleCount }: BatchOrder): number {
  return exampleCount / (exampleCount - 1)
}

/** K = ⌊N/S⌋, or Infinity with replacement. */
export function epochSteps({ sampling, exampleCount }: BatchOrder, { batchSize }: Hyperparameters): number {
  return sampling === 'shuffled-epochs' ? Math.floor(exampleCount / batchSize) : Number.POSITIVE_INFINITY
}

/**
 * Follows the first and second moments of SGD with additive noise in one mode, exactly and step by step, from a known point at
 * an epoch's start: v ← βv − (f + hΔ) − ε, Δ ← Δ + ηv. Nothing is divided by h, so it may be zero or negative.
 *
 * With replacement V ← MVMᵀ + nnᵀ/S. In shuffled epochs, p batches after one's start at covariance V_e,
 *
 *     V = M^p V_e (M^p)ᵀ + N/(N−1) [ Σ_{i<p} MⁱnnᵀMⁱᵀ/S − drawn drawnᵀ/N ],  drawn = Σ_{i<p} Mⁱn.
 *
 * @param curvature h = ρ+λ, of any sign
 * @param visit is called with steps 0 … steps; the state is reused
 * @throws RangeError for fewer than 2 examples, or epochs without a batch
 *
 * Accuracy: about kε; at epochs' ends, of modes so slow that an epoch cancels, ε relative to what was cancelled.
 */
export function followMode(
  curvature: number,
  hyperparameters: Hyperparameters,
  order: BatchOrder,
  steps: number,
  visit: (step: number, state: ModeState) => void,
): void {
  const { learningRate: eta, momentum: beta, batchSize } = hyperparameters
  const { exampleCount } = order
  const epoch = epochSteps(order, hyperparameters)
  if (!(exampleCount >= 2)) throw new RangeError(`followMode: exampleCount must be at least 2, got ${exampleCount}`)
  if (epoch === 0) {
    throw new RangeError(`followMode: batchSize must be at most the ${exampleCount} examples, got ${batchSize}`)
  }
  const shuffled = Number.isFinite(epoch)
  const own = (shuffled ? finitePopulation(order) : 1) / batchSize
  const shared = finitePopulation(order) / exampleCount
  const [a, b] = [1 - eta * curvature, eta * beta]
  const state: ModeState = {
    xx: 0,
    xv: 0,
    vv: 0,
    forceX: 0,
    forceV: 0,
    velocityX: 0,
    velocityV: 1,
    drawnX: 0,
    drawnV: 0,
  }
  // the covariance but for what the epoch's draws share
  let [xx, xv, vv] = [0, 0, 0]
  visit(0, state)
  for (let step = 1; step <= steps; step++) {
    const [nextXx, nextXv] = [
      a * a * xx + 2 * a * b * xv + b * b * vv,
      -a * curvature * xx + (a * beta - b * curvature) * xv + b * beta * vv,
    ]
    vv = curvature * curvature * xx - 2 * curvature * beta * xv + beta * beta * vv + own
    xx = nextXx + own * eta * eta
    xv = nextXv + own * eta

    state.forceV = beta * state.forceV - 1 - curvature * state.forceX
    state.forceX += eta * state.forceV
    state.velocityV = beta * state.velocityV - curvature * state.velocityX
    state.velocityX += eta * state.velocityV
    if (shuffled) {
      state.drawnV = beta * state.drawnV - curvature * state.drawnX + 1
      state.drawnX += eta * state.drawnV
    }
    state.xx = xx - shared * state.drawnX * state.drawnX
    state.xv = xv - shared * state.drawnX * state.drawnV
    state.vv = vv - shared * state.drawnV * state.drawnV
    if (shuffled && step % epoch === 0) {
      // the next epoch draws anew
      ;({ xx, xv, vv } = state)
      state.drawnX = 0
      state.drawnV = 0
    }
    visit(step, state)
  }
}
