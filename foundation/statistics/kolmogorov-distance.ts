/**
 * The largest distance between an empirical distribution function and a continuous one, sup |F_n(x) − F(x)|.
 *
 * @param sorted ascending, at least one
 * @throws RangeError for no values, or a distribution function that is not in [0, 1] at one
 */
export function kolmogorovDistance(sorted: Float64Array, distribution: (x: number) => number): number {
  const count = sorted.length
  if (count === 0) throw new RangeError('kolmogorovDistance: sorted must have at least one value, got none')
  let largest = 0
  for (let index = 0; index < count; index++) {
    const probability = distribution(sorted[index]!)
    if (!(probability >= 0 && probability <= 1)) {
      throw new RangeError(`kolmogorovDistance: distribution must be in [0, 1], got ${probability} at ${sorted[index]}`)
    }
    largest = Math.max(largest, probability - index / count, (index + 1) / count - probability)
  }
  return largest
}

/**
 * Half width of the band that holds a distribution function of `count` independent values but for a chance of `rate`:
 * √(log(2/rate)/(2n)) (Dvoretzky, Kiefer & Wolfowitz 1956; Massart 1990 for the constant 2).
 */
export function distributionBand(count: number, rate: number): number {
  return Math.sqrt(Math.log(2 / rate) / (2 * count))
}

/**
 * The largest distance between two continuous distribution functions, by comparing them at 1,000 quantiles of each: at most
 * 1/1,000 too small.
 */
export function distanceBetweenDistributions(one: (x: number) => number, other: (x: number) => number): number {
  const levels = 1000
  let largest = 0
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    for (let level = 0; level < levels; level++) {
      const x = quantileOf(from, (level + 0.5) / levels)
      largest = Math.max(largest, Math.abs(from(x) - to(x)))
    }
  }
  return largest
}

/** x with F(x) within 1e-6 of the probability, by bisection between powers of two around zero. */
function quantileOf(distribution: (x: number) => number, probability: number): number {
  let high = 1
  while (distribution(high) < probability && high < 2 ** 1000) high *= 2
  let low = -1
  while (distribution(low) > probability && low > -(2 ** 1000)) low *= 2
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2
    const here = distribution(middle)
    if (Math.abs(here - probability) < 1e-6) return middle
    if (here < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
