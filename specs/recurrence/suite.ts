import { identity } from '../../foundation/linear-algebra/square-matrix.ts'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { type RegressionProblem, regressionProblem, spectrumOf } from '../../foundation/regression-problem.ts'
import type { Experiment, Setting, Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import type { Spread } from '../../harness/spread.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeTwoTime, totalVelocityProducts } from '../../observables/index.ts'
import { discreteLaw, discreteTheory } from '../../oracle/discrete.ts'
import { langevinLaw } from '../../oracle/langevin.ts'
import { revival, totalVelocityCorrelation } from '../../oracle/recurrence.ts'
import type { SecondOrderLaw } from '../../oracle/theory.ts'
import { regressionSource } from '../../sim/index.ts'
import { cloudAtMinimum, referenceFor } from '../regression/reference.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** Revivals of the total velocity at the recurrence setting's lags; undefined where a voice says nothing. */
export type Revivals = (lag: number) => number | undefined

/** Σ_l of v_l(k)v_l(k+j) and v_l(k)², times β^{−j/2} the first. // [lag] each */
export interface RecurrenceRecord {
  readonly product: Float64Array
  readonly square: Float64Array
}

/** Modes that all oscillate, with Gaussian noise, at stationarity. */
export interface RecurrenceSetting extends Setting {
  readonly theories: readonly Voice<Revivals>[]
  readonly experiment: Experiment<RecurrenceRecord>
  readonly lags: readonly number[]
  /** Where a common period would end, among the lags. */
  readonly period: number
  /** Of a revival. */
  readonly spread: (lag: number) => Spread
}

const hyperparameters: Hyperparameters = { learningRate: 0.02, momentum: 0.96, weightDecay: 0, batchSize: 8 }
const noiseVariance = 0.7
const period = 24
const lags = [6, 10, 14, 18, period]
/** Windows of every lag start this often. */
const stride = period
const stepsPerReplica = Math.max(2000, Math.floor((4e6 * specBudget()) / 128))

/** One mode for each angle that it turns a step. */
function turning(angles: readonly number[]): RegressionProblem {
  const { learningRate, momentum } = hyperparameters
  const count = angles.length
  const eigenvalues = angles
    .map((angle) => (1 + momentum - 2 * Math.sqrt(momentum) * Math.cos(angle)) / learningRate)
    .sort((a, b) => b - a)
  return {
    ...regressionProblem(identity(count), new Float64Array(count), count, 0),
    eigenvalues: Float64Array.from(eigenvalues),
    residualCovariance: Float64Array.of(noiseVariance),
    noiseVariance,
  }
}

/** Revivals of another law, taken as a measurement of these modes is. */
function revivalsOf(law: SecondOrderLaw, problem: RegressionProblem): Revivals {
  return (lag) => revival(totalVelocityCorrelation(law, [lag]), [lag], problem.eigenvalues, hyperparameters)[0]!
}

function setting(
  name: string,
  angles: readonly number[],
  others: readonly number[],
  stream: number,
): RecurrenceSetting {
  const problem = turning(angles)
  const law = discreteLaw(spectrumOf(problem), hyperparameters)
  const { startCovariance } = referenceFor(problem, hyperparameters, 'gaussian')
  const seed = seedFor(stream)
  const source = regressionSource(problem, hyperparameters, {
    sampling: 'gaussian',
    seed,
    start: cloudAtMinimum(problem, startCovariance),
  })
  // Erratum 4's rotation at rates proportional to the eigenvalues, the slowest mode's its own.
  const slowest = Math.min(...angles)
  const least = Math.min(...problem.eigenvalues)
  const asEigenvalues = turning([...problem.eigenvalues].map((rho) => (slowest * rho) / least))
  return {
    name,
    lags,
    period,
    spread: (lag) => spreadOf(law, problem, lag),
    experiment: remembered({
      name: 'stationary',
      seed,
      looks: [64, 128],
      stepsPerReplica,
      samplesPerReplica: stepsPerReplica,
      runReplica(chain: number) {
        const { observer, record } = observeTwoTime(source, { burnIn: 0, lags, stride })
        source.run(chain, stepsPerReplica, observer)
        const { product, square } = totalVelocityProducts(record())
        return { product: product.map((value, j) => value * growth(lags[j]!)), square }
      },
    }),
    reference: 'discrete',
    required: true,
    theories: [
      { ...discreteTheory(spectrumOf(problem), hyperparameters), says: revivalsOf(law, problem) },
      {
        name: 'limit cycle',
        title: 'the velocity comes back whole after each period',
        source: 'Chaudhari & Soatto 2018, whom sec. 7 contradicts',
        says: (lag) => (lag === period ? growth(lag) : undefined),
      },
      {
        name: 'complete revival',
        title: 'but for friction, the velocity comes back whole after each period',
        source: 'modes of commensurate frequencies',
        says: (lag) => (lag === period ? 1 : undefined),
      },
      {
        name: 'other frequencies',
        title: 'the modes of the other setting: frequencies with a common measure for those without, and the reverse',
        source: 'as many modes in the same band',
        says: revivalsOf(discreteLaw(spectrumOf(turning(others)), hyperparameters), problem),
      },
      {
        name: 'frequencies as eigenvalues',
        title: 'modes turn at rates proportional to their eigenvalues',
        source: 'secs. 7 and F.2 (erratum 4)',
        says: revivalsOf(discreteLaw(spectrumOf(asEigenvalues), hyperparameters), problem),
      },
      {
        name: 'Brownian',
        title: 'velocities correlate with nothing',
        source: 'Brownian motion',
        says: () => 0,
      },
      {
        name: 'langevin',
        title: 'Langevin dynamics at times ηk',
        source: 'eqs. 5 and 34',
        says: revivalsOf(langevinLaw(spectrumOf(problem), hyperparameters), problem),
      },
    ],
  }
}

/** β^{−j/2}: what friction took is given back. */
function growth(lag: number): number {
  return hyperparameters.momentum ** (-lag / 2)
}

/**
 * Of Σ_l v_l(k)v_l(k+j) over Σ_l v_l(k)², from the fourth moments of Gaussian velocities, windows a cycle apart: with r the quotient,
 * u = v₀v_j − r v₀² of one mode has Cov(u₀, u_m) = c_m² + c_{m+j}c_{m−j} − 2r c_m(c_{m−j} + c_{m+j}) + 2r²c_m², times (Var v)².
 */
function spreadOf(law: SecondOrderLaw, { eigenvalues }: RegressionProblem, lag: number): Spread {
  const cycle = stride * Math.ceil(lag / stride)
  const quotient = totalVelocityCorrelation(law, [lag])[0]!
  const variances = eigenvalues.map((_, l) => law.stationary[4 * l + 3]!)
  const total = variances.reduce((sum, value) => sum + value, 0)
  const far = 20 * cycle
  const correlation = Array.from({ length: far + lag + 1 }, (_, m) => {
    const E = law.propagator(m)
    return eigenvalues.map(
      (__, l) =>
        (law.stationary[4 * l + 2]! * E[4 * l + 2]! + law.stationary[4 * l + 3]! * E[4 * l + 3]!) / variances[l]!,
    )
  })
  let [variance, third] = [0, 0]
  for (let l = 0; l < eigenvalues.length; l++) {
    const c = (m: number): number => correlation[Math.abs(m)]![l]!
    const covariance = (m: number): number =>
      c(m) ** 2 + c(m + lag) * c(m - lag) - 2 * quotient * c(m) * (c(m - lag) + c(m + lag)) + 2 * (quotient * c(m)) ** 2
    const alone = covariance(0)
    let all = alone
    for (let m = cycle; m <= far; m += cycle) all += covariance(m) + covariance(-m)
    const share = variances[l]! / total
    variance += share ** 2 * all
    // 8 tr(MC)³ of the form (v₀, v_j)M(v₀, v_j)ᵀ
    const first = c(lag) / 2 - quotient
    const [a, b, d, e] = [first, 0.5 - quotient * c(lag), 0.5, c(lag) / 2]
    const cube = a ** 3 + 3 * a * b * d + 3 * b * d * e + e ** 3
    third += 8 * cube * share ** 3 * (all / alone) ** 2
  }
  return {
    varianceSteps: variance * cycle * growth(lag) ** 2,
    asymmetrySteps: (Math.abs(third) * cycle ** 2 * growth(lag) ** 3) / 3,
  }
}

const turn = (2 * Math.PI) / period
const incommensurate = [7, 11, 13, 17, 19].map((p) => 0.15 * Math.sqrt(p))
const commensurate = [2, 3, 4].map((multiple) => multiple * turn)

export const recurrences: Suite<RecurrenceSetting> = {
  settings: [
    setting('frequencies without a common measure', incommensurate, commensurate, 310),
    setting('frequencies with a common measure', commensurate, incommensurate, 312),
  ],
  ledger: specLedger,
  mutants: [],
}
