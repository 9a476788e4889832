import { innerProduct } from '../../foundation/linear-algebra/square-matrix.ts'
import { type PacedObserver, phaseSums } from '../../foundation/phase-space.ts'
import type { Experiment, Setting } from '../../harness/hypothesis.ts'
import type { Margin, RatioQuantity } from '../../harness/quantity.ts'
import { remembered } from '../../harness/remembered.ts'
import { logSpread } from '../../harness/spread.ts'
import { specBudget } from '../../harness/vitest/environment.ts'
import {
  type OrnsteinUhlenbeck,
  stationaryCrossCovariance,
  stationaryLaw,
  transition,
} from '../../oracle/ornstein-uhlenbeck/index.ts'
import { transitionSource } from '../../sim/index.ts'
import type { Voice } from '../voice.ts'
import { quadraticForm, quadraticFormAlong } from './quadratic-form.ts'

/** What is said of a trajectory in the plane, drift −A(x − center); second moments in units of 1/κ. */
export interface PlanarLaw {
  /** Where it spends its time, of two coordinates. */
  readonly center?: readonly number[]
  /** Stationary covariance. // [2, 2] */
  readonly shape?: Float64Array
  /** E[x₁(t)x₂(t+τ) − x₁(t+τ)x₂(t)], τ one step: how far it turns. */
  readonly turn?: number
}

/** Means along one trajectory. */
export interface PlanarRecord {
  // [2]
  readonly mean: readonly number[]
  /** About the centre, in units of 1/κ: 11, 12, 22. // [3] */
  readonly squares: readonly number[]
  readonly turn: number
}

export interface PlanarSetting extends Setting {
  readonly theories: readonly Voice<PlanarLaw>[]
  readonly experiment: Experiment<PlanarRecord>
  /** C at stationarity, in units of 1/κ, and that of (x(t), x(t+τ)). // [2, 2] and [4, 4] */
  readonly covariance: Float64Array
  readonly covarianceOfPairs: Float64Array
  /** E = e^{−Aτ}. // [2, 2] */
  readonly propagator: Float64Array
}

/** τ: half a relaxation time of a direction of rate 1, so that steps are nearly independent. */
const timeStep = 0.5
/** Steps from one look at the turn, and at the mean, to the next: two relaxation times. */
export const planarStride = 4
const burnIn = 60 // e^{−30} is left of the start
const replicas = 128

/**
 * A process of two coordinates whose slower direction has rate 1, exactly in law at each step: a source of one mode, whose position and
 * velocity are the deviations of the two from the centre.
 *
 * @param center where its drift vanishes // [2]
 * @param start // [2]
 * @param steps over all replicas, at the usual budget
 */
export function planarSetting(
  process: OrnsteinUhlenbeck,
  { center, start, seed, steps }: { center: ArrayLike<number>; start: ArrayLike<number>; seed: number; steps: number },
): Pick<PlanarSetting, 'experiment' | 'covariance' | 'covarianceOfPairs' | 'propagator'> {
  const { increment, propagator, covariance } = transition(process, timeStep)
  const kappa = process.inverseTemperature
  const { shape } = stationaryLaw(process)
  const lagged = stationaryCrossCovariance(process, timeStep)
  const stepsPerReplica = burnIn + Math.max(1000, Math.floor((steps * specBudget()) / replicas))
  const source = transitionSource(
    { increment, covariance },
    {
      seed,
      start: { position: Float64Array.of(start[0]! - center[0]!), velocity: Float64Array.of(start[1]! - center[1]!) },
    },
  )
  return {
    covariance: shape,
    covarianceOfPairs: Float64Array.from({ length: 16 }, (_, at) => {
      const [row, column] = [Math.floor(at / 4), at % 4]
      if (row < 2 === column < 2) return shape[2 * (row % 2) + (column % 2)]!
      return row < 2 ? lagged[2 * row + (column - 2)]! * kappa : lagged[2 * column + (row - 2)]! * kappa
    }),
    propagator,
    experiment: remembered({
      name: 'trajectory',
      seed,
      looks: [replicas / 2, replicas],
      stepsPerReplica,
      samplesPerReplica: stepsPerReplica - burnIn,
      runReplica(chain: number): PlanarRecord {
        const sums = phaseSums(1, burnIn)
        let [first, second, turn, seen, before] = [0, 0, 0, 0, false]
        let [x, y] = [0, 0]
        const observer: PacedObserver = {
          sums,
          next: (step) =>
            step < burnIn ? burnIn : (step - burnIn) % planarStride === 0 ? step + 1 : step - 1 + planarStride,
          observe(step, position, velocity) {
            if (step < burnIn) return
            if ((step - burnIn) % planarStride === 0) {
              x = position[0]!
              y = velocity[0]!
              before = true
            } else if (before) {
              turn += x * velocity[0]! - position[0]! * y
              first += x
              second += y
              seen++
            }
          },
        }
        source.run(chain, stepsPerReplica, observer)
        const mean = (value: number): number => (value / sums.steps) * kappa
        return {
          mean: [center[0]! + first / seen, center[1]! + second / seen],
          squares: [mean(sums.positionSquare[0]!), mean(sums.positionVelocity[0]!), mean(sums.velocitySquare[0]!)],
          turn: (turn / seen) * kappa,
        }
      },
    }),
  }
}

/** How far a process turns in one step, in units of 1/κ. */
export function turnOf(process: OrnsteinUhlenbeck): number {
  const lagged = stationaryCrossCovariance(process, timeStep)
  return (lagged[1]! - lagged[2]!) * process.inverseTemperature
}

type Asked = RatioQuantity<PlanarRecord, Voice<PlanarLaw>>

/** Σ of correlations between looks: the slower direction keeps e^{−1/2} a step, and products of two what its square keeps. */
export function memoryOfLooks(power: number): number {
  return 1 / Math.tanh((power * planarStride) / 4)
}

/** Mean of xᵀWx over that of the process, W fixed. // [2, 2] */
export function spreadAlong(
  name: string,
  weights: Float64Array,
  { covariance, propagator }: PlanarSetting,
  margin: number,
  marginReason: string,
): Asked {
  const mean = innerProduct(weights, covariance)
  const { variance, thirdCumulant } = quadraticFormAlong(weights, covariance, propagator, 2)
  return {
    kind: 'ratio',
    name,
    scale: 'log',
    margin,
    marginReason,
    predict: ({ says }) => says.shape && innerProduct(weights, says.shape) / mean,
    measure: ({ squares: [xx, xy, yy] }) =>
      (weights[0]! * xx! + (weights[1]! + weights[2]!) * xy! + weights[3]! * yy!) / mean,
    spread: logSpread(variance / mean ** 2, thirdCumulant / mean ** 3),
    relaxationSteps: 2,
  }
}

/** How far it turns in one step, in a given unit. */
export function turnPerStep(
  name: string,
  unit: number,
  { covarianceOfPairs }: PlanarSetting,
  margin: Margin,
  marginReason: string,
): Asked {
  // x₁x₂′ − x₁′x₂ as a quadratic form in (x, x′)
  const turning = new Float64Array(16)
  for (const [row, column, weight] of [
    [0, 3, 0.5],
    [1, 2, -0.5],
  ] as const) {
    turning[4 * row + column] = weight
    turning[4 * column + row] = weight
  }
  const turn = quadraticForm(turning, covarianceOfPairs, 4)
  return {
    kind: 'ratio',
    name,
    scale: 'linear',
    margin,
    marginReason,
    predict: ({ says }) => (says.turn !== undefined ? says.turn / unit : undefined),
    measure: (record) => record.turn / unit,
    spread: {
      varianceSteps: (turn.variance / unit ** 2) * planarStride * memoryOfLooks(2),
      asymmetrySteps: (Math.abs(turn.thirdCumulant / unit ** 3) / 3) * (planarStride * memoryOfLooks(2)) ** 2,
    },
    relaxationSteps: 2,
  }
}
