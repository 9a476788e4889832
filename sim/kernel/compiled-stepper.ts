import { createRequire } from 'node:module'
import { compileKernel } from '../../foundation/compile-kernel.ts'
import type { PhaseSums } from '../../foundation/phase-space.ts'
import { densities, edges } from '../../foundation/random/normal.ts'
import type { RandomState } from '../../foundation/random/xoshiro128.ts'
import type { Dynamics, MiniBatchDynamics, MiniBatchScheme } from '../dynamics.ts'
import type { Stepper } from '../stepper.ts'

/** What sim/kernel/assembly exports; addresses and sizes are numbers of bytes. */
interface KernelExports {
  readonly memory: WebAssembly.Memory
  allocate(bytes: number): number
  randomAt(): number
  edgesAt(): number
  densitiesAt(): number
  setChain(
    modes: number,
    outputs: number,
    paddedModes: number,
    position: number,
    velocity: number,
    gradient: number,
    slopes: number,
    pull: number,
    sums: number,
  ): void
  setMiniBatch(
    examples: number,
    outputs: number,
    paddedModes: number,
    batchSize: number,
    features: number,
    residuals: number,
    order: number,
    batch: number,
    errors: number,
  ): void
  miniBatchSteps(
    steps: number,
    scheme: number,
    frozen: number,
    learningRate: number,
    momentum: number,
    summing: number,
  ): void
  additiveNoiseSteps(
    steps: number,
    normals: number,
    scales: number,
    factor: number,
    degreesOfFreedom: number,
    learningRate: number,
    momentum: number,
    summing: number,
  ): void
  scalarNoiseSteps(
    steps: number,
    normals: number,
    scales: number,
    degreesOfFreedom: number,
    learningRate: number,
    momentum: number,
    summing: number,
  ): void
  linearSteps(steps: number, normals: number, coefficients: number, velocityOnly: number, summing: number): void
  drawBatches(count: number, scheme: number): void
}

/** A module in use, with what it holds of one set of examples, and room for a chain. */
interface Instance {
  readonly exports: KernelExports
  readonly examples?: { readonly features: number; readonly residuals: number }
  /** Start of the room for a chain, and its size. */
  room: number
  roomBytes: number
  busy: boolean
}

const schemeNumbers: Readonly<Record<MiniBatchScheme, number>> = {
  'with-replacement': 0,
  'without-replacement': 1,
  'shuffled-epochs': 2,
  'fixed-order': 3,
}

let compiled: WebAssembly.Module | string | undefined

/** The compiled kernel, or why there is none, in one line. Compiled once a process. */
export function kernelModule(): WebAssembly.Module | string {
  compiled ??= compileKernel(() => createRequire(import.meta.url).resolve('sgd-oracle/kernel.wasm'))
  return compiled
}

/** One instance a set of examples, for the copy of them is what costs; one for all dynamics without examples. */
const instances = new WeakMap<Float64Array, Instance>()
let withoutExamples: Instance | undefined

/**
 * Runs a chain in the compiled kernel: `use` gets its stepper, which is no good afterwards.
 *
 * The state of the generator is taken at the start and not written back.
 *
 * @param position, velocity the start; not changed // [output, mode]
 * @returns false, without a call of `use`, where the examples do not fit the kernel's 4 GiB
 */
export function withCompiledStepper(
  module: WebAssembly.Module,
  dynamics: Dynamics,
  position: Float64Array,
  velocity: Float64Array,
  state: RandomState,
  sums: PhaseSums | undefined,
  use: (stepper: Stepper) => void,
): boolean {
  const instance = instanceFor(module, dynamics)
  if (instance === undefined) return false
  const chain = roomForChain(instance, dynamics)
  if (chain === undefined) return false
  instance.busy = true
  try {
    use(stepperIn(instance, chain, dynamics, position, velocity, state, sums))
  } finally {
    instance.busy = false
  }
  return true
}

/** An observer may run another chain in the middle of one: then that gets an instance of its own. */
function instanceFor(module: WebAssembly.Module, dynamics: Dynamics): Instance | undefined {
  const kept = dynamics.kind === 'mini-batch' ? instances.get(dynamics.features) : withoutExamples
  if (kept !== undefined && !kept.busy) return kept
  const fresh = instantiate(module, dynamics)
  if (fresh === undefined || kept !== undefined) return fresh
  if (dynamics.kind === 'mini-batch') instances.set(dynamics.features, fresh)
  else withoutExamples = fresh
  return fresh
}

function instantiate(module: WebAssembly.Module, dynamics: Dynamics): Instance | undefined {
  const env = { log: Math.log, exp: Math.exp, expm1: Math.expm1 }
  const exports = new WebAssembly.Instance(module, { env }).exports as unknown as KernelExports
  new Float64Array(exports.memory.buffer, exports.edgesAt(), edges.length).set(edges)
  new Float64Array(exports.memory.buffer, exports.densitiesAt(), densities.length).set(densities)
  const instance: Instance = { exports, room: 0, roomBytes: 0, busy: false }
  if (dynamics.kind !== 'mini-batch') return instance
  const examples = copyExamples(exports, dynamics)
  return examples && { ...instance, examples }
}

function copyExamples(exports: KernelExports, dynamics: MiniBatchDynamics): Instance['examples'] | undefined {
  const { exampleCount, modeCount, features, residuals } = dynamics
  const padded = paddedModes(modeCount)
  const bytes = 8 * exampleCount * padded
  if (bytes + 8 * residuals.length >= 2 ** 32) return undefined
  const featuresAt = exports.allocate(bytes)
  const residualsAt = featuresAt && exports.allocate(8 * residuals.length)
  if (!residualsAt) return undefined
  const rows = new Float64Array(exports.memory.buffer, featuresAt >>> 0, exampleCount * padded)
  copyPadded(features, rows, modeCount, padded)
  new Float64Array(exports.memory.buffer, residualsAt >>> 0, residuals.length).set(residuals)
  return { features: featuresAt >>> 0, residuals: residualsAt >>> 0 }
}

/** Rows in memory are whole pairs of registers long, filled up with zeros. */
function paddedModes(modeCount: number): number {
  return Math.ceil(modeCount / 4) * 4
}

function copyPadded(from: Float64Array, to: Float64Array, modeCount: number, padded: number): void {
  if (modeCount === padded) {
    to.set(from)
    return
  }
  copyRows(from, modeCount, to, padded, modeCount)
}

/** Copies rows that lie at other distances. They are short: a call of `set` a row would take longer than the copy. */
function copyRows(from: Float64Array, fromStride: number, to: Float64Array, toStride: number, length: number): void {
  for (let source = 0, target = 0; source < from.length; source += fromStride, target += toStride) {
    for (let l = 0; l < length; l++) to[target + l] = from[source + l]!
  }
}

/** Where a chain's arrays lie, in bytes. */
interface ChainRoom {
  readonly position: number
  readonly velocity: number
  readonly gradient: number
  readonly slopes: number
  readonly pull: number
  readonly sums: number
  /** Scales and factor, or the linear recursion's coefficients. */
  readonly coefficients: number
  readonly normals: number
  readonly order: number
  readonly batch: number
  readonly errors: number
}

/** Lays a chain's arrays out in the instance's room, which grows where it has to; undefined where it cannot. */
function roomForChain(instance: Instance, dynamics: Dynamics): ChainRoom | undefined {
  const { outputCount } = dynamics
  const padded = paddedModes(dynamics.modeCount)
  const batch = dynamics.kind === 'mini-batch' ? dynamics : { exampleCount: 0, batchSize: 0 }
  let bytes = 0
  const place = (size: number): number => {
    const at = bytes
    bytes += Math.ceil(size / 64) * 64
    return at
  }
  const offsets = {
    position: place(8 * outputCount * padded),
    velocity: place(8 * outputCount * padded),
    gradient: place(8 * outputCount * padded),
    slopes: place(8 * padded),
    pull: place(8 * outputCount * padded),
    sums: place(24 * padded),
    coefficients: place(8 * (7 * padded + outputCount ** 2)),
    normals: place(16 * outputCount * padded),
    order: place(4 * batch.exampleCount),
    batch: place(4 * batch.batchSize),
    errors: place(64),
  }
  if (bytes > instance.roomBytes) {
    const room = instance.exports.allocate(bytes)
    if (room === 0) return undefined
    instance.room = room >>> 0
    instance.roomBytes = bytes
  }
  return Object.fromEntries(
    Object.entries(offsets).map(([name, offset]) => [name, instance.room + offset]),
  ) as unknown as ChainRoom
}

function stepperIn(
  { exports, examples }: Instance,
  room: ChainRoom,
  dynamics: Dynamics,
  position: Float64Array,
  velocity: Float64Array,
  state: RandomState,
  sums: PhaseSums | undefined,
): Stepper {
  const { modeCount, outputCount } = dynamics
  const padded = paddedModes(modeCount)
  const { buffer } = exports.memory
  const doubles = (at: number, length: number): Float64Array => new Float64Array(buffer, at, length)
  doubles(room.position, (room.order - room.position) / 8).fill(0)

  const positions = doubles(room.position, outputCount * padded)
  const velocities = doubles(room.velocity, outputCount * padded)
  copyPadded(position, positions, modeCount, padded)
  copyPadded(velocity, velocities, modeCount, padded)
  new Int32Array(buffer, exports.randomAt(), state.length).set(state)
  exports.setChain(
    modeCount,
    outputCount,
    padded,
    room.position,
    room.velocity,
    room.gradient,
    room.slopes,
    room.pull,
    room.sums,
  )
  if (dynamics.kind === 'mini-batch' && examples) {
    const { exampleCount, batchSize } = dynamics
    const order = new Int32Array(buffer, room.order, exampleCount)
    for (let example = 0; example < exampleCount; example++) order[example] = example
    exports.setMiniBatch(
      exampleCount,
      outputCount,
      padded,
      batchSize,
      examples.features,
      examples.residuals,
      room.order,
      room.batch,
      room.errors,
    )
  }
  const move = mover(exports, room, dynamics, doubles)
  const sumRows = sums && [sums.positionSquare, sums.velocitySquare, sums.positionVelocity]
  const kept = [0, 1, 2].map((index) => doubles(room.sums + 8 * padded * index, modeCount))
  sumRows?.forEach((row, index) => {
    kept[index]!.set(row)
  })

  // what is shown has no padding: a view where there is none in memory either, else a copy
  const shown =
    modeCount === padded
      ? { position: positions, velocity: velocities, refresh: () => undefined }
      : {
          position: Float64Array.from(position),
          velocity: Float64Array.from(velocity),
          refresh(): void {
            copyRows(positions, padded, this.position, modeCount, modeCount)
            copyRows(velocities, padded, this.velocity, modeCount, modeCount)
          },
        }
  return {
    position: shown.position,
    velocity: shown.velocity,
    advance(steps, summing) {
      move(steps, summing ? 1 : 0)
      if (summing && sums) sums.steps += steps
      shown.refresh()
    },
    settleSums() {
      if (sumRows) for (let index = 0; index < 3; index++) sumRows[index]!.set(kept[index]!)
    },
  }
}

/** Writes the dynamics' coefficients and gives the call that moves the chain. */
function mover(
  exports: KernelExports,
  room: ChainRoom,
  dynamics: Dynamics,
  doubles: (at: number, length: number) => Float64Array,
): (steps: number, summing: number) => void {
  const { modeCount, outputCount } = dynamics
  const padded = paddedModes(modeCount)
  if (dynamics.kind === 'linear') {
    const coefficients = doubles(room.coefficients, 7 * padded)
    copyPadded(dynamics.increment, coefficients, modeCount, padded)
    copyPadded(dynamics.factor, coefficients.subarray(4 * padded), modeCount, padded)
    const velocityOnly = dynamics.velocityOnly ? 1 : 0
    return (steps, summing) => exports.linearSteps(steps, room.normals, room.coefficients, velocityOnly, summing)
  }
  const { learningRate, momentum, slopes } = dynamics
  doubles(room.slopes, padded).set(slopes)
  if (dynamics.kind === 'mini-batch') {
    copyPadded(dynamics.pull, doubles(room.pull, outputCount * padded), modeCount, padded)
    const scheme = schemeNumbers[dynamics.sampling]
    const frozen = dynamics.frozen ? 1 : 0
    return (steps, summing) => exports.miniBatchSteps(steps, scheme, frozen, learningRate, momentum, summing)
  }
  const factor = room.coefficients + 8 * padded
  doubles(room.coefficients, padded).set(dynamics.scales)
  doubles(factor, outputCount ** 2).set(dynamics.factor)
  const degreesOfFreedom = dynamics.degreesOfFreedom ?? 0
  return outputCount === 1
    ? (steps, summing) =>
        exports.scalarNoiseSteps(
          steps,
          room.normals,
          room.coefficients,
          degreesOfFreedom,
          learningRate,
          momentum,
          summing,
        )
    : (steps, summing) =>
        exports.additiveNoiseSteps(
          steps,
          room.normals,
          room.coefficients,
          factor,
          degreesOfFreedom,
          learningRate,
          momentum,
          summing,
        )
}

/** Draws `count` batches and does nothing with them: what drawing alone costs. False as for `withCompiledStepper`. */
export function drawBatches(
  module: WebAssembly.Module,
  dynamics: MiniBatchDynamics,
  state: RandomState,
  count: number,
): boolean {
  const rest = new Float64Array(dynamics.modeCount * dynamics.outputCount)
  const instance = instanceFor(module, dynamics)
  return (
    instance !== undefined &&
    withCompiledStepper(module, dynamics, rest, rest, state, undefined, () => {
      instance.exports.drawBatches(count, schemeNumbers[dynamics.sampling])
    })
  )
}
