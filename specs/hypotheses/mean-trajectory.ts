import type { PhasePoint } from '../../foundation/phase-space.ts'
import { spectrumOf } from '../../foundation/regression-problem.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import type { MeanRecord } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { predictionsOf, type Theory } from '../../oracle/theory.ts'
import type { RegressionSetting } from '../regression/setting.ts'

const rivals = ['gradient flow', 'no momentum']

export const meanTrajectory: Hypothesis<RegressionSetting, MeanRecord> = {
  id: 'mean-trajectory',
  claim:
    'On average each mode returns to the minimum as a damped oscillator: underdamped, critical or overdamped as ζ = (1−β)/√(2η(1+β)h) decides.',
  source: 'eq. 9; exactly, Mᵏz₀',
  scale: 'linear',
  margin: [0.003, 0.01, 0.03],
  marginReason:
    'as tight as the budget answers, in units of the starting displacement (velocities: of the peak speed); rivals are off by more where they are asked',
  experiment: ({ displaced }) => displaced,
  rivals: () => rivals,
  quantities(setting) {
    const { displaced, problem, hyperparameters, theories } = setting
    const { start, modes, steps, variance } = displaced
    const stepCount = steps.length
    const exact = predictionsOf(discreteLaw(spectrumOf(problem), hyperparameters), hyperparameters).meanTrajectory(
      start,
      steps,
    )
    const [flow, withoutMomentum] = rivals.map((rival) =>
      theories.find(({ name }) => name === rival)!.predictions.meanTrajectory!(start, steps),
    ) as [PhasePoint, PhasePoint]

    return modes.flatMap((l, m) => {
      const at = (curve: Float64Array): Float64Array => curve.subarray(l * stepCount, (l + 1) * stepCount)
      const quantity = (what: 'position' | 'velocity', k: number, unit: number): RatioQuantity<MeanRecord> => ({
        kind: 'ratio',
        name: `${what} of mode ${l + 1} at step ${steps[k]}`,
        predict(theory: Theory) {
          const curve = theory.predictions.meanTrajectory?.(start, [steps[k]!])
          return curve && curve[what][l]! / unit
        },
        measure: (record) => [record[what][m * stepCount + k]! / unit, 1],
        spread: { varianceSteps: variance[what][m * stepCount + k]! / unit ** 2, asymmetrySteps: 0 },
        relaxationSteps: 0,
      })
      // Asked where inertia shows most, and once relaxed; velocities where they stand out most from their noise, which is not the
      // first step: −h x₀, whatever the momentum.
      const amplitude = start.position[l]!
      const peakSpeed = Math.max(...at(exact.velocity).map(Math.abs))
      const relaxed = steps.findIndex((step) => step >= Math.min(steps.at(-1)!, setting.memory.relaxationSteps[l]!))
      const noise = variance.velocity.subarray(m * stepCount, (m + 1) * stepCount)
      const loudest = furthestApart(at(exact.velocity), [at(flow.velocity), at(withoutMomentum.velocity)], noise)
      const inertial = furthestApart(at(exact.position), [at(flow.position)])
      return [
        quantity('position', inertial, amplitude),
        ...(relaxed === inertial ? [] : [quantity('position', relaxed, amplitude)]),
        quantity('velocity', loudest, peakSpeed),
      ]
    })
  },
}

/** The index ≥ 1 at which a curve is furthest from the nearest of others, in units of the scatter there if it is given. */
function furthestApart(curve: Float64Array, others: readonly Float64Array[], variance?: Float64Array): number {
  let best = 1
  let most = 0
  for (let k = 1; k < curve.length; k++) {
    const nearest = Math.min(...others.map((other) => Math.abs(curve[k]! - other[k]!)))
    const apart = nearest ** 2 / (variance?.[k] ?? 1)
    if (apart > most) {
      most = apart
      best = k
    }
  }
  return best
}
