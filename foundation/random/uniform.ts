import { nextWord, type RandomState } from './xoshiro128.ts'

/** A name of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const next = nextWord

/** A uniform number in (0, 1): the middles of 2⁵² equal cells, exact doubles. */
export function uniform(state: RandomState): number {
  return ((next(state) >>> 6) * 2 ** 26 + (next(state) >>> 6) + 0.5) * 2 ** -52
}
