import type { Hyperparameters, ModeSpectrum } from '../foundation/phase-space.ts'
import { modePower } from './discrete-mode.ts'
import { type EpochShuffling, shuffledEpochsTheory } from './shuffled-epochs.ts'
import type { PhaseBlocks } from './theory.ts'

/**
 * Stationary Cov(z_t, z_{t+lag}) of SGD in shuffled epochs with additive noise, the earlier time first, t being `place` batches
 * after an epoch's start, or each place equally often.
 *
 * It is not P (Mʲ)ᵀ: what is still to come in an epoch is anticorrelated with what has been (theory, sec. 6). With P_e the
 * covariance at the epoch's start, p batches taken, m_r = Σ_{i<r} Mⁱn, A_p = Σ_{i<p} Mⁱn nᵀ(Mⁱ)ᵀ, c = min(lag, K−p) batches to
 * come in the epoch and s = σ²ρ,
 *
 *     M^p P_e (M^{p+lag})ᵀ + s N/(N−1) [A_p (M^lag)ᵀ/S − m_p (M^lag m_p + M^{lag−c} m_c)ᵀ/N].
 *
 * @param place integer in [0, K), or 'anywhere'
 * @param lag integer ≥ 0, steps
 * @returns xx, xv, vx, vv // [mode, 4]
 * @throws RangeError for a place or lag out of range, and as shuffledEpochsTheory
 *
 * Accuracy: ε relative to A, whatever of it an epoch takes back: for a mode so slow that an epoch cancels all but 1e-6 of it, 1e-10.
 * Cost: O(K) a mode.
 */
export function shuffledTwoTimeStationary(
  spectrum: ModeSpectrum,
  hyperparameters: Hyperparameters,
  shuffling: EpochShuffling,
  place: number | 'anywhere',
  lag: number,
): PhaseBlocks {
  const { epochSteps, epochEnd } = shuffledEpochsTheory(spectrum, hyperparameters, shuffling)
  requireStep('shuffledTwoTimeStationary', 'lag', lag)
  if (place !== 'anywhere') {
    requireStep('shuffledTwoTimeStationary', 'place', place)
    if (place >= epochSteps) {
      throw new RangeError(
        `shuffledTwoTimeStationary: place must be below the ${epochSteps} steps of an epoch, got ${place}`,
      )
    }
  }
  const blocks = new Float64Array(epochEnd.length)
  for (let l = 0; l < spectrum.eigenvalues.length; l++) {
    const sum = blocks.subarray(4 * l, 4 * l + 4)
    const start = epochEnd.subarray(4 * l, 4 * l + 4)
    forEachPlace(modeOf(spectrum, hyperparameters, l), shuffling, epochSteps, start, lag, (at, covariance) => {
      if (place !== 'anywhere' && at !== place) return
      const share = place === 'anywhere' ? 1 / epochSteps : 1
      for (let entry = 0; entry < 4; entry++) sum[entry]! += share * covariance[entry]!
    })
  }
  return blocks
}

/**
 * The same from a known point at an epoch's start: Cov(z_t, z_{t+lag}), t = `step`.
 *
 * @param step integer ≥ 0
 * @throws RangeError for a step or lag out of range, and as shuffledEpochsTheory
 */
export function shuffledTwoTimeFromStart(
  spectrum: ModeSpectrum,
  hyperparameters: Hyperparameters,
  shuffling: EpochShuffling,
  step: number,
  lag: number,
): PhaseBlocks {
  const { epochSteps, predictions } = shuffledEpochsTheory(spectrum, hyperparameters, shuffling)
  requireStep('shuffledTwoTimeFromStart', 'step', step)
  requireStep('shuffledTwoTimeFromStart', 'lag', lag)
  const place = step % epochSteps
  const epochStart = predictions.covarianceAtStep!([step - place])
  const blocks = new Float64Array(epochStart.length)
  for (let l = 0; l < spectrum.eigenvalues.length; l++) {
    const start = epochStart.subarray(4 * l, 4 * l + 4)
    forEachPlace(modeOf(spectrum, hyperparameters, l), shuffling, epochSteps, start, lag, (at, covariance) => {
      if (at === place) blocks.set(covariance, 4 * l)
    })
  }
  return blocks
}

/**
 * What two times of shuffled epochs have beyond one time carried on: E z_t z_{t+lag}ᵀ − E z_t z_tᵀ (M^lag)ᵀ, for each place of t in
 * its epoch, from any start of an epoch. In the same symbols
 *
 *     −s/(N−1) m_p (M^{lag−c} m_c)ᵀ,
 *
 * for what is to come in an epoch makes up for what has been.
 *
 * @returns for a lag of so many steps, an integer ≥ 0, and each place 0 … K−1 // [place][mode, 4]: xx, xv, vx, vv, the earlier
 *   time first
 * @throws RangeError as shuffledEpochsTheory, and the function for a lag out of range
 *
 * Cost: O(K) a mode and lag.
 */
export function shuffledTwoTimeExcess(
  spectrum: ModeSpectrum,
  hyperparameters: Hyperparameters,
  shuffling: EpochShuffling,
): (lag: number) => PhaseBlocks[] {
  const { epochSteps } = shuffledEpochsTheory(spectrum, hyperparameters, shuffling)
  const { exampleCount: N } = shuffling
  const modes = Array.from(spectrum.eigenvalues, (_, l) => {
    const mode = modeOf(spectrum, hyperparameters, l)
    return { mode, kicks: kicksOf(mode, epochSteps), scale: N > 1 ? -mode.variance / (N - 1) : 0 }
  })
  return (lag) => {
    requireStep('shuffledTwoTimeExcess', 'lag', lag)
    return Array.from({ length: epochSteps }, (_, place) => {
      const blocks = new Float64Array(4 * modes.length)
      const coming = Math.min(lag, epochSteps - place)
      for (const [l, { mode, kicks, scale }] of modes.entries()) {
        const [x, v] = [kicks[2 * place]!, kicks[2 * place + 1]!]
        const [cx, cv] = [kicks[2 * coming]!, kicks[2 * coming + 1]!]
        const beyond = powerOf(mode, lag - coming)
        const [laterX, laterV] = [beyond[0]! * cx + beyond[1]! * cv, beyond[2]! * cx + beyond[3]! * cv]
        blocks.set([scale * x * laterX, scale * x * laterV, scale * v * laterX, scale * v * laterV], 4 * l)
      }
      return blocks
    })
  }
}

interface Mode {
  readonly learningRate: number
  readonly momentum: number
  readonly curvature: number
  /** s, one example's noise. */
  readonly variance: number
  readonly batchSize: number
}

function modeOf({ eigenvalues, noiseVariances }: ModeSpectrum, hyperparameters: Hyperparameters, l: number): Mode {
  const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
  const variance = eigenvalues[l]! * noiseVariances[l]!
  return { learningRate, momentum, curvature: eigenvalues[l]! + weightDecay, variance, batchSize }
}

/** Calls `visit` with the covariance from each place 0 … K−1 of an epoch to `lag` steps later; the array is reused. */
function forEachPlace(
  mode: Mode,
  { exampleCount: N }: EpochShuffling,
  epochSteps: number,
  epochStart: Float64Array,
  lag: number,
  visit: (place: number, covariance: Float64Array) => void,
): void {
  const { learningRate, variance, batchSize } = mode
  const size = Math.min(batchSize, N)
  const scale = N > 1 ? (variance * N) / (N - 1) : 0
  const M = powerOf(mode, 1)
  const later = powerOf(mode, lag)
  const kicks = kicksOf(mode, epochSteps)
  let passed: Float64Array = Float64Array.from(epochStart) // M^p P_e (M^p)ᵀ
  let drawn: Float64Array = new Float64Array(4) // A_p
  const covariance = new Float64Array(4)
  for (let place = 0; place < epochSteps; place++) {
    const coming = Math.min(lag, epochSteps - place)
    const [x, v] = [kicks[2 * place]!, kicks[2 * place + 1]!]
    const [cx, cv] = [kicks[2 * coming]!, kicks[2 * coming + 1]!]
    const beyond = powerOf(mode, lag - coming)
    // M^lag m_p + M^{lag−c} m_c, all of the epoch's kicks as they stand at t + lag
    const allX = later[0]! * x + later[1]! * v + beyond[0]! * cx + beyond[1]! * cv
    const allV = later[2]! * x + later[3]! * v + beyond[2]! * cx + beyond[3]! * cv
    for (let row = 0; row < 2; row++) {
      const own = row === 0 ? x : v
      for (let column = 0; column < 2; column++) {
        const [toX, toV] = [later[2 * column]!, later[2 * column + 1]!]
        covariance[2 * row + column] =
          passed[2 * row]! * toX +
          passed[2 * row + 1]! * toV +
          scale *
            ((drawn[2 * row]! * toX + drawn[2 * row + 1]! * toV) / size - (own * (column === 0 ? allX : allV)) / N)
      }
    }
    visit(place, covariance)
    passed = conjugate(M, passed)
    drawn = conjugate(M, drawn)
    drawn[0]! += learningRate ** 2
    drawn[1]! += learningRate
    drawn[2]! += learningRate
    drawn[3]! += 1
  }
}

/** M^steps. */
function powerOf({ learningRate, momentum, curvature }: Mode, steps: number): Float64Array {
  const block = new Float64Array(4)
  modePower(learningRate, momentum, curvature, steps, block, 0)
  return block
}

/** m_r for r = 0 … K // [r, x or v] */
function kicksOf(mode: Mode, epochSteps: number): Float64Array {
  const M = powerOf(mode, 1)
  const kicks = new Float64Array(2 * (epochSteps + 1))
  for (let r = 0; r < epochSteps; r++) {
    const [x, v] = [kicks[2 * r]!, kicks[2 * r + 1]!]
    kicks[2 * r + 2] = M[0]! * x + M[1]! * v + mode.learningRate
    kicks[2 * r + 3] = M[2]! * x + M[3]! * v + 1
  }
  return kicks
}

/** M C Mᵀ. */
function conjugate(M: Float64Array, C: Float64Array): Float64Array {
  const [a, b, c, d] = [M[0]!, M[1]!, M[2]!, M[3]!]
  const [xx, xv, vx, vv] = [C[0]!, C[1]!, C[2]!, C[3]!]
  return Float64Array.of(
    a * a * xx + a * b * (xv + vx) + b * b * vv,
    a * c * xx + a * d * xv + b * c * vx + b * d * vv,
    c * a * xx + c * b * xv + d * a * vx + d * b * vv,
    c * c * xx + c * d * (xv + vx) + d * d * vv,
  )
}

function requireStep(caller: string, name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 0)) {
    throw new RangeError(`${caller}: ${name} must be an integer ≥ 0, got ${value}`)
  }
}
