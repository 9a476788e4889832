import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import { spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { binSum } from '../regression/bins.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const modifiedLoss: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'modified-loss',
  claim:
    'Positions obey the Gibbs law of Ψ_θ, not of the loss: in units of ησ²/(2S(1−β)) · ρ/(ρ+λ) every mode spreads by 2(1+β)/(2(1+β)−ηh), 1 as η → 0; in shuffled epochs by what they leave of it.',
  source: 'eqs. 15, 51; exactly, × 2(1+β)/(2(1+β)−ηh)',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: ({ sampling }) => [
    'original-loss Gibbs',
    'first-order',
    'no momentum',
    'no weight decay',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
    const { eigenvalues, noiseVariance, modeCount } = problem
    const units = eigenvalues.map(
      (rho) => (2 * batchSize * (1 - momentum) * (rho + weightDecay)) / (learningRate * noiseVariance * rho),
    )
    const expected = referenceOf(setting).positionVariance!()
    const spread = (first: number, last: number): RatioQuantity<StationaryRecord>['spread'] =>
      stationarySpread(
        setting,
        expected.map((x, l) => (l >= first && l < last ? units[l]! * x : 0)),
        memory.positionSteps,
      )
    const pooled = (name: string, first: number, last: number): RatioQuantity<StationaryRecord> => {
      const mean = (x: Float64Array): number => binSum({ first, last, outlived: true }, units, x) / (last - first)
      return {
        kind: 'ratio',
        name,
        predict({ predictions }) {
          const x = predictions.positionVariance?.()
          return x && mean(x)
        },
        measure: ({ positionSquare }) => [mean(positionSquare), 1],
        spread: spread(first, last),
        relaxationSteps: Math.max(...memory.relaxationSteps.subarray(first, last)),
      }
    }
    const flattest = modeCount - 1
    return [
      { ...pooled('mean over modes', 0, modeCount), margin: pooledMargin, marginReason: pooledMarginReason },
      ...Array.from(eigenvalues, (_, l) => pooled(`mode ${l + 1}`, l, l + 1)),
      {
        // As it is, without its unit: what λ does to the shape.
        kind: 'ratio',
        name: `mode 1 against mode ${modeCount}`,
        predict({ predictions }) {
          const x = predictions.positionVariance?.()
          return x && x[0]! / x[flattest]!
        },
        measure: ({ positionSquare }) => [positionSquare[0]!, positionSquare[flattest]!],
        spread: spreadOfRatio(spread(0, 1), spread(flattest, modeCount)),
        relaxationSteps: Math.max(memory.relaxationSteps[0]!, memory.relaxationSteps[flattest]!),
      },
    ]
  },
}
