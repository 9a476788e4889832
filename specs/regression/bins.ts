import type { Bin, StationarySetting } from './setting.ts'

/** 1 is the steepest mode. */
export function binName({ first, last }: Bin): string {
  return last - first === 1 ? `mode ${last}` : `modes ${first + 1}–${last}`
}

/** The modes of a bin, each a bin of its own. */
export function modesOf({ first, last, outlived }: Bin): Bin[] {
  return Array.from({ length: last - first }, (_, l) => ({ first: first + l, last: first + l + 1, outlived }))
}

/** Relaxation of the bin's slowest mode, in steps. */
export function binRelaxation({ memory }: StationarySetting, { first, last }: Bin): number {
  return Math.max(...memory.relaxationSteps.subarray(first, last))
}

/** Weighted sum over the bin's modes. */
export function binSum({ first, last }: Bin, weights: Float64Array, values: Float64Array): number {
  let sum = 0
  for (let l = first; l < last; l++) sum += weights[l]! * values[l]!
  return sum
}
