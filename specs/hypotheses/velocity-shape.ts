import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import { spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { binSum } from '../regression/bins.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const velocityShape: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'velocity-shape',
  claim:
    'Velocities are shaped by H, whatever λ is: in units of σ²ρ/(S(1−β²)) every mode moves by 2(1+β)/(2(1+β)−ηh), 1 as η → 0; in shuffled epochs by what they leave of it.',
  source: 'eqs. 16, 52; exactly, Var v = 2σ²ρ/(S(1−β)(2(1+β)−ηh))',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: ({ sampling }) => [
    'original-loss Gibbs',
    'velocities as H²',
    'first-order',
    'no momentum',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { momentum, batchSize } = hyperparameters
    const { eigenvalues, noiseVariance, modeCount } = problem
    const units = eigenvalues.map((rho) => (batchSize * (1 - momentum) * (1 + momentum)) / (noiseVariance * rho))
    const expected = referenceOf(setting).velocityVariance!()
    const spread = (first: number, last: number): RatioQuantity<StationaryRecord>['spread'] =>
      stationarySpread(
        setting,
        expected.map((v, l) => (l >= first && l < last ? units[l]! * v : 0)),
        memory.velocitySteps,
      )
    const pooled = (name: string, first: number, last: number): RatioQuantity<StationaryRecord> => {
      const mean = (v: Float64Array): number => binSum({ first, last, outlived: true }, units, v) / (last - first)
      return {
        kind: 'ratio',
        name,
        predict({ predictions }) {
          const v = predictions.velocityVariance?.()
          return v && mean(v)
        },
        measure: ({ velocitySquare }) => [mean(velocitySquare), 1],
        spread: spread(first, last),
        relaxationSteps: 1 / (1 - momentum),
      }
    }
    const flattest = modeCount - 1
    return [
      { ...pooled('mean over modes', 0, modeCount), margin: pooledMargin, marginReason: pooledMarginReason },
      ...Array.from(eigenvalues, (_, l) => pooled(`mode ${l + 1}`, l, l + 1)),
      {
        kind: 'ratio',
        name: `mode 1 against mode ${modeCount}`,
        predict({ predictions }) {
          const v = predictions.velocityVariance?.()
          return v && v[0]! / v[flattest]!
        },
        measure: ({ velocitySquare }) => [velocitySquare[0]!, velocitySquare[flattest]!],
        spread: spreadOfRatio(spread(0, 1), spread(flattest, modeCount)),
        relaxationSteps: 1 / (1 - momentum),
      },
    ]
  },
}
