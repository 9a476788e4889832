import { inverse } from '../../foundation/linear-algebra/linear-solve.ts'
import { multiplyVector } from '../../foundation/linear-algebra/square-matrix.ts'
import { type PacedObserver, phaseSums } from '../../foundation/phase-space.ts'
import type { Experiment, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { figure3Drift, figure3Offset } from '../../oracle/errata/figure-3-drift.ts'
import {
  figure3,
  figure3Process,
  stationaryCrossCovariance,
  stationaryLaw,
  transition,
} from '../../oracle/ornstein-uhlenbeck/index.ts'
import { transitionSource } from '../../sim/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** What is said of Figure 3's trajectory. */
export interface Figure3Law {
  /** Where it spends its time, of two coordinates. */
  readonly center?: readonly number[]
  /** Stationary covariance in units of noiseScale²/2. // [2, 2] */
  readonly shape?: Float64Array
  /** E[x₁(t)x₂(t+τ) − x₁(t+τ)x₂(t)] in the same units: how far it turns, τ one step. */
  readonly turn?: number
}

/** Means along one trajectory of the drift b − Ax, of coordinates as in the figure. */
export interface Figure3Record {
  // [2]
  readonly mean: readonly number[]
  /** About A⁻¹b, in units of noiseScale²/2: 11, 12, 22. // [3] */
  readonly squares: readonly number[]
  readonly turn: number
}

export interface Figure3Setting extends Setting {
  readonly theories: readonly Voice<Figure3Law>[]
  readonly experiment: Experiment<Figure3Record>
  /** C at stationarity, in units of noiseScale²/2, and that of (x(t), x(t+τ)). // [2, 2] and [4, 4] */
  readonly covariance: Float64Array
  readonly covarianceOfPairs: Float64Array
  /** E = e^{−Aτ}. // [2, 2] */
  readonly propagator: Float64Array
  /** Steps from one look at the turn, and at the mean, to the next. */
  readonly stride: number
}

/** τ: half a relaxation time of the slower direction, so that steps are nearly independent. */
const timeStep = 0.5
const unit = figure3.noiseScale ** 2 / 2
const process = figure3Process('potentialMinimum')
const { increment, propagator, covariance } = transition(process, timeStep)

const burnIn = 60 // e^{−30} is left of the start
const replicas = 128
const stepsPerReplica = burnIn + Math.max(1000, Math.floor((6e6 * specBudget()) / replicas))

/** Every how many steps the turn and the mean are looked at: two relaxation times. */
const stride = 4

/**
 * The repaired drift b − Ax with the noise of I.4, exactly in law at each step. Deviations from A⁻¹b are simulated, b and A as the appendix
 * prints them, in a source of one mode whose position and velocity are the figure's two coordinates.
 */
function trajectories(seed: number): Experiment<Figure3Record> {
  const center = multiplyVector(inverse(Float64Array.from(figure3Drift), 2)!, Float64Array.from(figure3Offset), 2)
  const source = transitionSource(
    { increment, covariance },
    // from the middle of the plot
    { seed, start: { position: Float64Array.of(-center[0]!), velocity: Float64Array.of(-center[1]!) } },
  )
  return {
    name: 'trajectory',
    seed,
    looks: [64, 128],
    stepsPerReplica,
    samplesPerReplica: stepsPerReplica - burnIn,
    runReplica(chain) {
      const sums = phaseSums(1, burnIn)
      let [first, second, turn, seen, before] = [0, 0, 0, 0, false]
      let [x, y] = [0, 0]
      const observer: PacedObserver = {
        sums,
        next: (step) => (step < burnIn ? burnIn : (step - burnIn) % stride === 0 ? step + 1 : step - 1 + stride),
        observe(step, position, velocity) {
          if (step < burnIn) return
          if ((step - burnIn) % stride === 0) {
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
      const mean = (value: number): number => value / sums.steps / unit
      return {
        mean: [center[0]! + first / seen, center[1]! + second / seen],
        squares: [mean(sums.positionSquare[0]!), mean(sums.positionVelocity[0]!), mean(sums.velocitySquare[0]!)],
        turn: turn / seen / unit,
      }
    },
  }
}

const { shape } = stationaryLaw(process)
const lagged = stationaryCrossCovariance(process, timeStep)
const turn = (lagged[1]! - lagged[2]!) / unit
/** Of (x(t), x(t+τ)). // [4, 4] */
const pairs = Float64Array.from({ length: 16 }, (_, at) => {
  const [row, column] = [Math.floor(at / 4), at % 4]
  if (row < 2 === column < 2) return shape[2 * (row % 2) + (column % 2)]!
  return row < 2 ? lagged[2 * row + (column - 2)]! / unit : lagged[2 * column + (row - 2)]! / unit
})
const gibbs = inverse(process.drift, 2)!
const isotropic = gibbs.map((value) => ((process.diffusion[0]! + process.diffusion[3]!) / 2) * value)

export const figure3Suite: Suite<Figure3Setting> = {
  settings: [
    {
      name: 'Figure 3, drift b − Ax',
      covariance: shape,
      covarianceOfPairs: pairs,
      propagator,
      stride,
      experiment: remembered(trajectories(seedFor(300))),
      reference: 'repaired',
      required: true,
      theories: [
        {
          name: 'repaired',
          title: 'drift b − Ax, centred where the plotted potentials are least',
          source: 'I.4 with erratum 9; eqs. 13, 14, 34',
          says: { center: figure3.potentialMinimum, shape, turn },
        },
        {
          name: 'as printed',
          title: 'drift A(b − x), centred at b',
          source: 'I.4 (erratum 9)',
          says: { center: figure3.offset, shape, turn },
        },
        {
          name: 'original loss',
          title: 'p ∝ e^{−κΦ}, Φ = ½xᵀAx − bx, without currents',
          source: 'Gibbs’ law of Φ, the left panel',
          says: { center: figure3.potentialMinimum, shape: gibbs, turn: 0 },
        },
        {
          name: 'isotropic noise',
          title: 'p ∝ e^{−Φ/T} at the mean temperature of both directions, without currents',
          source: 'D ∝ I',
          says: { center: figure3.potentialMinimum, shape: isotropic, turn: 0 },
        },
        {
          name: 'turned round',
          title: 'the current of the other sign of Q',
          source: 'eq. 17 with −Q',
          says: { turn: -turn },
        },
      ],
    },
  ],
  ledger: specLedger,
  mutants: [],
}
