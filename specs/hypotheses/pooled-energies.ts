import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import type { Predictions } from '../../oracle/theory.ts'
import { pooledMargin, pooledMarginReason } from '../regression/margins.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const pooledEnergies: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'pooled-energies',
  claim:
    'Kinetic and potential energy in all, and the variances of position and velocity averaged over modes in units of the law, are as predicted.',
  source: 'G.3, ησ² tr H/(4S(1−β)) each; exactly, × 2(1+β)/(2(1+β)−ηh) in each mode',
  scale: 'log',
  margin: pooledMargin,
  marginReason: pooledMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: () => ['first-order', 'no momentum', 'original-loss Gibbs', 'linear scaling'],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { learningRate, momentum, weightDecay } = hyperparameters
    const reference = referenceOf(setting)
    const positions = reference.positionVariance!()
    const velocities = reference.velocityVariance!()
    const stiffness = problem.eigenvalues.map((rho) => 0.5 * (rho + weightDecay))
    const mass = problem.eigenvalues.map(() => (learningRate * (1 + momentum)) / 4)
    const relaxationSteps = Math.max(...memory.relaxationSteps)
    const common = { kind: 'ratio', refusal: setting.varianceRefusal } as const
    const slow = { relaxationSteps, correlation: memory.positionSteps }
    const fast = { relaxationSteps: 1 / (1 - momentum), correlation: memory.velocitySteps }
    const mean = (
      name: string,
      { relaxationSteps, correlation }: typeof slow,
      expected: Float64Array,
      measured: (record: StationaryRecord) => Float64Array,
      predicted: (predictions: Partial<Predictions>) => Float64Array | undefined,
    ): RatioQuantity<StationaryRecord> => ({
      ...common,
      name,
      predict({ predictions }) {
        const variances = predicted(predictions)
        return (
          variances &&
          weighted(
            expected.map((one) => 1 / one / expected.length),
            variances,
          )
        )
      },
      measure: (record) => [
        weighted(
          expected.map((one) => 1 / one / expected.length),
          measured(record),
        ),
        1,
      ],
      spread: stationarySpread(setting, new Float64Array(expected.length).fill(1), correlation),
      relaxationSteps,
    })
    const energies: RatioQuantity<StationaryRecord>[] = [
      {
        ...common,
        name: 'kinetic energy',
        predict: ({ predictions }) => predictions.kineticEnergy?.(),
        measure: ({ velocitySquare }) => [weighted(mass, velocitySquare), 1],
        spread: stationarySpread(setting, velocities, fast.correlation),
        relaxationSteps: fast.relaxationSteps,
      },
      {
        ...common,
        name: 'potential energy',
        predict: ({ predictions }) => predictions.excessPotential?.(),
        measure: ({ positionSquare }) => [weighted(stiffness, positionSquare), 1],
        spread: stationarySpread(
          setting,
          positions.map((x, l) => stiffness[l]! * x),
          slow.correlation,
        ),
        relaxationSteps,
      },
    ]
    return [
      ...energies,
      mean(
        'mean over modes of position variance',
        slow,
        positions,
        ({ positionSquare }) => positionSquare,
        (said) => said.positionVariance?.(),
      ),
      mean(
        'mean over modes of velocity variance',
        fast,
        velocities,
        ({ velocitySquare }) => velocitySquare,
        (said) => said.velocityVariance?.(),
      ),
    ]
  },
}

function weighted(weights: Float64Array, values: Float64Array): number {
  return values.reduce((sum, value, l) => sum + weights[l]! * value, 0)
}
