/** Positive quantities are compared by their logarithm, margins relative; others by their value, margins absolute. */
export type Scale = 'log' | 'linear'

/** A number estimated from independent parts: replicas, or the batches of one long run. */
export interface Estimate {
  readonly scale: Scale
  /** Independent parts that the scatter is known from. */
  readonly replicas: number
  /** In the quantity's own unit. */
  readonly value: number
  /** On the claim's scale: of log(value) for 'log', of value for 'linear'. */
  readonly standardError: number
  /** Of one long run: how its batches were cut. */
  readonly batches?: Batches
}

export interface Batches {
  /** Integrated autocorrelation time as measured, in samples: 1 where samples are independent. */
  readonly correlationTime: number
  /** Samples a batch. */
  readonly length: number
}

/** What one replica gives: a mean, or the numerator and the denominator of a ratio of means. */
export type ReplicaValue = number | readonly [numerator: number, denominator: number]

/**
 * Ratio of means E[numerator]/E[denominator], with the standard error of its linearisation over replicas:
 * u_r = a_r/ā − b_r/b̄ has the variance of log(ā/b̄) times R.
 *
 * @throws RangeError with fewer than 2 replicas, or a mean that is not positive on the log scale
 */
export function estimateRatio(values: readonly ReplicaValue[], scale: Scale): Estimate {
  const replicas = values.length
  if (replicas < 2) throw new RangeError(`estimateRatio: needs at least 2 replicas, got ${replicas}`)
  let a = 0
  let b = 0
  for (const value of values) {
    a += (typeof value === 'number' ? value : value[0]) / replicas
    b += (typeof value === 'number' ? 1 : value[1]) / replicas
  }
  if (scale === 'log' && !(a > 0 && b > 0)) {
    throw new RangeError(`estimateRatio: the log scale needs positive means, got ${a} over ${b}`)
  }
  const ratio = a / b
  let squares = 0
  for (const value of values) {
    const numerator = typeof value === 'number' ? value : value[0]
    const denominator = typeof value === 'number' ? 1 : value[1]
    squares += (scale === 'log' ? numerator / a - denominator / b : (numerator - ratio * denominator) / b) ** 2
  }
  return {
    scale,
    replicas,
    value: ratio,
    standardError: Math.sqrt(squares / (replicas - 1) / replicas),
  }
}
