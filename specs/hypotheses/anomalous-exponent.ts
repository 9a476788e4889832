import { windowStart } from '../../foundation/power-law.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { FunctionQuantity } from '../../harness/quantity.ts'
import { exponentAgainstLength } from '../../observables/index.ts'
import { NotPredictedError, type Theory } from '../../oracle/theory.ts'
import type { DiffusionSetting } from '../regression/diffusion-settings.ts'
import { slopeWeights } from '../regression/path-world.ts'

export const anomalousExponent: Hypothesis<DiffusionSetting, Float64Array> = {
  id: 'anomalous-exponent',
  claim:
    'The exponent of ‖Δ_k‖² ∝ kᶜ is that of no power law but of the window that it is fitted on: it falls with the length of the fit from a stationary start or at rest, more so in shuffled epochs, and grows where slow modes start displaced.',
  source: 'sec. 8, Figs. 1 and 9; the same fit of E‖Δ_k‖²',
  scale: 'linear',
  margin: 0.05,
  marginReason: 'a tenth of what separates the regimes',
  experiment: ({ paths }) => paths,
  rivals: () => [
    'Brownian',
    'ballistic',
    'ultra-slow',
    'equation 19',
    'equation 19 as printed',
    'first-order',
    'no momentum',
    'linear scaling',
  ],
  quantities(setting) {
    const { steps, fits, margin } = setting
    return fits.map(({ length, fraction = 1, since }): FunctionQuantity<Float64Array> => {
      const last = steps[length - 1]!
      const lengths = since === undefined ? [length] : [since, length]
      // c, or what it gains on the shorter fit
      const of = (curve: ArrayLike<number>): number => {
        const exponents = exponentAgainstLength(steps, curve, lengths, fraction)
        return exponents.at(-1)! - (since === undefined ? 0 : exponents[0]!)
      }
      const weights = slopeWeights(steps, windowStart(length, fraction), length)
      const shorter = since === undefined ? undefined : slopeWeights(steps, windowStart(since, fraction), since)
      return {
        kind: 'function',
        name:
          since !== undefined
            ? `change from ${steps[since - 1]} to ${last} steps`
            : `${fraction === 1 ? '' : 'last two thirds of '}${last} steps`,
        margin,
        predict(theory) {
          const curve = curveOf(theory, setting)
          return curve && of(curve)
        },
        measure: (record) => record,
        of,
        spread: setting.spreadOfLogs(shorter ? weights.map((weight, k) => weight - shorter[k]!) : weights),
        relaxationSteps: 0,
      }
    })
  },
}

/** undefined: this theory does not say, of this start. */
export function curveOf({ predictions }: Theory, { start, steps }: Pick<DiffusionSetting, 'start' | 'steps'>) {
  try {
    return predictions.globalDisplacement?.(start, steps)
  } catch (error) {
    if (error instanceof NotPredictedError) return undefined
    throw error
  }
}
