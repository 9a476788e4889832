import { inverse } from '../../foundation/linear-algebra/linear-solve.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { Quantity } from '../../harness/quantity.ts'
import { figure3 as figure } from '../../oracle/ornstein-uhlenbeck/index.ts'
import {
  memoryOfLooks,
  type PlanarLaw,
  type PlanarRecord,
  type PlanarSetting,
  planarStride,
  spreadAlong,
  turnPerStep,
} from '../ornstein-uhlenbeck/planar.ts'
import { singleModeMargin } from '../regression/margins.ts'
import type { Voice } from '../voice.ts'

type Asked = Quantity<PlanarRecord, Voice<PlanarLaw>>

export const figure3: Hypothesis<PlanarSetting, PlanarRecord> = {
  id: 'figure-3',
  claim:
    'The anisotropic process of Figure 3 wanders about A⁻¹b, where the plotted potentials are least, with covariance B/κ of the modified loss, and turns about it as the current −Q∇Ψ says.',
  source: 'Figure 3 and I.4, with erratum 9; eqs. 13, 14, 17, 34',
  scale: 'log',
  margin: 0.01,
  marginReason: 'pooled over both coordinates',
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities(setting) {
    const { covariance, theories, reference } = setting
    const own = theories.find(({ name }) => name === reference)!.says
    const pooledWeights = inverse(covariance, 2)!.map((value) => value / 2)
    const single = 'a single coordinate or product'
    const alone = (name: string, ...weights: readonly number[]): Asked =>
      spreadAlong(name, Float64Array.from(weights), setting, singleModeMargin(), single)
    return [
      {
        kind: 'coordinates',
        name: 'centre',
        scale: 'linear',
        margin: 1e-5,
        marginReason: 'a tenth of the spread, a thousandth of the way from b to A⁻¹b',
        coordinates: ['x₁', 'x₂'].map((name, i) => ({
          name,
          spread: {
            varianceSteps: ((covariance[3 * i]! * figure.noiseScale ** 2) / 2) * planarStride * memoryOfLooks(1),
            asymmetrySteps: 0,
          },
          relaxationSteps: 2,
        })),
        predict: ({ says }) => says.center,
        measure: ({ mean }) => mean,
      },
      spreadAlong('κE[Ψ], both coordinates', pooledWeights, setting, 0.01, 'pooled'),
      alone('Var x₁', 1, 0, 0, 0),
      alone('Var x₂', 0, 0, 0, 1),
      alone('Cov(x₁, x₂)', 0, 0.5, 0.5, 0),
      turnPerStep('turn in one step, over the current’s', own.turn!, setting, singleModeMargin(), single),
    ]
  },
}
