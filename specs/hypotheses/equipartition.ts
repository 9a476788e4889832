import type { Hypothesis } from '../../harness/hypothesis.ts'
import { spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { binName, binRelaxation, binSum } from '../regression/bins.ts'
import type { StationarySetting } from '../regression/setting.ts'
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
    return setting.bins.map((bin) => {
      const inBin = (weights: Float64Array, values: Float64Array): Float64Array =>
        values.map((value, l) => (l >= bin.first && l < bin.last ? weights[l]! * value : 0))
      return {
        kind: 'ratio',
        name: binName(bin),
        predict({ predictions }) {
          const x = predictions.positionVariance?.()
          const v = predictions.velocityVariance?.()
          return x && v && binSum(bin, potentialWeights, x) / binSum(bin, kineticWeights, v)
        },
        measure: ({ positionSquare, velocitySquare }) => [
          binSum(bin, potentialWeights, positionSquare),
          binSum(bin, kineticWeights, velocitySquare),
        ],
        spread: spreadOfRatio(
          stationarySpread(setting, inBin(potentialWeights, positions), memory.positionSteps),
          stationarySpread(setting, inBin(kineticWeights, velocities), memory.velocitySteps),
        ),
        relaxationSteps: binRelaxation(setting, bin),
        refusal: setting.varianceRefusal,
      }
    })
  },
}
