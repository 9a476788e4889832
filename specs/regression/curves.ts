import { mean, sampleStandardDeviation } from 'simple-statistics'
import type { Claim, DisplacementCurve, ErrorBudget, MeanCurve, VarianceCurve } from '../../foundation/results.ts'
import type { JudgedClaim } from '../../harness/judge.ts'
import { fitExponent, type MeanRecord, type StationaryRecord } from '../../observables/index.ts'
import { dampingRatio } from '../../oracle/oscillator.ts'
import type { Predictions, Theory } from '../../oracle/theory.ts'
import type { RegressionSetting } from './setting.ts'

/** What figures are drawn from: measurements with their scatter beside every theory that says something of them. */

interface Measured {
  readonly values: number[]
  readonly standardErrors: number[]
}

/** Mean and standard error over replicas of `count` numbers each. */
function overReplicas<Record>(
  records: readonly Record[],
  count: number,
  read: (record: Record, index: number) => number,
): Measured {
  const values: number[] = []
  const standardErrors: number[] = []
  for (let index = 0; index < count; index++) {
    const sample = records.map((record) => read(record, index))
    values.push(mean(sample))
    standardErrors.push(sampleStandardDeviation(sample) / Math.sqrt(sample.length))
  }
  return { values, standardErrors }
}

/** The theories of a figure: the paper's, the exact ones, and the rivals named. */
function voices(setting: RegressionSetting, rivals: readonly string[]): Theory[] {
  const shown = new Set(['langevin', 'discrete', 'noise at the minimum', setting.reference, ...rivals])
  return setting.theories.filter(({ name }) => shown.has(name))
}

function predicted(
  theories: readonly Theory[],
  read: (predictions: Partial<Predictions>) => ArrayLike<number> | undefined,
): { theory: string; values: number[] }[] {
  return theories.flatMap(({ name, predictions }) => {
    const values = read(predictions)
    return values ? [{ theory: name, values: Array.from(values) }] : []
  })
}

export function meanCurves(setting: RegressionSetting, records: readonly MeanRecord[]): MeanCurve[] {
  const { displaced, hyperparameters, problem } = setting
  const { steps } = displaced
  const stepCount = steps.length
  const theories = voices(setting, ['gradient flow']).filter(({ name }) => name !== 'noise at the minimum')
  return displaced.modes.map((l, m) => {
    const position = overReplicas(records, stepCount, (record, k) => record.position[m * stepCount + k]!)
    const velocity = overReplicas(records, stepCount, (record, k) => record.velocity[m * stepCount + k]!)
    const along = (what: 'position' | 'velocity'): MeanCurve['predictedPosition'] =>
      predicted(theories, ({ meanTrajectory }) =>
        meanTrajectory?.(displaced.start, steps)[what].subarray(l * stepCount, (l + 1) * stepCount),
      )
    return {
      sampling: setting.sampling,
      mode: l + 1,
      eigenvalue: problem.eigenvalues[l]!,
      dampingRatio: dampingRatio(
        hyperparameters.learningRate,
        hyperparameters.momentum,
        problem.eigenvalues[l]! + hyperparameters.weightDecay,
      ),
      replicas: records.length,
      steps: [...steps],
      position: position.values,
      positionStandardError: position.standardErrors,
      velocity: velocity.values,
      velocityStandardError: velocity.standardErrors,
      predictedPosition: along('position'),
      predictedVelocity: along('velocity'),
    }
  })
}

export function displacementCurve(setting: RegressionSetting, records: readonly StationaryRecord[]): DisplacementCurve {
  const { lags } = setting
  const { values, standardErrors } = overReplicas(
    records,
    lags.length,
    ({ displacement }, index) => displacement[index]!,
  )
  const curves = predicted(voices(setting, ['equation 19', 'Brownian', 'ballistic']), ({ globalDisplacement }) =>
    globalDisplacement?.('stationary', lags),
  )
  return {
    sampling: setting.sampling,
    steps: [...lags],
    measured: values,
    standardError: standardErrors,
    predicted: curves,
    measuredExponent: fitExponent(lags, values),
    predictedExponents: curves.map(({ theory, values }) => ({ theory, exponent: fitExponent(lags, values) })),
  }
}

export function varianceCurve(setting: RegressionSetting, records: readonly StationaryRecord[]): VarianceCurve {
  const { problem, memory, stationary } = setting
  const position = overReplicas(records, problem.modeCount, ({ positionSquare }, l) => positionSquare[l]!)
  const velocity = overReplicas(records, problem.modeCount, ({ velocitySquare }, l) => velocitySquare[l]!)
  const theories = voices(setting, ['original-loss Gibbs'])
  return {
    sampling: setting.sampling,
    eigenvalues: [...problem.eigenvalues],
    relaxationSteps: [...memory.relaxationSteps],
    stepsPerReplica: stationary.stepsPerReplica,
    position: position.values,
    positionStandardError: position.standardErrors,
    velocity: velocity.values,
    velocityStandardError: velocity.standardErrors,
    predictedPosition: predicted(theories, ({ positionVariance }) => positionVariance?.()),
    predictedVelocity: predicted(theories, ({ velocityVariance }) => velocityVariance?.()),
  }
}

/** From the paper's theory to the measurement, each step repairing one assumption. */
const repairs = ['langevin', 'discrete', 'noise at the minimum']

/** Who disagrees with whom, for every answered claim on the log scale whose repairs all predict it. */
export function errorBudgetOf(
  setting: RegressionSetting,
  judged: readonly JudgedClaim<RegressionSetting, StationaryRecord>[],
): ErrorBudget[] {
  const chain = [...new Set([...repairs, setting.reference])]
  return judged.flatMap(({ plan, looks, comparisons }) => {
    const look: Claim['looks'][number] | undefined = looks.at(-1)
    if (!look || plan.scale !== 'log') return []
    const rows = chain.flatMap((theory) => {
      const comparison = comparisons.find((candidate) => candidate.theory === theory)
      return comparison ? [{ name: theory, value: comparison.prediction }] : []
    })
    if (rows.length < 2) return []
    const [low, high] = look.confidenceInterval
    const all = [...rows, { name: 'measured', value: look.estimate, halfWidth: (high - low) / 2 }]
    return [
      {
        sampling: setting.sampling,
        quantity: `${plan.hypothesis.id}: ${plan.quantity.name}`,
        rows: all.map((row, index) => ({
          ...row,
          percentOfFirst: (100 * row.value) / all[0]!.value,
          stepPercent: index === 0 ? 0 : 100 * (row.value / all[index - 1]!.value - 1),
        })),
      },
    ]
  })
}
