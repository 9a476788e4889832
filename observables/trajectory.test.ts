import { describe, expect, it } from 'vitest'
import type { PacedObserver } from '../foundation/phase-space.ts'
import { observeTrajectory, type TrajectoryOptions, type TrajectoryRows } from './trajectory.ts'

const shape = { modeCount: 3, outputCount: 2 }
const options: TrajectoryOptions = { every: 4, rowCount: 6, modes: [2, 0], learningRate: 0.5, blockRows: 4 }

/** A deterministic chain. // [output, mode] each */
const position = (step: number): Float64Array => Float64Array.from({ length: 6 }, (_, at) => Math.sin(step * (at + 1)))
const velocity = (step: number): Float64Array => position(step + 0.5)

/** Shows the steps asked for through one pair of reused arrays, as a source does; gives the steps shown. */
function show({ observe, next }: PacedObserver, steps: number): number[] {
  const [x, v] = [new Float64Array(6), new Float64Array(6)]
  const shown: number[] = []
  let due = 0
  for (let step = 0; step <= steps; step++) {
    if (step !== due) continue
    x.set(position(step))
    v.set(velocity(step))
    observe(step, x, v)
    shown.push(step)
    due = next(step)
  }
  return shown
}

/** What is handed over, copied. */
function record(given: TrajectoryOptions, steps: number): { blocks: TrajectoryRows[]; shown: number[] } {
  const blocks: TrajectoryRows[] = []
  const shown = show(
    observeTrajectory(shape, given, (rows) => blocks.push(structuredClone(rows))),
    steps,
  )
  return { blocks, shown }
}

describe('observeTrajectory', () => {
  it('hands over the rows asked for, chosen modes of every output, in blocks of at most blockRows', () => {
    const { blocks, shown } = record(options, 100)
    expect(shown).toEqual([0, 4, 8, 12, 16, 20])
    expect(blocks.map(({ firstRow, rowCount }) => [firstRow, rowCount])).toEqual([
      [0, 4],
      [4, 2],
    ])
    for (const rows of blocks) {
      for (const name of ['position', 'velocity'] as const) {
        const state = name === 'position' ? position : velocity
        const states = Array.from({ length: rows.rowCount }, (_, row) => state(4 * (rows.firstRow + row)))
        expect([...rows[name]]).toEqual(states.flatMap((all) => [all[2], all[0], all[5], all[3]]))
      }
    }
  })

  it('gives squared displacements over all modes and outputs, whatever modes are chosen', () => {
    const [all] = record({ ...options, modes: [0, 1, 2], blockRows: 6 }, 20).blocks
    const [none] = record({ ...options, modes: [], blockRows: 6 }, 20).blocks
    for (let row = 0; row < 6; row++) {
      const [x0, x, v] = [position(0), position(4 * row), velocity(4 * row)]
      const distance = x.reduce((sum, value, at) => sum + (value - x0[at]!) ** 2, 0)
      const speed = v.reduce((sum, value) => sum + value ** 2, 0)
      expect(all!.globalDisplacement[row]).toBeCloseTo(distance, 14)
      expect(all!.localDisplacement[row]).toBeCloseTo(0.25 * speed, 14)
    }
    expect(none!.globalDisplacement).toEqual(all!.globalDisplacement)
    expect(none!.localDisplacement).toEqual(all!.localDisplacement)
    expect(none!.position).toHaveLength(0)
  })

  it('gives the same rows in blocks of any size', () => {
    const whole = record({ ...options, blockRows: 100 }, 20).blocks[0]!
    for (const blockRows of [1, 2, 3, 5, 6]) {
      const { blocks } = record({ ...options, blockRows }, 20)
      for (const name of ['position', 'velocity', 'localDisplacement', 'globalDisplacement'] as const) {
        expect(blocks.flatMap((rows) => [...rows[name]])).toEqual([...whole[name]])
      }
    }
  })

  it('refuses steps out of order, and so a second chain', () => {
    const observer = observeTrajectory(shape, options, () => undefined)
    show(observer, 5)
    expect(() => show(observer, 5)).toThrow(
      new RangeError('observeTrajectory: step must be 8, the next one asked for, got 0'),
    )
  })

  it('refuses options out of range', () => {
    const given = (changes: Partial<TrajectoryOptions>) => () =>
      observeTrajectory(shape, { ...options, ...changes }, () => undefined)
    for (const name of ['every', 'rowCount', 'blockRows'] as const) {
      for (const value of [0, 1.5, Number.NaN]) {
        expect(given({ [name]: value })).toThrow(
          new RangeError(`observeTrajectory: ${name} must be an integer ≥ 1, got ${value}`),
        )
      }
    }
    expect(given({ learningRate: 0 })).toThrow(
      new RangeError('observeTrajectory: learningRate must be finite and > 0, got 0'),
    )
    expect(given({ modes: [0, 3] })).toThrow(
      new RangeError('observeTrajectory: modes[1] must be an integer in [0, 3), got 3'),
    )
    expect(() => observeTrajectory({ modeCount: 0, outputCount: 1 }, options, () => undefined)).toThrow(RangeError)
  })
})
