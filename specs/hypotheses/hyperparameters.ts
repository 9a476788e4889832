import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { Quantity } from '../../harness/quantity.ts'
import { logSpread } from '../../harness/spread.ts'
import { fitExponent } from '../../observables/index.ts'
import { pooledMargin, pooledMarginReason } from '../regression/margins.ts'
import { slopeWeights } from '../regression/path-world.ts'
import type { SweepRecord, SweepSetting, SweepTheory } from '../regression/sweep-settings.ts'

export const hyperparameters: Hypothesis<SweepSetting, SweepRecord> = {
  id: 'hyperparameters',
  claim:
    'Learning rate and momentum move the damping ratio, the speed and the exponent c; batch size moves the speed alone, as 1/S, until the window or the epoch follows it: over two shuffled epochs c rises and falls with S. At larger η c is smaller, yet the way is longer, in the same steps and in the same time.',
  source: 'sec. 8, Fig. 7; exactly, ζ = (1−β)/√(2η(1+β)h) and the same fit of E‖Δ_k‖² from rest',
  scale: 'log',
  margin: [0.05, 0.1],
  marginReason: 'a larger learning rate changes the way by tens of per cent at least',
  experiment: ({ runs }) => runs,
  rivals: ({ sampling, name }) => [
    ...(name === 'default' ? [] : ['as the default']),
    'linear scaling',
    'first-order',
    'Brownian',
    'ballistic',
    ...(sampling === 'shuffled-epochs' ? ['discrete', 'noise at the minimum'] : []),
  ],
  quantities(setting) {
    const { steps, exponentMargin, asksDistance, spreadOfLogs, speedSpread, sameTime, dampingRatios } = setting
    const { learningRate, momentum } = setting.hyperparameters
    const last = steps.length - 1
    const distance = (
      name: string,
      point: number,
      pointOf: (theory: SweepTheory) => number,
    ): Quantity<SweepRecord, SweepTheory> => {
      const { varianceSteps, asymmetrySteps } = spreadOfLogs(Float64Array.from(steps, (_, k) => (k === point ? 1 : 0)))
      return {
        kind: 'ratio',
        name,
        predict: (theory) => theory.curve?.[pointOf(theory)],
        measure: ({ curve }) => curve[point]!,
        spread: logSpread(varianceSteps, 3 * asymmetrySteps),
        relaxationSteps: 0,
      }
    }
    const exponent: Quantity<SweepRecord, SweepTheory> = {
      kind: 'function',
      name: `exponent over ${steps[last]} steps`,
      scale: 'linear',
      margin: exponentMargin,
      marginReason: 'half of the least that the sweep moves it by',
      predict: ({ curve }) => curve && fitExponent(steps, curve),
      measure: ({ curve }) => curve,
      of: (means) => fitExponent(steps, means),
      spread: spreadOfLogs(slopeWeights(steps, 0, steps.length)),
      relaxationSteps: 0,
    }
    if (speedSpread === undefined || dampingRatios === undefined) return [exponent]
    return [
      {
        kind: 'ratio',
        name: 'speed',
        margin: [pooledMargin, 2 * pooledMargin, 5 * pooledMargin],
        marginReason: `${pooledMarginReason}, where the budget is for it; rivals are off by factors`,
        predict: ({ speed }) => speed,
        measure: ({ squaredSpeed }) => learningRate ** 2 * squaredSpeed,
        spread: speedSpread,
        relaxationSteps: 1 / (1 - momentum),
      },
      exponent,
      ...(asksDistance ? [distance(`distance in ${steps[last]} steps`, last, () => last)] : []),
      // of the default in the same time, whose path takes all its steps for it
      ...(asksDistance && sameTime !== undefined
        ? [
            distance('distance in the time of the default', sameTime, ({ name }) =>
              name === 'as the default' ? last : sameTime,
            ),
          ]
        : []),
      {
        kind: 'exact',
        name: 'damping ratios',
        // two steps of a difference of order 1, divided by at least 1/20 of it
        margin: 1e-12,
        marginReason: 'rounding',
        predict: ({ dampingRatio }) => dampingRatio,
        compute: dampingRatios,
      },
    ]
  },
}
