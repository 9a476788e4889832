/**
 * How far a peer's state is from ours: the largest difference in units of our largest number.
 *
 * Infinity where the lengths differ or a number is not finite.
 */
export function relativeDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY
  let difference = 0
  let scale = 0
  for (let at = 0; at < ours.length; at++) {
    const apart = Math.abs(ours[at]! - theirs[at]!)
    if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY
    difference = Math.max(difference, apart)
    scale = Math.max(scale, Math.abs(ours[at]!))
  }
  return difference === 0 ? 0 : difference / scale
}
