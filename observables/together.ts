import type { PacedObserver } from '../foundation/phase-space.ts'

/**
 * Several observers of one chain as one: each is shown the steps that it asks for and no others.
 *
 * @throws TypeError if more than one of them has sums, for a source adds to one
 */
export function observeTogether(observers: readonly PacedObserver[]): PacedObserver {
  const summing = observers.filter(({ sums }) => sums !== undefined)
  if (summing.length > 1) {
    throw new TypeError(`observeTogether: at most one observer may have sums, got ${summing.length}`)
  }
  const asked = new Float64Array(observers.length) // all are shown step 0
  const sums = summing[0]?.sums
  return {
    ...(sums === undefined ? {} : { sums }),
    next: () => asked.reduce((earliest, step) => Math.min(earliest, step), Number.POSITIVE_INFINITY),
    observe: (step, position, velocity) => {
      for (const [index, observer] of observers.entries()) {
        if (asked[index] !== step) continue
        observer.observe(step, position, velocity)
        asked[index] = observer.next(step)
      }
    },
  }
}
