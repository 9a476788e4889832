import type { Estimate, Scale } from './estimate.ts'

/**
 * A smooth function of means over replicas, with the jackknife's standard error: the scatter of the function with each
 * replica left out in turn.
 *
 * @param values as many components in each // [replica][component]
 * @throws RangeError with fewer than 2 replicas, components that differ in number, or a value without a logarithm on the log scale
 */
export function estimateFunction(
  values: readonly ArrayLike<number>[],
  of: (means: Float64Array) => number,
  scale: Scale,
): Estimate {
  const replicas = values.length
  if (replicas < 2) throw new RangeError(`estimateFunction: needs at least 2 replicas, got ${replicas}`)
  const count = values[0]!.length
  const means = new Float64Array(count)
  for (const components of values) {
    if (components.length !== count) {
      throw new RangeError(
        `estimateFunction: each replica must have ${count} components as the first, got ${components.length}`,
      )
    }
    for (let c = 0; c < count; c++) means[c]! += components[c]! / replicas
  }
  const onScale = (value: number): number => {
    if (scale === 'linear') return value
    if (!(value > 0)) throw new RangeError(`estimateFunction: the log scale needs positive values, got ${value}`)
    return Math.log(value)
  }
  const value = of(means)
  const without = new Float64Array(count)
  const leftOut = values.map((components) => {
    for (let c = 0; c < count; c++) without[c] = means[c]! + (means[c]! - components[c]!) / (replicas - 1)
    return onScale(of(without))
  })
  const center = leftOut.reduce((sum, one) => sum + one / replicas, 0)
  const squares = leftOut.reduce((sum, one) => sum + (one - center) ** 2, 0)
  onScale(value)
  return { scale, replicas, value, standardError: Math.sqrt((squares * (replicas - 1)) / replicas) }
}
