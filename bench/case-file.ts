/**
 * What a peer is told of a case: one line of text with its kind and sizes, then raw arrays, little-endian, in this order.
 *
 * - `regression N d outputs S checkSteps η β λ`: streams, features [example, mode], residuals [example, output], λμ, start
 *   position and velocity [output, mode], and the check's batches [chain, step, batch] as 32-bit integers;
 * - `modes d checkSteps η β`: streams, slopes, scales, start position and velocity [mode], and the check's normal numbers
 *   [chain, step, mode];
 * - `transition d checkSteps`: streams, increment and covariance of a step [mode, 4: xx, xv, vx, vv], start;
 * - `euler-maruyama d checkSteps dt 2γ`: streams, ω² [mode], the noise of a step [mode], start;
 * - `indices SCHEME N S checkSteps` and `normals COUNT checkSteps`: streams.
 *
 * Streams are the generator's states of the check's chains [chain, 4]. Peers with a generator of their own check with the
 * batches and numbers given instead.
 */
export function caseFile(
  header: readonly (string | number)[],
  arrays: readonly (Float64Array | Int32Array)[],
): Uint8Array {
  return Buffer.concat([
    Buffer.from(`${header.join(' ')}\n`, 'ascii'),
    ...arrays.map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ])
}

/** Chains that a check runs; so many streams, and sets of draws, stand in a file. */
export const checkChains = 2
