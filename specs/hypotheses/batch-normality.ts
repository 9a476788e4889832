import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { BatchNormalityRecord, BatchNormalitySetting } from '../batch-normality/suite.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'

export const batchNormality: Hypothesis<BatchNormalitySetting, BatchNormalityRecord> = {
  id: 'batch-normality',
  claim:
    'Batch gradients become normal as S grows, and not before: variance goes as 1/S, with the factor (N−S)/(N−1) without replacement, skewness as 1/√S and excess kurtosis as 1/S.',
  source: 'Assumption 1; exactly, cumulants of the mean of S of the N examples',
  scale: 'log',
  margin: pooledMargin,
  marginReason: pooledMarginReason,
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ sampling, exact, spreads, valuesPerReplica }) {
    const { variance, third } = exact
    /** Mean over modes of moments in units of the exact standard deviation, each mode's skewness taken as positive. */
    const mean = (moments: ArrayLike<number>, order: 2 | 3 | 4): number => {
      let sum = 0
      for (let l = 0; l < moments.length; l++) {
        const sign = order === 3 ? Math.sign(third[l]!) : 1
        sum += (sign * moments[l]!) / variance[l]! ** (order / 2) / moments.length
      }
      return sum
    }
    return [
      {
        kind: 'ratio',
        name: 'variance, mean over modes',
        predict: ({ says }) => says.variance && mean(says.variance, 2),
        measure: ({ moments }) => mean(moments.second, 2),
        spread: spreads.variance,
        relaxationSteps: 0,
      },
      {
        kind: 'coordinates',
        name: 'variance of each mode',
        margin: singleModeMargin(),
        marginReason: singleModeMarginReason,
        coordinates: spreads.varianceOfMode.map((spread, l) => ({
          name: `mode ${l + 1}`,
          spread,
          relaxationSteps: 0,
        })),
        predict: ({ says }) => says.variance && Array.from(says.variance, (v, l) => v / variance[l]!),
        measure: ({ moments }) => Array.from(moments.second, (v, l) => v / variance[l]!),
      },
      {
        kind: 'ratio',
        name: 'skewness, mean over modes',
        scale: 'linear',
        margin: [0.02, 0.03],
        marginReason: 'in units of σ³; half of what is left of it at the largest S',
        predict: ({ says }) => says.third && mean(says.third, 3),
        measure: ({ moments }) => mean(moments.third, 3),
        spread: spreads.third,
        relaxationSteps: 0,
      },
      {
        kind: 'ratio',
        name: 'kurtosis, mean over modes',
        margin: [0.02, 0.03],
        marginReason: 'relative to 3 and the excess: a fifth of what S = 4 adds to a normal law’s',
        predict: ({ says }) => says.fourth && mean(says.fourth, 4),
        measure: ({ moments }) => mean(moments.fourth, 4),
        spread: spreads.fourth,
        relaxationSteps: 0,
      },
      {
        kind: 'distribution',
        name: 'law of the most skewed mode',
        margin: sampling === 'with-replacement' ? 0.01 : 0.02,
        marginReason:
          'in Kolmogorov’s distance: a third of what skewness does at S = 4, and thrice what is left of it at S = 64',
        predict: ({ says }) => says.law,
        measure: ({ values }) => values,
        valuesPerReplica,
      },
    ]
  },
}
