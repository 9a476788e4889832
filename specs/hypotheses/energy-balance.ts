import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import { logSpread, type Spread, spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { binSum } from '../regression/bins.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const energyBalance: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'energy-balance',
  claim:
    'Potential energy ½hE[x²] and kinetic energy (η(1+β)/4)E[v²] are equal in every mode and of the predicted size in all, at any learning rate, for noise of zero mean given the past; shuffled epochs take potential energy away.',
  source: 'G.3; exactly, Σ ησ²ρ(1+β)/(2S(1−β)(2(1+β)−ηh)) each',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: ({ sampling }) => [
    'original-loss Gibbs',
    'first-order',
    'no momentum',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { learningRate, momentum, weightDecay } = hyperparameters
    const { eigenvalues, modeCount } = problem
    const potentialWeights = eigenvalues.map((rho) => 0.5 * (rho + weightDecay))
    const kineticWeights = eigenvalues.map(() => (learningRate * (1 + momentum)) / 4)
    const reference = referenceOf(setting)
    const [positions, velocities] = [reference.positionVariance!(), reference.velocityVariance!()]
    const relaxation = (first: number, last: number): number =>
      Math.max(...memory.relaxationSteps.subarray(first, last))
    const spreads = (first: number, last: number): { potential: Spread; kinetic: Spread } => {
      const inside = (weights: Float64Array, values: Float64Array): Float64Array =>
        values.map((value, l) => (l >= first && l < last ? weights[l]! * value : 0))
      return {
        potential: stationarySpread(setting, inside(potentialWeights, positions), memory.positionSteps),
        kinetic: stationarySpread(setting, inside(kineticWeights, velocities), memory.velocitySteps),
      }
    }
    /**
     * Where noise is independent of the past the two energies scatter together: their difference is −½ the time mean of Σ x_k ε_k,
     * terms that do not correlate.
     */
    const balanceSpread = (first: number, last: number): Spread => {
      const { potential, kinetic } = spreads(first, last)
      if (setting.sampling === 'shuffled-epochs') return spreadOfRatio(potential, kinetic)
      let [squares, energy] = [0, 0]
      for (let l = first; l < last; l++) {
        const restoring = learningRate * (eigenvalues[l]! + weightDecay)
        const noise = ((1 - momentum) * (2 * (1 + momentum) - restoring) * velocities[l]!) / 2 // Var ε
        squares += (positions[l]! * noise) / 4
        energy += potentialWeights[l]! * positions[l]!
      }
      return logSpread(squares / energy ** 2, 0)
    }
    const balance = (name: string, first: number, last: number): RatioQuantity<StationaryRecord> => {
      const bin = { first, last, outlived: true }
      return {
        kind: 'ratio',
        name,
        predict({ predictions }) {
          const [x, v] = [predictions.positionVariance?.(), predictions.velocityVariance?.()]
          return x && v && binSum(bin, potentialWeights, x) / binSum(bin, kineticWeights, v)
        },
        measure: ({ positionSquare, velocitySquare }) => [
          binSum(bin, potentialWeights, positionSquare),
          binSum(bin, kineticWeights, velocitySquare),
        ],
        spread: balanceSpread(first, last),
        relaxationSteps: relaxation(first, last),
      }
    }
    const all = { first: 0, last: modeCount, outlived: true }
    const { potential, kinetic } = spreads(0, modeCount)
    const pooled = { margin: pooledMargin, marginReason: pooledMarginReason }
    return [
      {
        kind: 'ratio',
        name: 'kinetic energy',
        ...pooled,
        predict: ({ predictions }) => predictions.kineticEnergy?.(),
        measure: ({ velocitySquare }) => [binSum(all, kineticWeights, velocitySquare), 1],
        spread: kinetic,
        relaxationSteps: 1 / (1 - momentum),
      },
      {
        kind: 'ratio',
        name: 'potential energy',
        ...pooled,
        predict: ({ predictions }) => predictions.excessPotential?.(),
        measure: ({ positionSquare }) => [binSum(all, potentialWeights, positionSquare), 1],
        spread: potential,
        relaxationSteps: relaxation(0, modeCount),
      },
      { ...balance('potential against kinetic energy', 0, modeCount), ...pooled },
      ...Array.from(eigenvalues, (_, l) => balance(`mode ${l + 1}`, l, l + 1)),
    ]
  },
}
