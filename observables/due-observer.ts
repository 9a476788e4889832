import type { PacedObserver, PhaseObserver } from '../foundation/phase-space.ts'

/**
 * An observer of one chain that looks at nothing but the steps it is due at.
 *
 * Step 0 is shown unasked and ignored unless due. `visit` must move `due` on, past the step it is shown.
 *
 * @throws RangeError, from `observe` and in the caller's name, for another step than the one asked for: an observer serves
 * one chain, once
 */
export function dueObserver(caller: string, due: () => number, visit: PhaseObserver): PacedObserver {
  return {
    next: () => due(),
    observe: (step, position, velocity) => {
      const asked = due()
      if (step === 0 && asked !== 0) return
      if (step !== asked) throw new RangeError(`${caller}: step must be ${asked}, the next one asked for, got ${step}`)
      visit(step, position, velocity)
    },
  }
}
