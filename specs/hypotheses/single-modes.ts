import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const singleModes: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'single-modes',
  claim: 'Positions and velocities of every mode have their own predicted variance.',
  source: 'eqs. 11, 49; exactly, Var x = η(1+β)σ²ρ/(S(1−β)hd) and Var v = 2σ²ρ/(S(1−β)d), d = 2(1+β) − ηh',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: () => ['first-order', 'no momentum', 'original-loss Gibbs'],
  quantities(setting) {
    const { problem, memory } = setting
    const reference = referenceOf(setting)
    const variance = (
      what: 'position' | 'velocity',
      name: 'positionVariance' | 'velocityVariance',
      measured: 'positionSquare' | 'velocitySquare',
      correlation: Float64Array,
    ): RatioQuantity<StationaryRecord>[] => {
      const expected = reference[name]!()
      return Array.from(problem.eigenvalues, (_, l) => ({
        kind: 'ratio',
        name: `${what} of mode ${l + 1}`,
        predict: ({ predictions }) => predictions[name]?.()[l],
        measure: (record) => [record[measured][l]!, 1],
        spread: stationarySpread(
          setting,
          expected.map((value, m) => (m === l ? value : 0)),
          correlation,
        ),
        relaxationSteps: memory.relaxationSteps[l]!,
        refusal: setting.varianceRefusal,
      }))
    }
    return [
      ...variance('position', 'positionVariance', 'positionSquare', memory.positionSteps),
      ...variance('velocity', 'velocityVariance', 'velocitySquare', memory.velocitySteps),
    ]
  },
}
