import { uniform } from './uniform.ts'
import type { RandomState } from './xoshiro128.ts'

/** A name of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const draw = uniform

/**
 * A number of Student's t distribution, by the polar method of Bailey (Math. Comp. 62, 779, 1994): for (u, v) uniform in the
 * unit disc and w = u² + v², u √(ν(w^{−2/ν} − 1)/w). Takes 2.5 pairs of words on average.
 *
 * @param degreesOfFreedom ν > 0, not checked; variance ν/(ν − 2) for ν > 2, none below
 */
export function studentT(state: RandomState, degreesOfFreedom: number): number {
  for (;;) {
    const u = 2 * draw(state) - 1
    const v = 2 * draw(state) - 1
    const w = u * u + v * v
    if (w >= 1 || w === 0) continue
    return u * Math.sqrt((degreesOfFreedom * Math.expm1((-2 / degreesOfFreedom) * Math.log(w))) / w)
  }
}
