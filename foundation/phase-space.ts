/**
 * Phase space of SGD near a quadratic minimum: what a point, a mode and a source of trajectories are.
 *
 * Everything is said in the eigenbasis of the Hessian, H q_l = ρ_l q_l, with position x_l = q_lᵀ(θ − μ) and
 * velocity v_l = q_lᵀv, where θ_{k+1} = θ_k + η v_{k+1}.
 */

/** What SGD with momentum is run with (eq. 2). */
export interface Hyperparameters {
  /** η > 0, time per step. */
  readonly learningRate: number
  /** β in [0, 1), heavy-ball coefficient. */
  readonly momentum: number
  /** λ ≥ 0, L2 coefficient, in units of curvature. */
  readonly weightDecay: number
  /** S ≥ 1, examples a step. */
  readonly batchSize: number
}

/** The modes that move: eigenvalues of H with the gradient noise in each. Modes with ρ = 0 are left out. */
export interface ModeSpectrum {
  /** ρ_l > 0, curvature. // [mode] */
  readonly eigenvalues: Float64Array
  /** σ²_l ≥ 0, loss: one example's gradient noise along q_l has variance σ²_l ρ_l (Assumption 3: the same for all l). // [mode] */
  readonly noiseVariances: Float64Array
}

/** One point of phase space. */
export interface PhasePoint {
  /** x_l, parameter units. // [mode] */
  readonly position: Float64Array
  /** v_l, parameter units per time. // [mode] */
  readonly velocity: Float64Array
}

/**
 * Called at steps 0, 1, …, steps with the state after that step; the arrays are reused, copy what you keep.
 * Both are // [output, mode], position relative to the minimum μ.
 */
export type PhaseObserver = (step: number, position: Float64Array, velocity: Float64Array) => void

/** Sums over every step after `after`, each over outputs too: second moments without a look at every state. */
export interface PhaseSums {
  /** Steps left out at the start, integer ≥ 0. */
  readonly after: number
  /** Steps summed so far; the source counts. */
  steps: number
  /** Σ x_l². // [mode] */
  readonly positionSquare: Float64Array
  /** Σ v_l². // [mode] */
  readonly velocitySquare: Float64Array
  /** Σ x_l v_l. // [mode] */
  readonly positionVelocity: Float64Array
}

/** No step summed yet. */
export function phaseSums(modeCount: number, after: number): PhaseSums {
  const zeros = (): Float64Array => new Float64Array(modeCount)
  return { after, steps: 0, positionSquare: zeros(), velocitySquare: zeros(), positionVelocity: zeros() }
}

/** Adds one step. Both are // [output, mode] */
export function addToSums(sums: PhaseSums, position: Float64Array, velocity: Float64Array): void {
  const { positionSquare, velocitySquare, positionVelocity } = sums
  const modeCount = positionSquare.length
  sums.steps++
  for (let from = 0; from < position.length; from += modeCount) {
    for (let l = 0; l < modeCount; l++) {
      const x = position[from + l]!
      const v = velocity[from + l]!
      positionSquare[l]! += x * x
      velocitySquare[l]! += v * v
      positionVelocity[l]! += x * v
    }
  }
}

/** An observer that need not see every step: between those it asks for, a source is free to run its fastest loop. */
export interface PacedObserver {
  /** Called at step 0 and at each step asked for. */
  readonly observe: PhaseObserver
  /** The next step, later than this one, that must be shown; Infinity for none. */
  next(step: number): number
  /** What the source adds up on the way, steps that are not shown included; up to date when a step is shown, and at the end. */
  readonly sums?: PhaseSums
}

/** An observer of every step always asks for the next one. */
export function paced(observer: PhaseObserver | PacedObserver): PacedObserver {
  return typeof observer === 'function' ? { observe: observer, next: (step) => step + 1 } : observer
}

/** Thrown by a source whose state has left the finite numbers, naming chain and step. */
export class DivergedError extends Error {}

/** Anything that streams phase-space points: a simulator, a trainer, a recorded file. An observable never knows which. */
export interface TrajectorySource {
  readonly modeCount: number
  readonly outputCount: number
  /**
   * Streams one chain from its start through `steps` steps, to an observer of every step or a paced one.
   * The same chain number gives the same bytes, in any order of calls and whoever observes.
   */
  run(chain: number, steps: number, observer: PhaseObserver | PacedObserver): void
}

/** How the examples, or the noise, of each step are drawn. */
export type SamplingScheme = (typeof samplingSchemes)[number]

export const samplingSchemes = [
  'gaussian',
  'student-t',
  'with-replacement',
  'without-replacement',
  'shuffled-epochs',
  'fixed-order',
] as const
