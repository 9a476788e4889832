import type { Interval } from './style.ts'

/** Two domains of one length, each about the middle of its values. */
export function squareDomains(xs: readonly number[], ys: readonly number[]): { x: Interval; y: Interval } {
  const [x, y] = [xs, ys].map((values) => {
    const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    return { middle: (low + high) / 2, half: (high - low) / 2 }
  }) as [{ middle: number; half: number }, { middle: number; half: number }]
  const half = 1.03 * Math.max(x.half, y.half) || 1
  return { x: [x.middle - half, x.middle + half], y: [y.middle - half, y.middle + half] }
}

export function scaled([low, high]: Interval, unit: number): Interval {
  return [low / unit, high / unit]
}
