import { uniformInteger } from '../../foundation/random/uniform-integer.ts'
import type { RandomState } from '../../foundation/random/xoshiro128.ts'

/** A name of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const drawBelow = uniformInteger

/** Replaces `order` by a uniformly random permutation of 0 … length − 1: Fisher and Yates' shuffle of these in order. */
export function permute(order: Uint32Array, state: RandomState): void {
  for (let place = 0; place < order.length; place++) order[place] = place
  for (let place = 0; place < order.length - 1; place++) {
    const other = place + drawBelow(state, order.length - place)
    const example = order[other]!
    order[other] = order[place]!
    order[place] = example
  }
}
