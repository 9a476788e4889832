import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import { spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const shuffledEpochs: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'shuffled-epochs',
  claim:
    'In shuffled epochs the noise sums to zero over an epoch, so that slow modes lose position variance: equipartition within a mode and isotropy between modes break, by a predicted amount.',
  source: 'exact second moments for batches of one epoch (compare Kühn & Rosenow 2023)',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: () => ['discrete', 'noise at the minimum', 'langevin', 'first-order', 'no momentum'],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { learningRate, momentum, weightDecay } = hyperparameters
    // The slowest mode that answers to 5 % in about as many steps as the others.
    const last = problem.modeCount - 2
    const reference = referenceOf(setting)
    const mass = (learningRate * (1 + momentum)) / 4
    const stiffness = (l: number): number => 0.5 * (problem.eigenvalues[l]! + weightDecay)
    const alone = (
      l: number,
      variances: Float64Array,
      correlation: Float64Array,
    ): RatioQuantity<StationaryRecord>['spread'] =>
      stationarySpread(
        setting,
        variances.map((variance, m) => (m === l ? variance : 0)),
        correlation,
      )
    const positionOf = (l: number) => alone(l, reference.positionVariance!(), memory.positionSteps)
    const velocityOf = (l: number) => alone(l, reference.velocityVariance!(), memory.velocitySteps)
    const modes = [0, last >> 1, last]
    const equipartition = modes.map(
      (l): RatioQuantity<StationaryRecord> => ({
        kind: 'ratio',
        name: `potential over kinetic energy of mode ${l + 1}`,
        predict({ predictions }) {
          const x = predictions.positionVariance?.()
          const v = predictions.velocityVariance?.()
          return x && v && (stiffness(l) * x[l]!) / (mass * v[l]!)
        },
        measure: ({ positionSquare, velocitySquare }) => [stiffness(l) * positionSquare[l]!, mass * velocitySquare[l]!],
        spread: spreadOfRatio(positionOf(l), velocityOf(l)),
        relaxationSteps: memory.relaxationSteps[l]!,
      }),
    )
    const isotropy: RatioQuantity<StationaryRecord> = {
      kind: 'ratio',
      name: `position variance of mode ${last + 1} over that of mode 1`,
      predict({ predictions }) {
        const x = predictions.positionVariance?.()
        return x && x[last]! / x[0]!
      },
      measure: ({ positionSquare }) => [positionSquare[last]!, positionSquare[0]!],
      spread: spreadOfRatio(positionOf(last), positionOf(0)),
      relaxationSteps: memory.relaxationSteps[last]!,
    }
    return [...equipartition, isotropy]
  },
}
