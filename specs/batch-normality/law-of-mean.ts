/**
 * Distribution function of the mean of `count` independent draws from equally likely values, standardised values in and out:
 * their probabilities convolved on a grid, each value shared by its two neighbours so that means stay.
 *
 * @param values of mean 0 and variance 1; the mean's is 1/count, and the argument is in units of its root
 */
export function lawOfMean(values: Float64Array, count: number): (x: number) => number {
  const cellsPerUnit = 100
  const low = Math.floor(Math.min(...values) * cellsPerUnit)
  const width = Math.ceil(Math.max(...values) * cellsPerUnit) - low + 2
  const once = new Float64Array(width)
  for (const value of values) {
    const place = value * cellsPerUnit - low
    const cell = Math.floor(place)
    once[cell]! += (1 - (place - cell)) / values.length
    once[cell + 1]! += (place - cell) / values.length
  }
  const filled = Array.from(once.keys()).filter((cell) => once[cell]! > 0)
  let sum = once
  for (let n = 2; n <= count; n++) {
    const next = new Float64Array(sum.length + width - 1)
    for (const cell of filled) {
      const chance = once[cell]!
      for (let at = 0; at < sum.length; at++) next[cell + at]! += chance * sum[at]!
    }
    sum = next
  }
  // below[i]: probability of the cells before i, each spread over a cell about its middle
  const below = new Float64Array(sum.length + 1)
  for (let at = 0; at < sum.length; at++) below[at + 1] = Math.min(1, below[at]! + sum[at]!)
  return (x) => {
    const place = x * Math.sqrt(count) * cellsPerUnit - count * low + 0.5
    if (place <= 0) return 0
    if (place >= sum.length) return 1
    const cell = Math.floor(place)
    return below[cell]! + (place - cell) * sum[cell]!
  }
}
