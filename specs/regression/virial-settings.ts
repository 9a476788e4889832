import type { PhasePoint } from '../../foundation/phase-space.ts'
import type { Experiment, NamedTheory, Setting, Suite } from '../../harness/hypothesis.ts'
import { logSpread, type Spread } from '../../harness/spread.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { observeVirial } from '../../observables/index.ts'
import { NotPredictedError, type Theory } from '../../oracle/theory.ts'
import { type Virial, virialFromStart, virialOf } from '../../oracle/virial.ts'
import { pooledMargin } from './margins.ts'
import { modeSettings } from './mode-settings.ts'
import type { RegressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'
import { referenceOf, stationarySpread } from './spread.ts'

/** Windows of chains, stationary or from a known start, over which the virial is taken with the full gradient. */

/** Both sides of the virial, each mode's part: position times full gradient, and what motion and the window's ends give. */
export interface VirialSides {
  /** // [mode] */
  readonly potential: Float64Array
  /** Kinetic part and boundary together. // [mode] */
  readonly motion: Float64Array
}

/** What is said of the means of the two sides. */
export interface VirialTheory extends NamedTheory {
  readonly sides: VirialSides
}

export interface VirialSetting extends Setting {
  readonly theories: readonly VirialTheory[]
  readonly windows: Experiment<VirialSides>
  readonly margin: number | readonly number[]
  /** Scatter of the ratio of the two sides, of modes first, …, last − 1. */
  readonly spread: (first: number, last: number) => Spread
  /** Of modes first, …, last − 1, in steps; 0 from a known start. */
  readonly relaxation: (first: number, last: number) => number
  readonly modeCount: number
  /** Whether modes are asked about one by one too. */
  readonly eachMode: boolean
}

interface Plan {
  readonly stream: number
  /** At the usual budget. */
  readonly steps: number
  readonly eachMode?: true
  readonly margin?: number | readonly number[]
}

const replicas = 128
const looks = [replicas / 2, replicas]

function theory(name: string, title: string, source: string, sides: VirialSides): VirialTheory {
  return { name, title, source, sides }
}

/** (η(1−β)/2) E‖v‖² on the other side. */
function signOfMomentum({ momentum }: RegressionSetting['hyperparameters'], { kinetic, motion }: Motion): VirialTheory {
  const lost = (2 * momentum) / (1 + momentum)
  return theory('1−β for 1+β', 'the virial with (η(1−β)/2) E‖v‖²', 'the friction’s 1−β where the mass has 1+β', {
    potential: motion.map((value, l) => value - lost * kinetic[l]!),
    motion,
  })
}

interface Motion {
  readonly kinetic: Float64Array
  readonly motion: Float64Array
}

function curvaturesOf({ problem, hyperparameters }: RegressionSetting): Float64Array {
  return problem.eigenvalues.map((rho) => rho + hyperparameters.weightDecay)
}

/** Σ_l x_l n_l, the variance of one step's (x_k − c)·ε_k, where the noise is independent of the past. */
function noiseTimes(squares: Float64Array, variances: Float64Array, first: number, last: number): number {
  let sum = 0
  for (let l = first; l < last; l++) sum += squares[l]! * variances[l]!
  return sum
}

function total(values: Float64Array, first: number, last: number): number {
  return values.subarray(first, last).reduce((sum, value) => sum + value, 0)
}

/** @param away the point that the virial is about, in stationary deviations of each mode from the minimum */
function stationary(
  name: string,
  regression: RegressionSetting,
  away: number,
  { stream, steps, eachMode, margin = pooledMargin }: Plan,
): VirialSetting {
  const { problem, hyperparameters, memory, noise, windowStride } = regression
  const { modeCount, eigenvalues } = problem
  const reference = regression.theories.find((one) => one.name === regression.reference)!
  const own = virialOf(reference, eigenvalues, hyperparameters)
  const positions = referenceOf(regression).positionVariance!()
  const curvatures = curvaturesOf(regression)
  const centers = away === 0 ? [] : [positions.map((variance) => away * Math.sqrt(variance))]
  // from an epoch's start to an epoch's end
  const window = windowStride * Math.ceil((steps * specBudget()) / replicas / windowStride)
  const seed = seedFor(stream)
  const source = regression.stationarySource(seed)
  const said = regression.theories.flatMap((one): VirialTheory[] => {
    const virial = stationaryVirial(one, regression)
    return virial === undefined
      ? []
      : [theory(one.name, one.title, one.source, { potential: virial.potential, motion: virial.kinetic })]
  })
  return {
    name,
    sampling: regression.sampling,
    reference: regression.reference,
    required: regression.required,
    theories: [...said, signOfMomentum(hyperparameters, { kinetic: own.kinetic, motion: own.kinetic })],
    windows: {
      name: 'windows',
      seed,
      looks,
      stepsPerReplica: window,
      samplesPerReplica: window,
      runReplica(chain) {
        const { observer, record } = observeVirial(problem, {
          ...hyperparameters,
          curvatures,
          from: 0,
          to: window,
          centers,
        })
        source.run(chain, window, observer)
        const { potential, kinetic, boundary } = record()
        // about the last centre
        const row = potential.length - modeCount
        return {
          potential: potential.subarray(row),
          motion: kinetic.map((value, l) => value + boundary[row + l]!),
        }
      },
    },
    margin,
    /**
     * What is left of the two sides is the mean of −(x_k − c)·ε_k, terms that hardly correlate; where it has a mean r, as in shuffled
     * epochs, the potential's own scatter adds r/kinetic of itself.
     */
    spread(first, last) {
      const kinetic = total(own.kinetic, first, last)
      const squares = positions.map((variance) => variance * (1 + away ** 2))
      const left = Math.sqrt(noiseTimes(squares, noise.variances, first, last)) / kinetic
      const inside = own.potential.map((value, l) => (l >= first && l < last ? value : 0))
      const ofPotential = stationarySpread(regression, inside, memory.positionSteps).varianceSteps
      const share = Math.abs(total(own.residual, first, last)) / kinetic
      return logSpread((left + share * Math.sqrt(ofPotential)) ** 2, 0)
    },
    relaxation: (first, last) => Math.max(...memory.relaxationSteps.subarray(first, last)),
    modeCount,
    eachMode: eachMode ?? false,
  }
}

function stationaryVirial(one: Theory, { problem, hyperparameters }: RegressionSetting): Virial | undefined {
  try {
    return virialOf(one, problem.eigenvalues, hyperparameters)
  } catch (error) {
    if (error instanceof NotPredictedError) return undefined
    throw error
  }
}

const chainsPerReplica = 16

/** Short windows from every mode displaced, at rest: positions fall, and the window's ends are most of the balance. */
function fromStart(
  name: string,
  regression: RegressionSetting,
  { deviations, window, stream, steps, margin = pooledMargin }: Plan & { deviations: number; window: number },
): VirialSetting {
  const { problem, hyperparameters, noise } = regression
  const { modeCount } = problem
  const { law } = regression.theories.find((one) => one.name === regression.reference)!
  if (law === undefined) throw new RangeError(`fromStart: ${regression.reference} must have a law`)
  const curvatures = curvaturesOf(regression)
  const start: PhasePoint = {
    position: curvatures.map((_, l) => deviations * Math.sqrt(law.stationary[4 * l]!)),
    velocity: new Float64Array(modeCount),
  }
  const { potential, kinetic, boundary } = virialFromStart(law, hyperparameters, start, window)
  const motion = kinetic.map((value, l) => value + boundary[l]!)
  const seed = seedFor(stream)
  const source = regression.sourceFrom(start, seed)
  const samples = Math.ceil((steps * specBudget()) / replicas / chainsPerReplica / window) * chainsPerReplica
  return {
    name,
    sampling: regression.sampling,
    reference: 'pathwise identity',
    required: regression.required,
    theories: [
      theory(
        'pathwise identity',
        'the virial with its boundary terms',
        '‖θ_{k+1}−c‖² − ‖θ_k−c‖² = 2η(θ_k−c)·v_{k+1} + η²‖v_{k+1}‖²',
        {
          potential,
          motion,
        },
      ),
      signOfMomentum(hyperparameters, { kinetic, motion }),
      theory('no boundary terms', 'the virial at stationarity, on a window that is not', 'G.3', {
        potential: kinetic,
        motion,
      }),
    ],
    windows: {
      name: 'windows',
      seed,
      looks,
      stepsPerReplica: samples * window,
      samplesPerReplica: samples,
      runReplica(replica) {
        const mean: VirialSides = { potential: new Float64Array(modeCount), motion: new Float64Array(modeCount) }
        for (let chain = replica * samples; chain < (replica + 1) * samples; chain++) {
          const { observer, record } = observeVirial(problem, {
            ...{ ...hyperparameters, curvatures, from: 0, to: window, centers: [] },
          })
          source.run(chain, window, observer)
          const one = record()
          for (let l = 0; l < modeCount; l++) {
            mean.potential[l]! += one.potential[l]! / samples
            mean.motion[l]! += (one.kinetic[l]! + one.boundary[l]!) / samples
          }
        }
        return mean
      },
    },
    margin,
    spread(first, last) {
      // Σ_k x_k·ε_k over the window: E x_k² summed is steps·potential/h
      const squares = potential.map((value, l) => value / curvatures[l]! / window)
      return logSpread(noiseTimes(squares, noise.variances, first, last) / total(motion, first, last) ** 2, 0)
    },
    relaxation: () => 0,
    modeCount,
    eachMode: true,
  }
}

export const virialSuite: Suite<VirialSetting> = {
  settings: [
    stationary('gaussian noise', modeSettings.gaussian, 0, { stream: 360, steps: 1.4e6 }),
    stationary('gaussian noise, large learning rate', modeSettings.large, 0, {
      stream: 361,
      steps: 3e6,
      eachMode: true,
    }),
    stationary('gaussian noise, about another point', modeSettings.gaussian, 1, { stream: 362, steps: 2.5e6 }),
    stationary('batches with replacement', modeSettings.replacement, 0, { stream: 363, steps: 1.4e6 }),
    stationary('shuffled epochs, frozen noise', modeSettings.shuffled, 0, {
      stream: 364,
      steps: 1.6e6,
      margin: [pooledMargin, 2 * pooledMargin],
    }),
    fromStart('displaced, 25 steps', modeSettings.gaussian, { deviations: 20, window: 25, stream: 365, steps: 5e4 }),
  ],
  ledger: specLedger,
  mutants: [],
}
