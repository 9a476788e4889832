import { requireInteger } from './require-integer.ts'

/** When a chain is looked at in segments of successive steps, with gaps between them that its source may run through fast. */
export interface SegmentOptions {
  /** Steps left out at the start, integer ≥ 0; the first segment starts with the state there. */
  readonly burnIn: number
  /** n, successive states a segment, integer ≥ 2. */
  readonly pointCount: number
  /** Steps from one segment's start to the next one's, integer ≥ pointCount. */
  readonly every: number
}

/** Which steps of a chain belong to a segment. */
export interface SegmentSchedule {
  /** The next step that does. */
  due(): number
  /** The place, 0 … n−1, of the step due in its segment; moves on to the next one. */
  take(): number
}

/** Throws RangeError, in the caller's name, for segments that overlap or are none. */
export function segmentSchedule(caller: string, { burnIn, pointCount, every }: SegmentOptions): SegmentSchedule {
  requireInteger(caller, 'burnIn', burnIn, 0)
  requireInteger(caller, 'pointCount', pointCount, 2)
  requireInteger(caller, 'every', every, pointCount)
  let start = burnIn
  let place = 0
  return {
    due: () => start + place,
    take: () => {
      const taken = place++
      if (place === pointCount) {
        start += every
        place = 0
      }
      return taken
    },
  }
}
