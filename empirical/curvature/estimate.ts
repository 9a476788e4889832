/** A number with the standard deviation of its error. */
export interface Estimate {
  readonly value: number
  readonly standardError: number
}

/** The mean of independent samples, at least 2. */
export function meanEstimate(samples: ArrayLike<number>): Estimate {
  const count = samples.length
  let sum = 0
  for (let i = 0; i < count; i++) sum += samples[i]!
  const value = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += (samples[i]! - value) ** 2
  return { value, standardError: Math.sqrt(squares / (count - 1) / count) }
}
