import { describe, expect, it } from 'vitest'
import { holmRejections } from './holm.ts'

describe('holmRejections', () => {
  it('steps down: the smallest is held to rate/m, the next to rate/(m − 1), up to the first that fails', () => {
    expect(holmRejections([0.02, 0.01, 0.9], 0.04)).toEqual([true, true, false])
    // 0.015 > 0.04/3 stops it, though 0.015 < 0.04/2
    expect(holmRejections([0.015, 0.015, 0.9], 0.04)).toEqual([false, false, false])
    expect(holmRejections([], 0.05)).toEqual([])
  })

  it('rejects no p-value that is no number', () => {
    expect(holmRejections([Number.NaN, 0], 1e-5)).toEqual([false, true])
  })
})
