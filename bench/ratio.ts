/** A ratio of two times, with the interval that the interleaved rounds leave it. */
export interface Ratio {
  /** The median over rounds of ours/peer within the round. */
  readonly median: number
  readonly interval: readonly [number, number]
}

/** Coverage asked of an interval. */
const coverage = 0.95

/**
 * Ours over the peer's, round by round: what both did in one round they did under the same load of the machine.
 *
 * @param ours a time a round // [round]
 * @param peers of the same rounds, in the same unit // [round]
 * @throws RangeError if the numbers of rounds differ or are none
 */
export function pairedRatio(ours: readonly number[], peers: readonly number[]): Ratio {
  if (ours.length !== peers.length || ours.length === 0) {
    throw new RangeError(
      `pairedRatio: peers must have the rounds of ours, at least one, got ${peers.length} and ${ours.length}`,
    )
  }
  const ratios = ours.map((time, round) => time / peers[round]!)
  return { median: median(ratios), interval: medianInterval(ratios) }
}

/** A goal is met if the interval reaches it. */
export function meetsGoal(ratio: Ratio, goal: number): boolean {
  return ratio.interval[0] <= goal
}

/** The middle value, or the middle of the two middle ones. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median: values must hold at least one, got none')
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/**
 * An interval for the median that assumes nothing of the distribution: from the k-th smallest value to the k-th largest,
 * with the largest k that still covers the median with 95 % (sign test: the misses are binomial with ½).
 *
 * Up to 8 values it is their range, which below 6 covers less than 95 %; of 11 it leaves one out on each side.
 */
export function medianInterval(values: readonly number[]): [number, number] {
  const sorted = [...values].sort((a, b) => a - b)
  const count = sorted.length
  let k = 0 // left out on each side
  let tail = 0.5 ** count // P(at most k of the values lie below the median)
  let term = tail
  for (;;) {
    term *= (count - k) / (k + 1)
    tail += term
    if (1 - 2 * tail < coverage) break
    k++
  }
  return [sorted[k]!, sorted[count - 1 - k]!]
}
