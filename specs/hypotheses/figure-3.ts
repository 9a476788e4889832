import { inverse } from '../../foundation/linear-algebra/linear-solve.ts'
import { innerProduct } from '../../foundation/linear-algebra/square-matrix.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { Quantity } from '../../harness/quantity.ts'
import { logSpread } from '../../harness/spread.ts'
import { figure3 as figure } from '../../oracle/ornstein-uhlenbeck/index.ts'
import type { Figure3Law, Figure3Record, Figure3Setting } from '../ornstein-uhlenbeck/figure-3.ts'
import { quadraticForm, quadraticFormAlong } from '../ornstein-uhlenbeck/quadratic-form.ts'
import { singleModeMargin } from '../regression/margins.ts'
import type { Voice } from '../voice.ts'

type Asked = Quantity<Figure3Record, Voice<Figure3Law>>

export const figure3: Hypothesis<Figure3Setting, Figure3Record> = {
  id: 'figure-3',
  claim:
    'The anisotropic process of Figure 3 wanders about A⁻¹b, where the plotted potentials are least, with covariance B/κ of the modified loss, and turns about it as the current −Q∇Ψ says.',
  source: 'Figure 3 and I.4, with erratum 9; eqs. 13, 14, 17, 34',
  scale: 'log',
  margin: 0.01,
  marginReason: 'pooled over both coordinates',
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ covariance, covarianceOfPairs, propagator, stride, theories, reference }) {
    const own = theories.find(({ name }) => name === reference)!.says
    const pooledWeights = inverse(covariance, 2)!.map((value) => value / 2)
    /** Mean of xᵀWx over that of the process, its weights fixed. */
    const spread = (name: string, weights: Float64Array, margin: number, marginReason: string): Asked => {
      const mean = innerProduct(weights, covariance)
      const { variance, thirdCumulant } = quadraticFormAlong(weights, covariance, propagator, 2)
      return {
        kind: 'ratio',
        name,
        margin,
        marginReason,
        predict: ({ says }) => says.shape && innerProduct(weights, says.shape) / mean,
        measure: ({ squares: [xx, xy, yy] }) =>
          (weights[0]! * xx! + (weights[1]! + weights[2]!) * xy! + weights[3]! * yy!) / mean,
        spread: logSpread(variance / mean ** 2, thirdCumulant / mean ** 3),
        relaxationSteps: 2,
      }
    }
    // x₁x₂′ − x₁′x₂ as a quadratic form in (x, x′)
    const turning = new Float64Array(16)
    for (const [row, column, weight] of [
      [0, 3, 0.5],
      [1, 2, -0.5],
    ] as const) {
      turning[4 * row + column] = weight
      turning[4 * column + row] = weight
    }
    const turn = quadraticForm(turning, covarianceOfPairs, 4)
    const unit = own.turn!
    /** Σ of correlations between looks: the slower direction keeps e^{−1/2} a step, and products of two what its square keeps. */
    const memory = (power: number): number => 1 / Math.tanh((power * stride) / 4)
    const single = 'a single coordinate or product'
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
            varianceSteps: ((covariance[3 * i]! * figure.noiseScale ** 2) / 2) * stride * memory(1),
            asymmetrySteps: 0,
          },
          relaxationSteps: 2,
        })),
        predict: ({ says }) => says.center,
        measure: ({ mean }) => mean,
      },
      spread('κE[Ψ], both coordinates', pooledWeights, 0.01, 'pooled'),
      spread('Var x₁', Float64Array.of(1, 0, 0, 0), singleModeMargin(), single),
      spread('Var x₂', Float64Array.of(0, 0, 0, 1), singleModeMargin(), single),
      spread('Cov(x₁, x₂)', Float64Array.of(0, 0.5, 0.5, 0), singleModeMargin(), single),
      {
        kind: 'ratio',
        name: 'turn in one step, over the current’s',
        scale: 'linear',
        margin: singleModeMargin(),
        marginReason: single,
        predict: ({ says }) => (says.turn !== undefined ? says.turn / unit : undefined),
        measure: (record) => record.turn / unit,
        spread: {
          varianceSteps: (turn.variance / unit ** 2) * stride * memory(2),
          asymmetrySteps: (Math.abs(turn.thirdCumulant / unit ** 3) / 3) * (stride * memory(2)) ** 2,
        },
        relaxationSteps: 2,
      },
    ]
  },
}
