/**
 * Where a curve first takes the other sign than it began with, by a straight line between the two points about it; undefined
 * where it never does. For the lag at which a velocity correlation crosses zero, or a rotation turns round.
 *
 * @param at where the points are, ascending // [point]
 * @param values // [point]
 * @throws RangeError for lengths that differ or a first value of 0, which has no sign to lose
 */
export function firstSignChange(at: ArrayLike<number>, values: ArrayLike<number>): number | undefined {
  if (at.length !== values.length) {
    throw new RangeError(
      `firstSignChange: values must have one entry for each of ${at.length} points, got ${values.length}`,
    )
  }
  if (values.length === 0) return undefined
  const sign = Math.sign(values[0]!)
  if (!(Math.abs(sign) === 1)) throw new RangeError(`firstSignChange: values[0] must not be 0, got ${values[0]}`)
  for (let point = 1; point < values.length; point++) {
    const [before, now] = [sign * values[point - 1]!, sign * values[point]!]
    if (now <= 0) return at[point - 1]! + (at[point]! - at[point - 1]!) * (before / (before - now))
  }
  return undefined
}
