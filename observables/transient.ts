import type { PacedObserver, PhasePoint } from '../foundation/phase-space.ts'
import { dueObserver } from './due-observer.ts'
import { type PhaseShape, requirePhaseShape } from './phase-shape.ts'
import { requireAscendingSteps, requireInteger } from './require-integer.ts'

/** Where along a chain from a known start its deviations from a mean curve are recorded. */
export interface TransientOptions {
  /** Steps ≥ 0, strictly ascending. // [step] */
  readonly steps: readonly number[]
  /** Pairs of indices into `steps`, earlier first, for covariances between two times. // [pair] */
  readonly pairs: readonly (readonly [earlier: number, later: number])[]
  /** m_k, the mean that deviations are taken from, relative to the minimum. // [output, mode, step] each */
  readonly mean: PhasePoint
}

/** One chain's products of deviations d = z − m, summed over outputs; in each block xx, xv, vx, vv. */
export interface TransientRecord {
  /** d_k d_kᵀ. // [mode, step, 4] */
  readonly oneTime: Float64Array
  /** d_t d_sᵀ, the earlier time t first. // [mode, pair, 4] */
  readonly twoTime: Float64Array
}

/**
 * Records what one chain from a known start contributes to the covariance at listed steps (eq. 26) and between two of them
 * (eq. 10): the mean over chains is Cov(z_t, z_s) + (E z_t − m_t)(E z_s − m_s)ᵀ.
 *
 * Deviations are from a given curve, not the sample's: so each chain's value stands alone, with no factor n − 1 and no
 * covariance between chains, and the mean curve is a prediction (eq. 9) that is put to its own test. Not from zero either:
 * the square of the mean, usually far above the covariance, would add 4m²Var to the scatter.
 *
 * @throws RangeError for a shape, steps, pairs or a mean out of range; `record` throws RangeError if a listed step was not shown
 */
export function observeTransient(
  shape: PhaseShape,
  options: TransientOptions,
): { observer: PacedObserver; record: () => TransientRecord } {
  requirePhaseShape('observeTransient', shape)
  requireOptions(shape, options)
  const { modeCount, outputCount } = shape
  const { steps, pairs, mean } = options
  const size = modeCount * outputCount
  const deviations = new Float64Array(2 * steps.length * size) // [step, x or v, output, mode]
  let taken = 0
  const due = (): number => steps[taken] ?? Number.POSITIVE_INFINITY

  const products = (earlier: number, later: number, out: Float64Array, index: number, count: number): void => {
    const [a, b] = [2 * earlier * size, 2 * later * size]
    for (let l = 0; l < modeCount; l++) {
      let [xx, xv, vx, vv] = [0, 0, 0, 0]
      for (let at = l; at < size; at += modeCount) {
        const x = deviations[a + at]!
        const v = deviations[a + size + at]!
        const laterX = deviations[b + at]!
        const laterV = deviations[b + size + at]!
        xx += x * laterX
        xv += x * laterV
        vx += v * laterX
        vv += v * laterV
      }
      out.set([xx, xv, vx, vv], 4 * (l * count + index))
    }
  }

  return {
    observer: dueObserver('observeTransient', due, (_, position, velocity) => {
      const base = 2 * taken * size
      for (let at = 0; at < size; at++) {
        const m = at * steps.length + taken
        deviations[base + at] = position[at]! - mean.position[m]!
        deviations[base + size + at] = velocity[at]! - mean.velocity[m]!
      }
      taken++
    }),
    record: () => {
      if (taken < steps.length) {
        throw new RangeError(`observeTransient: steps must all be shown, step ${due()} was not`)
      }
      const oneTime = new Float64Array(4 * modeCount * steps.length)
      const twoTime = new Float64Array(4 * modeCount * pairs.length)
      for (let k = 0; k < steps.length; k++) products(k, k, oneTime, k, steps.length)
      for (const [index, [earlier, later]] of pairs.entries()) products(earlier, later, twoTime, index, pairs.length)
      return { oneTime, twoTime }
    },
  }
}

function requireOptions({ modeCount, outputCount }: PhaseShape, { steps, pairs, mean }: TransientOptions): void {
  requireAscendingSteps('observeTransient', steps)
  for (const [index, pair] of pairs.entries()) {
    for (const which of pair) {
      requireInteger('observeTransient', `pairs[${index}]`, which, 0)
      if (which >= steps.length) {
        throw new RangeError(`observeTransient: pairs[${index}] must be below the ${steps.length} steps, got ${which}`)
      }
    }
    if (pair[0] > pair[1]) {
      throw new RangeError(`observeTransient: pairs[${index}] must have the earlier time first, got ${pair.join(', ')}`)
    }
  }
  const size = outputCount * modeCount * steps.length
  for (const name of ['position', 'velocity'] as const) {
    if (mean[name].length !== size) {
      throw new RangeError(
        `observeTransient: mean.${name} must have ${outputCount}·${modeCount}·${steps.length} values [output, mode, step], got ${mean[name].length}`,
      )
    }
  }
}
