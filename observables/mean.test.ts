import { describe, expect, it } from 'vitest'
import { observeMean } from './mean.ts'

const shape = { modeCount: 3, outputCount: 2 }

describe('observeMean', () => {
  it('records the listed modes at the listed steps, summed over outputs', () => {
    const { observer, record } = observeMean(shape, { steps: [0, 2, 5], modes: [2, 0] })
    const [x, v] = [new Float64Array(6), new Float64Array(6)]
    for (let step = 0; step <= 6; step++) {
      for (let at = 0; at < 6; at++) {
        x[at] = 100 * step + 10 * Math.floor(at / 3) + (at % 3)
        v[at] = -x[at]!
      }
      observer.observe(step, x, v)
    }
    // Σ_o x = 200 step + 10 + 2 mode
    expect([...record().position]).toEqual([14, 414, 1014, 10, 410, 1010])
    expect([...record().velocity]).toEqual([-14, -414, -1014, -10, -410, -1010])
  })

  it('refuses a record with a listed step missing', () => {
    const { observer, record } = observeMean(shape, { steps: [0, 2], modes: [0] })
    observer.observe(0, new Float64Array(6), new Float64Array(6))
    observer.observe(1, new Float64Array(6), new Float64Array(6))
    expect(record).toThrow(new RangeError('observeMean: steps must all be shown, step 2 was not'))
  })

  it('refuses steps that do not ascend and modes that are not there', () => {
    expect(() => observeMean(shape, { steps: [1, 1], modes: [0] })).toThrow(
      new RangeError('observeMean: steps[1] must be an integer ≥ 2, got 1'),
    )
    expect(() => observeMean(shape, { steps: [-1], modes: [0] })).toThrow(RangeError)
    expect(() => observeMean(shape, { steps: [1], modes: [3] })).toThrow(
      new RangeError('observeMean: modes[0] must be an integer in [0, 3), got 3'),
    )
  })
})
