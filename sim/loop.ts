import { addToSums, type PhaseSums } from '../foundation/phase-space.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { studentT } from '../foundation/random/student-t.ts'
import type { RandomState } from '../foundation/random/xoshiro128.ts'
import { addBatchGradient, addBatchGradientAtMinimum } from './batch-gradient.ts'
import { batchSampler } from './batch-sampler.ts'
import type { AdditiveNoiseDynamics, Dynamics, LinearDynamics, MiniBatchDynamics } from './dynamics.ts'
import type { Stepper } from './stepper.ts'

/** Names of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const drawNormal = standardNormal
const drawStudent = studentT
const addSums = addToSums

/**
 * Steps in TypeScript: what the compiled kernel does, in the same order of operations, for where it is missing and to hold
 * it against.
 *
 * @param position, velocity the start; moved in place // [output, mode]
 * @param state the chain's random numbers; advanced in place
 */
export function loopStepper(
  dynamics: Dynamics,
  position: Float64Array,
  velocity: Float64Array,
  state: RandomState,
  sums: PhaseSums | undefined,
): Stepper {
  const step = stepOf(dynamics, position, velocity, state)
  return {
    position,
    velocity,
    advance(steps, summing) {
      for (let k = 0; k < steps; k++) {
        step()
        if (summing && sums) addSums(sums, position, velocity)
      }
    },
    settleSums: () => undefined,
  }
}

function stepOf(dynamics: Dynamics, position: Float64Array, velocity: Float64Array, state: RandomState): () => void {
  switch (dynamics.kind) {
    case 'mini-batch':
      return miniBatchStep(dynamics, position, velocity, state)
    case 'additive-noise':
      return additiveNoiseStep(dynamics, position, velocity, state)
    case 'linear':
      return linearStep(dynamics, position, velocity, state)
  }
}

function miniBatchStep(
  dynamics: MiniBatchDynamics,
  position: Float64Array,
  velocity: Float64Array,
  state: RandomState,
): () => void {
  const { sampling, frozen, exampleCount, modeCount, batchSize, slopes, pull, learningRate, momentum } = dynamics
  const sampler = batchSampler(sampling, exampleCount, batchSize, state)
  const gradient = new Float64Array(position.length)
  return () => {
    const size = sampler.next()
    gradient.fill(0)
    if (frozen) addBatchGradientAtMinimum(dynamics, sampler.batch, size, gradient)
    else addBatchGradient(dynamics, sampler.batch, size, position, gradient)
    const share = 1 / size
    for (let from = 0; from < gradient.length; from += modeCount) {
      for (let l = 0; l < modeCount; l++) {
        const at = from + l
        const x = position[at]!
        const v = momentum * velocity[at]! - (gradient[at]! * share + slopes[l]! * x + pull[at]!)
        velocity[at] = v
        position[at] = x + learningRate * v
      }
    }
  }
}

function additiveNoiseStep(
  dynamics: AdditiveNoiseDynamics,
  position: Float64Array,
  velocity: Float64Array,
  state: RandomState,
): () => void {
  const { modeCount, outputCount, slopes, scales, factor, degreesOfFreedom, learningRate, momentum } = dynamics
  const draw = degreesOfFreedom === undefined ? () => drawNormal(state) : () => drawStudent(state, degreesOfFreedom)
  const move = (at: number, l: number, noise: number): void => {
    const x = position[at]!
    const v = momentum * velocity[at]! - (slopes[l]! * x + scales[l]! * noise)
    velocity[at] = v
    position[at] = x + learningRate * v
  }
  if (outputCount === 1) {
    return () => {
      for (let l = 0; l < modeCount; l++) move(l, l, draw())
    }
  }
  const drawn = new Float64Array(outputCount)
  return () => {
    for (let l = 0; l < modeCount; l++) {
      for (let o = 0; o < outputCount; o++) {
        drawn[o] = draw()
        let noise = 0
        for (let p = 0; p <= o; p++) noise += factor[o * outputCount + p]! * drawn[p]!
        move(o * modeCount + l, l, noise)
      }
    }
  }
}

function linearStep(
  { modeCount, increment, factor, velocityOnly }: LinearDynamics,
  position: Float64Array,
  velocity: Float64Array,
  state: RandomState,
): () => void {
  const first = new Float64Array(modeCount)
  return () => {
    if (!velocityOnly) for (let l = 0; l < modeCount; l++) first[l] = drawNormal(state)
    for (let l = 0; l < modeCount; l++) {
      const [x, v, n, m] = [position[l]!, velocity[l]!, first[l]!, drawNormal(state)]
      const moved = increment[l]! * x + increment[modeCount + l]! * v
      const turned = increment[2 * modeCount + l]! * x + increment[3 * modeCount + l]! * v
      position[l] = x + (moved + factor[l]! * n)
      velocity[l] = v + (turned + (factor[modeCount + l]! * n + factor[2 * modeCount + l]! * m))
    }
  }
}
