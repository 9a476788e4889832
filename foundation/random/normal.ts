import { uniform } from './uniform.ts'
import { nextWord, type RandomState } from './xoshiro128.ts'

/** Names of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const next = nextWord
const uniformOf = uniform

/**
 * A standard normal number, by the ziggurat of Marsaglia and Tsang (J. Stat. Softw. 5(8), 2000) with 256 layers of equal area.
 *
 * One word gives the layer (8 bits), two words the place in it: a multiple of 2⁻⁵² in [−1, 1), with bits that the layer does
 * not use (Doornik's correction of the original). 99 % of the calls take two words and one comparison. The tail beyond
 * 3.654 is exact, by rejection from exponentials.
 */
export function standardNormal(state: RandomState): number {
  for (;;) {
    const word = next(state)
    const layer = word & 0xff
    const place = ((word >> 9) * 2 ** 30 + (next(state) >>> 2)) * 2 ** -52
    const value = place * edges[layer]!
    if (Math.abs(value) < edges[layer + 1]!) return value
    if (layer === 0) return place < 0 ? -normalTail(state) : normalTail(state)
    const density = densities[layer]! + (densities[layer + 1]! - densities[layer]!) * uniformOf(state)
    if (density < Math.exp(-0.5 * value * value)) return value
  }
}

const layerCount = 256
/** Where the base layer's rectangle ends and the tail begins: the solution of area(r) = the other layers' area, for 256 layers. */
const tailStart = 3.654152885361009
/** The area of each layer, the base with its tail: r e^{−r²/2} + ∫_r^∞ e^{−x²/2} dx. */
const layerArea = 0.004928673233974655

/** Layer i holds |x| < edges[i]; its inner part |x| < edges[i + 1] lies wholly under the density. // [layer + 1] */
export const edges: Float64Array = new Float64Array(layerCount + 1)
/** e^{−x²/2} at the edges. // [layer + 1] */
export const densities: Float64Array = new Float64Array(layerCount + 1)

densities[1] = Math.exp(-0.5 * tailStart * tailStart)
edges[0] = layerArea / densities[1] // as if the base layer, tail and all, were a rectangle
edges[1] = tailStart
for (let layer = 1; layer < layerCount - 1; layer++) {
  densities[layer + 1] = densities[layer]! + layerArea / edges[layer]!
  edges[layer + 1] = Math.sqrt(-2 * Math.log(densities[layer + 1]!))
}
edges[layerCount] = 0
densities[layerCount] = 1

/** A standard normal number given that it exceeds 3.654…, where the layers end: Marsaglia (Technometrics 6, 1964). */
export function normalTail(state: RandomState): number {
  for (;;) {
    const beyond = -Math.log(uniformOf(state)) / tailStart
    const height = -Math.log(uniformOf(state))
    if (2 * height > beyond * beyond) return tailStart + beyond
  }
}
