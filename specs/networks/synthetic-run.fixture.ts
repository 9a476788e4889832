import type { NetworkReport } from '../../foundation/network-results.ts'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { uniformInteger } from '../../foundation/random/uniform-integer.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import type { RecordedRun } from './analyse-run.ts'
import type { BatchOrder } from './follow-mode.ts'
import type { NetworkStart } from './network-predictions.ts'

/**
 * A network that is exactly quadratic and whose examples' gradients differ by constants: N vectors of noise, of mean zero and a
 * given variance in each mode. All that is predicted of it holds exactly, in either order of its examples.
 */
export interface QuadraticNetwork {
  /** Descending, of any sign. // [mode] */
  readonly eigenvalues: readonly number[]
  /** qᵀΣq of one example. // [mode] */
  readonly noise: readonly number[]
  /** q·(g + λθ) at the start. // [mode] */
  readonly forces: readonly number[]
  /** The first so many modes' eigenvectors are known. */
  readonly topCount: number
}

/** Trains it as a network is trained, recorded as a network is recorded; the full gradient every `fullEvery` steps. */
export function syntheticRun(
  network: QuadraticNetwork,
  hyperparameters: Hyperparameters,
  order: BatchOrder,
  steps: number,
  seed: number,
  fullEvery = 5,
): RecordedRun {
  const { eigenvalues, forces, topCount } = network
  const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
  const { exampleCount } = order
  const modeCount = eigenvalues.length
  const examples = exampleNoise(network, exampleCount)
  const state = streamOf(seed, 7)
  const top = Array.from({ length: topCount }, (_, l) => l + 1)
  const columns = [
    'loss',
    'local_displacement',
    'global_displacement',
    'position_velocity',
    ...top.map((l) => `position_${l}`),
    ...top.map((l) => `velocity_${l}`),
    'full_loss',
    'virial',
  ]
  const values = new Float64Array(steps * columns.length)
  const position = new Float64Array(modeCount)
  const velocity = new Float64Array(modeCount)
  const permutation = Uint32Array.from({ length: exampleCount }, (_, i) => i)
  let place = exampleCount
  for (let step = 1; step <= steps; step++) {
    if (order.sampling === 'shuffled-epochs' && place + batchSize > exampleCount) {
      for (let i = exampleCount - 1; i > 0; i--) {
        const j = uniformInteger(state, i + 1)
        ;[permutation[i], permutation[j]] = [permutation[j]!, permutation[i]!]
      }
      place = 0
    }
    const noise = new Float64Array(modeCount)
    for (let draw = 0; draw < batchSize; draw++) {
      const example = order.sampling === 'shuffled-epochs' ? permutation[place++]! : uniformInteger(state, exampleCount)
      for (let l = 0; l < modeCount; l++) noise[l]! += examples[l]![example]! / batchSize
    }
    let [local, global, product, virial] = [0, 0, 0, 0]
    for (let l = 0; l < modeCount; l++) {
      const h = eigenvalues[l]! + weightDecay
      velocity[l] = momentum * velocity[l]! - (forces[l]! + h * position[l]!) - noise[l]!
      position[l]! += learningRate * velocity[l]!
      local += (learningRate * velocity[l]!) ** 2
      global += position[l]! ** 2
      product += position[l]! * velocity[l]!
      virial += position[l]! * (forces[l]! + h * position[l]!)
    }
    const full = step % fullEvery === 0
    const row = [1, local, global, product, ...position.subarray(0, topCount), ...velocity.subarray(0, topCount)]
    values.set([...row, full ? 1 : Number.NaN, full ? virial : Number.NaN], (step - 1) * columns.length)
  }
  return {
    label: `seed ${seed}`,
    seed,
    hyperparameters,
    order,
    record: { columns, rowCount: steps, values },
  }
}

/** Its Hessian and noise as a report holds them. */
export function measuredOf({ eigenvalues, noise, topCount }: QuadraticNetwork): {
  readonly curvature: NetworkReport['curvature']
  readonly noise: NetworkReport['noise']
} {
  const trace = eigenvalues.reduce((sum, rho) => sum + rho, 0)
  const noiseTrace = noise.reduce((sum, value) => sum + value, 0)
  const variance = noiseTrace / trace
  const top = eigenvalues.slice(0, topCount)
  return {
    curvature: {
      examples: 100,
      method: 'lanczos',
      eigenvalues: top,
      residuals: top.map(() => 0),
      converged: top.map(() => true),
      trace: { value: trace, standardError: 0 },
      density: { nodes: [...eigenvalues].reverse(), counts: eigenvalues.map(() => 1) },
    },
    noise: {
      trace: { value: noiseTrace, standardError: 0 },
      variance: { value: variance, standardError: 0 },
      alignment: top.map((rho, l) => noise[l]! / (rho * variance)),
    },
  }
}

export function startOf({ forces, topCount }: QuadraticNetwork): NetworkStart {
  return {
    forces: forces.slice(0, topCount),
    forceSquare: forces.reduce((sum, force) => sum + force * force, 0),
  }
}

/** The same examples whatever is drawn of them. // [mode][example] */
function exampleNoise({ noise }: QuadraticNetwork, exampleCount: number): Float64Array[] {
  const state = streamOf(1, 8)
  return noise.map((variance) => {
    const drawn = Float64Array.from({ length: exampleCount }, () => standardNormal(state))
    const mean = drawn.reduce((sum, value) => sum + value, 0) / exampleCount
    const spread = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / exampleCount)
    return drawn.map((value) => ((value - mean) / spread) * Math.sqrt(variance))
  })
}
