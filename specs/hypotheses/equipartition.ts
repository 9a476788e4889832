import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { CoordinatesQuantity, RatioQuantity } from '../../harness/quantity.ts'
import { type Spread, spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import type { Theory } from '../../oracle/theory.ts'
import { binName, binRelaxation, binSum, modesOf } from '../regression/bins.ts'
import type { Bin, StationarySetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const equipartition: Hypothesis<StationarySetting, StationaryRecord> = {
  id: 'equipartition',
  claim:
    'Potential and kinetic energy are equal in every mode, ½hE[x²] = (η(1+β)/4)E[v²]: exactly, at any learning rate, for noise of zero mean given the past; not under shuffling.',
  source: 'G.3; exact because E[ε_k x_k] = 0',
  scale: 'log',
  margin: [0.01, 0.02, 0.05, 0.1],
  marginReason:
    'as tight as the budget answers, at most what a few hundred independent samples a mode tell; shuffling, first-order dynamics and a lost factor 1+β move the ratio by more',
  experiment: ({ stationary }) => stationary,
  rivals: ({ sampling }) => [
    'first-order',
    'no momentum',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { learningRate, momentum, weightDecay } = hyperparameters
    const potentialWeights = problem.eigenvalues.map((rho) => 0.5 * (rho + weightDecay))
    const kineticWeights = problem.eigenvalues.map(() => (learningRate * (1 + momentum)) / 4)
    const reference = referenceOf(setting)
    const positions = reference.positionVariance!()
    const velocities = reference.velocityVariance!()
    const inBin = ({ first, last }: Bin, weights: Float64Array, values: Float64Array): Float64Array =>
      values.map((value, l) => (l >= first && l < last ? weights[l]! * value : 0))
    const spread = (bin: Bin): Spread =>
      spreadOfRatio(
        stationarySpread(setting, inBin(bin, potentialWeights, positions), memory.positionSteps),
        stationarySpread(setting, inBin(bin, kineticWeights, velocities), memory.velocitySteps),
      )
    const predict = (bin: Bin, { predictions }: Theory): number | undefined => {
      const x = predictions.positionVariance?.()
      const v = predictions.velocityVariance?.()
      return x && v && binSum(bin, potentialWeights, x) / binSum(bin, kineticWeights, v)
    }
    const measure = (bin: Bin, { positionSquare, velocitySquare }: StationaryRecord): readonly [number, number] => [
      binSum(bin, potentialWeights, positionSquare),
      binSum(bin, kineticWeights, velocitySquare),
    ]
    const together = (bin: Bin): RatioQuantity<StationaryRecord> => ({
      kind: 'ratio',
      name: binName(bin),
      predict: (theory) => predict(bin, theory),
      measure: (record) => measure(bin, record),
      spread: spread(bin),
      relaxationSteps: binRelaxation(setting, bin),
      refusal: setting.varianceRefusal,
    })
    const eachIn = (bin: Bin): CoordinatesQuantity<StationaryRecord> => ({
      kind: 'coordinates',
      name: `each of ${binName(bin)}`,
      coordinates: modesOf(bin).map((mode) => ({
        name: binName(mode),
        spread: spread(mode),
        relaxationSteps: binRelaxation(setting, mode),
      })),
      predict: (theory) => {
        const said = modesOf(bin).map((mode) => predict(mode, theory))
        return said.some((ratio) => ratio === undefined) ? undefined : (said as number[])
      },
      measure: (record) => modesOf(bin).map((mode) => measure(mode, record)),
      refusal: setting.varianceRefusal,
    })
    const several = setting.bins.filter(({ outlived, first, last }) => outlived && last - first > 1)
    return [...setting.bins.map(together), ...several.map(eachIn)]
  },
}
