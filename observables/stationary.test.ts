import { describe, expect, it } from 'vitest'
import { addToSums, type PacedObserver } from '../foundation/phase-space.ts'
import { observeStationary, type StationaryOptions } from './stationary.ts'

const shape = { modeCount: 3, outputCount: 2 }

/** A deterministic chain that repeats nowhere. // [step][output, mode] */
function chain(steps: number): { position: Float64Array[]; velocity: Float64Array[] } {
  const wave = (step: number, at: number, rate: number): number => Math.sin(rate * step * (at + 1) + at) + 0.1 * at
  const states = (rate: number): Float64Array[] =>
    Array.from({ length: steps + 1 }, (_, step) => Float64Array.from({ length: 6 }, (__, at) => wave(step, at, rate)))
  return { position: states(0.37), velocity: states(0.91) }
}

/** Shows the steps asked for through one pair of reused arrays and sums all, as a source does. */
function show({ observe, next, sums }: PacedObserver, steps: number): void {
  const { position, velocity } = chain(steps)
  const [x, v] = [new Float64Array(6), new Float64Array(6)]
  let due = 0
  for (let step = 0; step <= steps; step++) {
    x.set(position[step]!)
    v.set(velocity[step]!)
    if (step > sums!.after) addToSums(sums!, x, v)
    if (step !== due) continue
    observe(step, x, v)
    due = next(step)
  }
}

/** The starts of complete windows, listed. */
function windowStarts(lag: number, { burnIn, stride }: StationaryOptions, steps: number): number[] {
  const starts: number[] = []
  for (let start = burnIn; start + lag <= steps; start += stride * Math.ceil(lag / stride)) starts.push(start)
  return starts
}

describe('observeStationary', () => {
  it.each<[StationaryOptions, number]>([
    [{ burnIn: 0, lags: [1, 2, 7, 30], correlationLags: [1, 3], stride: 1 }, 60],
    [{ burnIn: 13, lags: [5, 1, 10], correlationLags: [4], stride: 5 }, 101],
    [{ burnIn: 10, lags: [4, 6, 11], correlationLags: [1, 2, 9], stride: 4 }, 64],
    [{ burnIn: 3, lags: [], correlationLags: [], stride: 1 }, 4],
  ])('gives the means that a kept trajectory gives: %j, %d steps', (options, steps) => {
    const { observer, record } = observeStationary(shape, options)
    show(observer, steps)
    const result = record()
    const { position, velocity } = chain(steps)
    const counted = steps - options.burnIn
    expect(result.steps).toBe(counted)

    const mean = (a: Float64Array[], b: Float64Array[], l: number): number => {
      let sum = 0
      for (let step = options.burnIn + 1; step <= steps; step++) {
        sum += a[step]![l]! * b[step]![l]! + a[step]![3 + l]! * b[step]![3 + l]!
      }
      return sum / counted
    }
    let speed = 0
    for (let l = 0; l < 3; l++) {
      expect(result.positionSquare[l]).toBeCloseTo(mean(position, position, l), 12)
      expect(result.velocitySquare[l]).toBeCloseTo(mean(velocity, velocity, l), 12)
      expect(result.positionVelocity[l]).toBeCloseTo(mean(position, velocity, l), 12)
      speed += mean(velocity, velocity, l)
    }
    expect(result.squaredSpeed).toBeCloseTo(speed, 12)

    options.lags.forEach((lag, index) => {
      const starts = windowStarts(lag, options, steps)
      let sum = 0
      for (const start of starts) {
        for (let at = 0; at < 6; at++) sum += (position[start + lag]![at]! - position[start]![at]!) ** 2
      }
      expect(result.windowCounts[index]).toBe(starts.length)
      expect(result.displacement[index]).toBeCloseTo(sum / starts.length, 12)
    })
    options.correlationLags.forEach((lag, index) => {
      const starts = windowStarts(lag, options, steps)
      expect(result.correlationWindowCounts[index]).toBe(starts.length)
      for (let l = 0; l < 3; l++) {
        let sum = 0
        for (const start of starts) {
          for (const at of [l, 3 + l]) sum += velocity[start]![at]! * velocity[start + lag]![at]!
        }
        expect(result.velocityProduct[l * options.correlationLags.length + index]).toBeCloseTo(sum / starts.length, 12)
      }
    })
  })

  it('may be asked for its record on the way', () => {
    const options: StationaryOptions = { burnIn: 0, lags: [2], correlationLags: [], stride: 1 }
    const { observer, record } = observeStationary({ modeCount: 1, outputCount: 1 }, options)
    for (let step = 0; step <= 4; step++) {
      if (step > 0) addToSums(observer.sums!, Float64Array.of(step), Float64Array.of(1))
      if (step % 2 === 0) observer.observe(step, Float64Array.of(step), Float64Array.of(1))
      if (step === 2) expect(record()).toMatchObject({ steps: 2, positionSquare: Float64Array.of(2.5) })
    }
    expect(record()).toMatchObject({ steps: 4, positionSquare: Float64Array.of(7.5), displacement: Float64Array.of(4) })
  })

  it('refuses to give a mean of nothing', () => {
    const { observer, record } = observeStationary(shape, { burnIn: 5, lags: [2, 9], correlationLags: [], stride: 1 })
    expect(record).toThrow(new RangeError('observeStationary: steps must go beyond burnIn 5, got 0'))
    show(observer, 13)
    expect(record).toThrow(new RangeError('observeStationary: steps must reach 14 for one window of lag 9, got 13'))
  })

  it('refuses steps out of order, and so a second chain', () => {
    const { observer } = observeStationary(shape, { burnIn: 0, lags: [4], correlationLags: [], stride: 1 })
    show(observer, 3)
    expect(() => show(observer, 3)).toThrow(
      new RangeError('observeStationary: step must be 4, the next one asked for, got 0'),
    )
  })

  it('refuses options out of range', () => {
    const good: StationaryOptions = { burnIn: 0, lags: [1], correlationLags: [1], stride: 1 }
    expect(() => observeStationary(shape, { ...good, burnIn: -1 })).toThrow(
      new RangeError('observeStationary: burnIn must be an integer ≥ 0, got -1'),
    )
    expect(() => observeStationary(shape, { ...good, stride: 0 })).toThrow(RangeError)
    expect(() => observeStationary(shape, { ...good, lags: [3, 0] })).toThrow(
      new RangeError('observeStationary: lags[1] must be an integer ≥ 1, got 0'),
    )
    expect(() => observeStationary(shape, { ...good, correlationLags: [0.5] })).toThrow(
      new RangeError('observeStationary: correlationLags[0] must be an integer ≥ 1, got 0.5'),
    )
    expect(() => observeStationary({ modeCount: 0, outputCount: 1 }, good)).toThrow(
      new RangeError('observeStationary: shape.modeCount must be an integer ≥ 1, got 0'),
    )
  })
})
