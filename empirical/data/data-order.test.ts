import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uniformInteger } from '../../foundation/random/uniform-integer.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { type DataOrderOptions, type DataSampling, dataOrder, dataOrderStart, dataOrderState } from './data-order.ts'

function batches(options: DataOrderOptions, seed: number, count: number): number[][] {
  const order = dataOrder(options, dataOrderStart(seed))
  const indices = new Uint32Array(options.batchSize)
  return Array.from({ length: count }, () => {
    order.next(indices)
    return [...indices]
  })
}

test('With replacement the examples are the stream of the seed, one uniform integer each.', () => {
  const state = streamOf(5, 0)
  const expected = Array.from({ length: 4 }, () => Array.from({ length: 3 }, () => uniformInteger(state, 10)))
  expect(batches({ sampling: 'with-replacement', exampleCount: 10, batchSize: 3 }, 5, 4)).toEqual(expected)
})

test('Epochs are new shuffles, equal to a naive draw of what is left, and drop what does not fill a batch.', () => {
  const state = streamOf(9, 0)
  const naive: number[][] = []
  for (let epoch = 0; epoch < 3; epoch++) {
    const left = Array.from({ length: 11 }, (_, example) => example)
    const shuffled: number[] = []
    while (left.length > 1) {
      const chosen = uniformInteger(state, left.length)
      shuffled.push(left[chosen]!)
      left[chosen] = left[0]! // the shuffle in place puts the first of the rest where the chosen one was
      left.shift()
    }
    shuffled.push(left[0]!)
    naive.push(shuffled.slice(0, 4), shuffled.slice(4, 8))
  }
  expect(batches({ sampling: 'shuffled-epochs', exampleCount: 11, batchSize: 4 }, 9, 6)).toEqual(naive)
})

test('Where the batch size divides the set, an epoch has every example once; the next epoch has another order.', () => {
  const drawn = batches({ sampling: 'shuffled-epochs', exampleCount: 60, batchSize: 12 }, 1, 10)
  const [first, second] = [drawn.slice(0, 5).flat(), drawn.slice(5).flat()]
  const all = Array.from({ length: 60 }, (_, example) => example)
  expect([...first].sort((a, b) => a - b)).toEqual(all)
  expect([...second].sort((a, b) => a - b)).toEqual(all)
  expect(first).not.toEqual(second)
})

test('All orders of four examples are equally likely (chi-square of 24 cells within 5 sigma).', () => {
  const order = dataOrder({ sampling: 'shuffled-epochs', exampleCount: 4, batchSize: 4 }, dataOrderStart(3))
  const counts = new Map<string, number>()
  const indices = new Uint32Array(4)
  const draws = 24_000
  for (let draw = 0; draw < draws; draw++) {
    order.next(indices)
    const key = indices.join()
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  expect(counts.size).toBe(24)
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  expect(Math.abs(chiSquare - 23)).toBeLessThan(5 * Math.sqrt(2 * 23))
})

test('An order resumed from its state, through JSON, goes on as the uninterrupted one does (seed 1).', () => {
  const settings = fc.record({
    sampling: fc.constantFrom<DataSampling>('with-replacement', 'shuffled-epochs'),
    exampleCount: fc.integer({ min: 1, max: 20 }),
    batchSize: fc.integer({ min: 1, max: 8 }),
  })
  fc.assert(
    fc.property(settings, fc.nat(25), fc.nat(1000), (drawn, before, seed) => {
      const options = { ...drawn, batchSize: Math.min(drawn.batchSize, drawn.exampleCount) }
      const order = dataOrder(options, dataOrderStart(seed))
      const indices = new Uint32Array(options.batchSize)
      for (let step = 0; step < before; step++) order.next(indices)
      const saved = order.state()
      const resumed = dataOrder(options, dataOrderState.parse(JSON.parse(JSON.stringify(saved))))
      const others = new Uint32Array(options.batchSize)
      for (let step = 0; step < 25; step++) {
        order.next(indices)
        resumed.next(others)
        expect(others).toEqual(indices)
        expect(resumed.state()).toEqual(order.state())
      }
    }),
    { seed: 1 },
  )
})

test('The epoch and position count finished epochs and the batches of the present one.', () => {
  const order = dataOrder({ sampling: 'shuffled-epochs', exampleCount: 7, batchSize: 3 }, dataOrderStart(1))
  const places: string[] = []
  for (let step = 0; step < 5; step++) {
    const { epoch, position } = order.state()
    places.push(`${epoch}.${position}`)
    order.next(new Uint32Array(3))
  }
  expect(places).toEqual(['0.0', '0.1', '0.2', '1.1', '1.2'])
  expect(order.batchesPerEpoch).toBe(2)
})

const start = dataOrderStart(1)
const shuffled: DataOrderOptions = { sampling: 'shuffled-epochs', exampleCount: 10, batchSize: 5 }
test.each<[string, () => unknown, string]>([
  [
    'no examples',
    () => dataOrder({ ...shuffled, exampleCount: 0 }, start),
    'dataOrder: exampleCount must be an integer in [1, 2^32), got 0',
  ],
  [
    'a batch above the set',
    () => dataOrder({ ...shuffled, batchSize: 11 }, start),
    'dataOrder: batchSize must be an integer in [1, 10], got 11',
  ],
  [
    'a state of another batch size',
    () => dataOrder(shuffled, { ...start, position: 3 }),
    "dataOrder: position must be at most the epoch's 2 batches, got 3",
  ],
  [
    'an epoch with replacement',
    () => dataOrder({ ...shuffled, sampling: 'with-replacement' }, { ...start, epoch: 2 }),
    'dataOrder: epoch must be 0 with replacement, got 2',
  ],
  [
    'room for another batch',
    () => dataOrder(shuffled, start).next(new Uint32Array(4)),
    'dataOrder: indices must have room for exactly 5 examples, got 4',
  ],
])('It refuses %s.', (_, call, message) => {
  expect(call).toThrow(new RangeError(message))
})

test('A state with no random numbers in it is refused.', () => {
  expect(dataOrderState.safeParse({ ...start, random: [0, 0, 0, 0] }).success).toBe(false)
  expect(dataOrderState.safeParse({ ...start, random: [1, 2, 3] }).success).toBe(false)
  expect(dataOrderState.safeParse({ ...start, steps: 1 }).success).toBe(false)
})
