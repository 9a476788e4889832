/** Elements of each vector that are worked on together, so that 100 vectors' fit a processor's cache. */
const RUN = 512

/**
 * Replaces vectors x_1 … x_m by their combinations y_j = Σ_i R_ij x_i, j = 1 … kept, in place, without room for a second set.
 *
 * @param vectors the first `kept` are changed, the others keep what they had
 * @param rotation R // [m, kept]
 */
export function rotate(vectors: readonly Float32Array[], rotation: Float64Array, kept: number): void {
  const count = vectors.length
  const size = vectors[0]?.length ?? 0
  const before = new Float64Array(count * RUN)
  const sum = new Float64Array(RUN)
  for (let begin = 0; begin < size; begin += RUN) {
    const run = Math.min(RUN, size - begin)
    for (let i = 0; i < count; i++) {
      const vector = vectors[i]!
      for (let e = 0; e < run; e++) before[i * RUN + e] = vector[begin + e]!
    }
    for (let j = 0; j < kept; j++) {
      sum.fill(0)
      for (let i = 0; i < count; i++) {
        const weight = rotation[i * kept + j]!
        for (let e = 0; e < run; e++) sum[e]! += weight * before[i * RUN + e]!
      }
      const vector = vectors[j]!
      for (let e = 0; e < run; e++) vector[begin + e] = sum[e]!
    }
  }
}
