import type { Dataset } from '../foundation/dataset.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { uniform } from '../foundation/random/uniform.ts'
import { longJump, type RandomState, streamOf } from '../foundation/random/xoshiro128.ts'

/** Noise on the targets of a dataset. */
export interface LabelNoise {
  /** Integer in [0, 2⁵³); may be the teacher's and a simulation's seed, for neither draws from this stream. */
  readonly seed: number
  /** Root of the mean variance over examples, ≥ 0. */
  readonly standardDeviation: number
  /** a in [0, 1], the share of the variance that goes as the target squared: 0 is the same noise for all. */
  readonly heteroscedasticity: number
  /** Of an example's noise, with the same variance. Default normal. */
  readonly law?: 'normal' | 'uniform'
}

/**
 * Adds noise to a dataset's targets t_i: of variance s²[(1−a) + a t_i²/mean(t²)], so that at a linear teacher's solution the
 * gradient noise is σ²H for a = 0 (Assumption 3) and known otherwise (oracle/teacher-gradient-covariance.ts).
 *
 * @throws RangeError for several outputs, noise out of range, or a > 0 where every target is 0
 */
export function addLabelNoise(
  dataset: Dataset,
  { seed, standardDeviation, heteroscedasticity, law = 'normal' }: LabelNoise,
): Dataset {
  if (dataset.outputCount !== 1) {
    throw new RangeError(`addLabelNoise: dataset must have one output, got ${dataset.outputCount}`)
  }
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(`addLabelNoise: seed must be an integer in [0, 2^53), got ${seed}`)
  }
  if (!(standardDeviation >= 0 && Number.isFinite(standardDeviation))) {
    throw new RangeError(`addLabelNoise: standardDeviation must be finite and ≥ 0, got ${standardDeviation}`)
  }
  if (!(heteroscedasticity >= 0 && heteroscedasticity <= 1)) {
    throw new RangeError(`addLabelNoise: heteroscedasticity must be in [0, 1], got ${heteroscedasticity}`)
  }
  const { targets, exampleCount } = dataset
  const meanSquare = targets.reduce((sum, target) => sum + target ** 2, 0) / exampleCount
  if (heteroscedasticity > 0 && meanSquare === 0) {
    throw new RangeError('addLabelNoise: targets must not all be 0 for noise that goes as their squares')
  }
  const state = streamOf(seed, 0)
  longJump(state)
  longJump(state) // the teacher's stream is one long jump away
  const draw = law === 'normal' ? standardNormal : standardUniform
  const share = heteroscedasticity === 0 ? 0 : heteroscedasticity / meanSquare
  return {
    ...dataset,
    targets: targets.map(
      (target) => target + standardDeviation * Math.sqrt(1 - heteroscedasticity + share * target ** 2) * draw(state),
    ),
  }
}

/** Uniform of mean 0 and variance 1. */
function standardUniform(state: RandomState): number {
  return Math.sqrt(12) * (uniform(state) - 0.5)
}
