import { isMainThread } from 'node:worker_threads'
import { DivergedError, type PacedObserver, type PhaseObserver, paced } from '../foundation/phase-space.ts'
import type { RandomState } from '../foundation/random/xoshiro128.ts'
import type { Dynamics } from './dynamics.ts'
import { kernelModule, withCompiledStepper } from './kernel/compiled-stepper.ts'
import { loopStepper } from './loop.ts'
import type { Stepper } from './stepper.ts'

/** Steps between two looks for a state that is no longer finite, and the most that the compiled loop is asked for at once. */
const stepsBetweenChecks = 1024

/** A chain about to run. */
export interface Chain {
  readonly dynamics: Dynamics
  /** x(0), not changed. // [output, mode] */
  readonly position: Float64Array
  /** v(0), not changed. // [output, mode] */
  readonly velocity: Float64Array
  /** The chain's random numbers from here on. */
  readonly state: RandomState
  /** Who runs it, which chain, and why it may diverge: for what errors say. */
  readonly caller: string
  readonly number: number
  readonly instability: string
}

/** Which loop moves the chain: the compiled one, or its twin in TypeScript. */
export type Loop = 'compiled' | 'typescript'

/**
 * Runs a chain through `steps` steps in the compiled loop, or where there is none in its TypeScript twin.
 * Both give the same bits.
 *
 * @throws RangeError for a number of steps that is none, or an observer that asks for a step already past;
 * DivergedError, with the chain and step, once a state is not finite
 */
export function runChain(chain: Chain, steps: number, observer: PhaseObserver | PacedObserver, loop?: Loop): void {
  const { caller, dynamics, position, velocity, state } = chain
  if (!(Number.isInteger(steps) && steps >= 0)) {
    throw new RangeError(`${caller}: steps must be an integer ≥ 0, got ${steps}`)
  }
  const shown = paced(observer)
  const follow = (stepper: Stepper): void => {
    followChain(chain, stepper, steps, shown)
  }
  if (loop !== 'typescript') {
    const module = kernelModule()
    if (module instanceof WebAssembly.Module) {
      if (withCompiledStepper(module, dynamics, position, velocity, state, shown.sums, follow)) return
      warnOnce('the examples do not fit the compiled loop’s 4 GiB')
    }
  }
  follow(loopStepper(dynamics, Float64Array.from(position), Float64Array.from(velocity), state, shown.sums))
}

/** Says once, where a simulation is prepared, that there is no compiled loop. Worker threads leave it to the main one. */
export function warnIfNotCompiled(): void {
  const module = kernelModule()
  if (isMainThread && typeof module === 'string') warnOnce(`no compiled loop (${module}); \`npm run build\` makes it`)
}

let warned = false

function warnOnce(why: string): void {
  if (!warned)
    process.stderr.write(`sgd-oracle: ${why}. Simulating in TypeScript: the same results, several times slower.\n`)
  warned = true
}

function followChain(chain: Chain, stepper: Stepper, steps: number, observer: PacedObserver): void {
  const { position, velocity } = stepper
  const { sums } = observer
  observer.observe(0, position, velocity)
  let due = dueAfter(0, observer)
  for (let step = 0; step < steps; ) {
    const check = step + stepsBetweenChecks - (step % stepsBetweenChecks)
    const summing = sums !== undefined && step >= sums.after
    const until = Math.min(steps, due, check, sums !== undefined && !summing ? sums.after : check)
    stepper.advance(until - step, summing)
    step = until
    if (step === check || step === steps) requireFinite(chain, position, step)
    if (step === due) {
      stepper.settleSums()
      observer.observe(step, position, velocity)
      due = dueAfter(step, observer)
    }
  }
  stepper.settleSums()
}

function dueAfter(step: number, observer: PacedObserver): number {
  const due = observer.next(step)
  if (due > step) return due
  throw new RangeError(`runChain: an observer must ask for a step after ${step}, got ${due}`)
}

/** Positions are enough to look at: a velocity that is not finite makes them so at the same step. */
function requireFinite({ caller, number, instability }: Chain, position: Float64Array, step: number): void {
  let sum = 0
  for (let at = 0; at < position.length; at++) sum += Math.abs(position[at]!)
  if (!Number.isFinite(sum)) {
    throw new DivergedError(
      `${caller}: chain ${number} diverged, its state was not finite at step ${step}; ${instability}`,
    )
  }
}
