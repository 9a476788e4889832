import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { expectedModulus } from './expected-modulus.ts'
import { type BatchOrder, epochSteps, finitePopulation, followMode } from './follow-mode.ts'

/** Where one mode starts. */
export interface ModeStart {
  /** q·(g + λθ) at the start, loss/parameter. */
  readonly force: number
  /** q·v_0, parameter/time. */
  readonly velocity: number
}

/** What one run of a mode over steps 1 … n is expected to show, position seen from the start. */
export interface ModeWindow {
  /** E of the mean square about the run's own mean. */
  readonly positionVariance: number
  readonly velocityVariance: number
  /** E of the mean over steps k = 0 … n−1 of Δ_k v_{k+1} − Δ_{k+1} v_k. */
  readonly rotation: number
}

/** E|X(f)| of X(f) = Σ_{p<n} x_{p+1} e^{−ifp} at f = 2π·bin/n, bins 1 … n/2. */
export interface ModeAmplitudes {
  /** radians a step // [bin] */
  readonly frequencies: Float64Array
  readonly position: Float64Array
  readonly velocity: Float64Array
}

/** Windows of one mode from its start, for any noise: what does not depend on it is computed once. */
export interface ModeWindows {
  /** @param noise qᵀΣq, one example's */
  moments(noise: number): ModeWindow
  /**
   * @param noise qᵀΣq, one example's
   * @throws RangeError if `points` is no even number in [2, steps]
   */
  amplitudes(noise: number): ModeAmplitudes
}

/**
 * The estimators of one mode over a run from a known start, predicted exactly for Gaussian noise, transient, mean and shuffling
 * included. Batch i's noise stands in a sum of later steps with the weight of the summed response to it, so every sum's variance
 * is that of a sum over batches: independent ones, or such as sum to zero over an epoch.
 *
 * @param curvature h = ρ+λ, of any sign
 * @param points n of the spectra
 *
 * Cost: O(steps), and O(points²) for the amplitudes, once.
 */
export function modeWindows(
  curvature: number,
  start: ModeStart,
  hyperparameters: Hyperparameters,
  order: BatchOrder,
  steps: number,
  points: number,
): ModeWindows {
  const { learningRate, momentum } = hyperparameters
  const mean = { position: new Float64Array(steps), velocity: new Float64Array(steps) }
  let [meanRotation, unitRotation] = [0, 0]
  const square = { position: 0, velocity: 0 }
  let [lastX, lastV] = [0, start.velocity]
  const shared = order.sampling === 'shuffled-epochs' ? finitePopulation(order) / order.exampleCount : 0
  followMode(curvature, hyperparameters, order, steps, (step, state) => {
    const x = start.force * state.forceX + start.velocity * state.velocityX
    const v = start.force * state.forceV + start.velocity * state.velocityV
    if (step > 0) {
      mean.position[step - 1] = x
      mean.velocity[step - 1] = v
      square.position += state.xx / steps
      square.velocity += state.vv / steps
      meanRotation += (lastX * v - x * lastV) / steps
    }
    if (step < steps) {
      // Cov(z_k, z_{k+1}) = V Mᵀ, less what the epoch's next batch takes back
      const forward = momentum * state.xv - curvature * state.xx - shared * state.drawnX
      const backward =
        (1 - learningRate * curvature) * state.xv +
        learningRate * momentum * state.vv -
        shared * learningRate * state.drawnV
      unitRotation += (forward - backward) / steps
    }
    ;[lastX, lastV] = [x, v]
  })

  const responses = responseOf(curvature, hyperparameters, steps)
  const aboutMean = (of: 'position' | 'velocity', noise: number): number => {
    let sum = 0
    let squares = 0
    for (const value of mean[of]) {
      sum += value
      squares += value * value
    }
    const overall = sumVariance(responses[of], hyperparameters, order)
    return noise * (square[of] - overall / steps ** 2) + squares / steps - (sum / steps) ** 2
  }
  let transforms: { readonly position: Transform; readonly velocity: Transform } | undefined
  return {
    moments: (noise) => ({
      positionVariance: aboutMean('position', noise),
      velocityVariance: aboutMean('velocity', noise),
      rotation: meanRotation + noise * unitRotation,
    }),
    amplitudes(noise) {
      if (!(Number.isInteger(points / 2) && points >= 2 && points <= steps)) {
        throw new RangeError(`modeWindows: points must be an even number in [2, ${steps}], got ${points}`)
      }
      transforms ??= {
        position: transformOf(responses.position, mean.position, points, hyperparameters, order),
        velocity: transformOf(responses.velocity, mean.velocity, points, hyperparameters, order),
      }
      const modulus = (transform: Transform): Float64Array =>
        transform.power.map((power, bin) =>
          expectedModulus({
            power: noise * power,
            pseudoReal: noise * transform.pseudoReal[bin]!,
            pseudoImaginary: noise * transform.pseudoImaginary[bin]!,
            meanReal: transform.meanReal[bin]!,
            meanImaginary: transform.meanImaginary[bin]!,
          }),
        )
      return {
        frequencies: Float64Array.from({ length: points / 2 }, (_, bin) => (2 * Math.PI * (bin + 1)) / points),
        position: modulus(transforms.position),
        velocity: modulus(transforms.velocity),
      }
    },
  }
}

/** Σ f a / Σ a, appendix H's mean frequency. */
export function meanFrequency(frequencies: ArrayLike<number>, amplitudes: ArrayLike<number>): number {
  let weighted = 0
  let total = 0
  for (let bin = 0; bin < frequencies.length; bin++) {
    weighted += frequencies[bin]! * amplitudes[bin]!
    total += amplitudes[bin]!
  }
  return weighted / total
}

/** Mʲn, a mode's response to one batch's noise −1 as it stands j steps later. // [step] each */
function responseOf(
  curvature: number,
  { learningRate, momentum }: Hyperparameters,
  steps: number,
): { readonly position: Float64Array; readonly velocity: Float64Array } {
  const position = new Float64Array(steps)
  const velocity = new Float64Array(steps)
  let [x, v] = [learningRate, 1]
  for (let j = 0; j < steps; j++) {
    position[j] = x
    velocity[j] = v
    v = momentum * v - curvature * x
    x += learningRate * v
  }
  return { position, velocity }
}

/** Variance of the sum over steps 1 … n, for one example's noise of variance 1. */
function sumVariance(response: Float64Array, hyperparameters: Hyperparameters, order: BatchOrder): number {
  const steps = response.length
  const sums = new Float64Array(steps) // of the response over the steps that are left, by batch
  let sum = 0
  for (let left = 1; left <= steps; left++) {
    sum += response[left - 1]!
    sums[steps - left] = sum
  }
  const epoch = epochSteps(order, hyperparameters)
  let own = 0
  let shared = 0
  for (let from = 0; from < steps; from += epoch) {
    let total = 0
    for (let batch = from; batch < Math.min(steps, from + epoch); batch++) {
      own += sums[batch]! ** 2
      total += sums[batch]!
    }
    shared += total * total
  }
  return batchVariance(own, shared, hyperparameters, order)
}

/** What squares summed over batches, and squares of epochs' sums, come to. */
function batchVariance(own: number, shared: number, { batchSize }: Hyperparameters, order: BatchOrder): number {
  if (order.sampling === 'with-replacement') return own / batchSize
  return finitePopulation(order) * (own / batchSize - shared / order.exampleCount)
}

/** Second moments of X(f) for one example's noise of variance 1, and its mean. // [bin] each */
interface Transform {
  readonly power: Float64Array
  readonly pseudoReal: Float64Array
  readonly pseudoImaginary: Float64Array
  readonly meanReal: Float64Array
  readonly meanImaginary: Float64Array
}

function transformOf(
  response: Float64Array,
  mean: Float64Array,
  points: number,
  hyperparameters: Hyperparameters,
  order: BatchOrder,
): Transform {
  const epoch = epochSteps(order, hyperparameters)
  const bins = points / 2
  const cosines = Float64Array.from({ length: points }, (_, j) => Math.cos((2 * Math.PI * j) / points))
  const sines = Float64Array.from({ length: points }, (_, j) => Math.sin((2 * Math.PI * j) / points))
  const empty = (): Float64Array => new Float64Array(bins)
  const out: Transform = {
    power: empty(),
    pseudoReal: empty(),
    pseudoImaginary: empty(),
    meanReal: empty(),
    meanImaginary: empty(),
  }
  for (let bin = 1; bin <= bins; bin++) {
    // H = Σ_{j < left} response e^{−ifj}; batch i = points − left adds e^{−ifi}H
    let [real, imaginary] = [0, 0]
    let [own, ownReal, ownImaginary] = [0, 0, 0]
    let [shared, sharedReal, sharedImaginary] = [0, 0, 0]
    let [epochReal, epochImaginary] = [0, 0]
    let [meanReal, meanImaginary] = [0, 0]
    for (let left = 1; left <= points; left++) {
      const j = (bin * (left - 1)) % points
      real += response[left - 1]! * cosines[j]!
      imaginary -= response[left - 1]! * sines[j]!
      meanReal += mean[left - 1]! * cosines[j]!
      meanImaginary -= mean[left - 1]! * sines[j]!
      const batch = points - left
      const turn = (bin * batch) % points
      const yReal = real * cosines[turn]! + imaginary * sines[turn]!
      const yImaginary = imaginary * cosines[turn]! - real * sines[turn]!
      own += real * real + imaginary * imaginary
      ownReal += yReal * yReal - yImaginary * yImaginary
      ownImaginary += 2 * yReal * yImaginary
      epochReal += yReal
      epochImaginary += yImaginary
      if (batch % epoch === 0) {
        shared += epochReal * epochReal + epochImaginary * epochImaginary
        sharedReal += epochReal * epochReal - epochImaginary * epochImaginary
        sharedImaginary += 2 * epochReal * epochImaginary
        epochReal = 0
        epochImaginary = 0
      }
    }
    out.power[bin - 1] = Math.max(0, batchVariance(own, shared, hyperparameters, order))
    out.pseudoReal[bin - 1] = batchVariance(ownReal, sharedReal, hyperparameters, order)
    out.pseudoImaginary[bin - 1] = batchVariance(ownImaginary, sharedImaginary, hyperparameters, order)
    out.meanReal[bin - 1] = meanReal
    out.meanImaginary[bin - 1] = meanImaginary
  }
  return out
}
