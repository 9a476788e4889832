import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { pooledMarginReason } from '../regression/margins.ts'
import type { StationarySetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const constantSpeed: Hypothesis<StationarySetting, StationaryRecord> = {
  id: 'constant-speed',
  claim: 'After training has converged the parameters keep moving at a constant speed, E‖δ‖² = η² tr E[vvᵀ].',
  source: 'eq. 18, η²σ² tr H/(S(1−β²)); exactly, η² Σ 2σ²ρ/(S(1−β)(2(1+β)−ηh))',
  scale: 'log',
  margin: [0.002, 0.005, 0.01, 0.02],
  marginReason: 'as tight as the budget answers, at most a tenth of the gap that Assumption 3 leaves on real data',
  experiment: ({ stationary }) => stationary,
  rivals: () => ['first-order', 'no momentum', 'linear scaling'],
  quantities(setting) {
    const { learningRate, momentum } = setting.hyperparameters
    const speed = referenceOf(setting).velocityVariance!()
    const { pooledMargin } = setting
    return [
      {
        kind: 'ratio',
        name: 'all modes',
        predict: ({ predictions }) => predictions.localDisplacement?.(),
        // δ = ηv
        measure: ({ squaredSpeed }) => [learningRate ** 2 * squaredSpeed, 1],
        ...(pooledMargin === undefined ? {} : { margin: pooledMargin, marginReason: pooledMarginReason }),
        spread: stationarySpread(setting, speed, setting.memory.velocitySteps),
        relaxationSteps: 1 / (1 - momentum),
        refusal: setting.varianceRefusal,
      },
    ]
  },
}
