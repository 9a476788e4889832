import { expect, test } from 'vitest'
import { numberedImages, readSome } from './memory.fixture.ts'
import { randomParts, selection } from './selection.ts'

test('A selection shows the chosen examples under new numbers, and no others.', async () => {
  const part = selection(numberedImages(9, [1, 1, 1]), Uint32Array.of(8, 2, 5))
  expect(part).toMatchObject({ name: 'numbered', exampleCount: 3 })
  const { examples, labels } = await readSome(part, [1, 1, 0])
  expect([...examples]).toEqual([2000, 2000, 8000])
  expect([...labels]).toEqual([2, 2, 2])
  await expect(readSome(part, [3])).rejects.toThrow(
    new RangeError('numbered: indices[0] must be less than the 3 examples, got 3'),
  )
})

test('Random parts are disjoint, ascending, as large as asked, and the seed’s own.', () => {
  const [first, second] = randomParts(100, [30, 50], 1)
  expect([first!.length, second!.length, new Set([...first!, ...second!]).size]).toEqual([30, 50, 80])
  expect([...first!]).toEqual([...first!].sort((a, b) => a - b))
  expect(randomParts(100, [30, 50], 1)).toEqual([first, second])
  expect(randomParts(100, [30, 50], 2)[0]).not.toEqual(first)
})

test('Every example is chosen as often as any other (within 5 sigma).', () => {
  const counts = new Float64Array(20)
  const seeds = 2000
  for (let seed = 0; seed < seeds; seed++) for (const index of randomParts(20, [5], seed)[0]!) counts[index]!++
  const sigma = Math.sqrt(seeds * 0.25 * 0.75)
  for (const count of counts) expect(Math.abs(count - seeds / 4)).toBeLessThan(5 * sigma)
})

test('It refuses more than there is.', () => {
  expect(() => randomParts(10, [4, 7], 1)).toThrow(
    new RangeError('randomParts: sizes must be at most 10 together, got 4 + 7'),
  )
  expect(() => selection(numberedImages(2, [1, 1, 1]), Uint32Array.of(0, 2))).toThrow(
    new RangeError('selection: chosen[1] must be less than the 2 examples of numbered, got 2'),
  )
})
