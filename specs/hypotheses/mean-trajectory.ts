import { spectrumOf } from '../../foundation/regression-problem.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import type { MeanRecord } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { gradientFlowTheory } from '../../oracle/rivals/gradient-flow.ts'
import { predictionsOf, type Theory } from '../../oracle/theory.ts'
import type { RegressionSetting } from '../regression/setting.ts'

export const meanTrajectory: Hypothesis<RegressionSetting, MeanRecord> = {
  id: 'mean-trajectory',
  claim:
    'On average each mode returns to the minimum as a damped oscillator: underdamped, critical or overdamped as ζ = (1−β)/√(2η(1+β)h) decides.',
  source: 'eq. 9; exactly, Mᵏz₀',
  scale: 'linear',
  margin: [0.003, 0.01, 0.03],
  marginReason:
    'as tight as the budget answers, in units of the starting displacement (velocities: of the peak speed); gradient flow is off by more where it is asked',
  experiment: ({ displaced }) => displaced,
  rivals: () => ['gradient flow', 'no momentum'],
  quantities(setting) {
    const { displaced, problem, hyperparameters } = setting
    const { start, modes, steps, variance } = displaced
    const stepCount = steps.length
    const exact = predictionsOf(discreteLaw(spectrumOf(problem), hyperparameters), hyperparameters).meanTrajectory(
      start,
      steps,
    )
    const flow = gradientFlowTheory(spectrumOf(problem), hyperparameters).predictions.meanTrajectory!(start, steps)

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
      // Asked where inertia shows most (velocities: where it stands out most from their noise), and once relaxed.
      const amplitude = start.position[l]!
      const peakSpeed = Math.max(...at(exact.velocity).map(Math.abs))
      const relaxed = steps.findIndex((step) => step >= Math.min(steps.at(-1)!, setting.memory.relaxationSteps[l]!))
      const noise = variance.velocity.subarray(m * stepCount, (m + 1) * stepCount)
      const loudest = furthestApart(at(exact.velocity), at(flow.velocity), noise)
      const inertial = furthestApart(at(exact.position), at(flow.position))
      return [
        quantity('position', inertial, amplitude),
        ...(relaxed === inertial ? [] : [quantity('position', relaxed, amplitude)]),
        quantity('velocity', loudest, peakSpeed),
      ]
    })
  },
}

/** The index ≥ 1 at which two curves differ most, in units of the scatter there if it is given. */
function furthestApart(a: Float64Array, b: Float64Array, variance?: Float64Array): number {
  let best = 1
  let most = 0
  for (let k = 1; k < a.length; k++) {
    const apart = (a[k]! - b[k]!) ** 2 / (variance?.[k] ?? 1)
    if (apart > most) {
      most = apart
      best = k
    }
  }
  return best
}
