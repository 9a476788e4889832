import { expect, test } from 'vitest'
import type { ExampleSource } from './example-source.ts'
import { fixedBatches } from './fixed-batches.ts'
import { numberedImages } from './memory.fixture.ts'
import { selection } from './selection.ts'

const source = numberedImages(7, [1, 1, 1])

async function sizesAndFirsts(of: ExampleSource, size: number): Promise<[number, number][]> {
  const seen: [number, number][] = []
  for await (const { size: count, examples } of fixedBatches(of, size)) seen.push([count, examples[0]! / 1000])
  return seen
}

test('A pass shows every example once, in order, the last batch short; the next pass is the same.', async () => {
  const expected = [
    [3, 0],
    [3, 3],
    [1, 6],
  ]
  expect(await sizesAndFirsts(source, 3)).toEqual(expected)
  expect(await sizesAndFirsts(source, 3)).toEqual(expected)
  expect(await sizesAndFirsts(source, 7)).toEqual([[7, 0]])
  expect(await sizesAndFirsts(source, 100)).toEqual([[7, 0]])
  expect(await sizesAndFirsts(selection(source, Uint32Array.of(5, 1, 4)), 2)).toEqual([
    [2, 5],
    [1, 4],
  ])
})

test('One batch is read ahead, into other room than the one in use, and leaving early waits for it.', async () => {
  let begun = 0
  let ended = 0
  const slow: ExampleSource = {
    ...source,
    read: async (indices, into) => {
      begun++
      await new Promise((resolve) => setTimeout(resolve, 5))
      await source.read(indices, into)
      ended++
    },
  }
  for await (const batch of fixedBatches(slow, 2)) {
    expect([...batch.examples]).toEqual([0, 1000])
    expect(begun).toBe(2)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([...batch.examples]).toEqual([0, 1000])
    break
  }
  expect([begun, ended]).toEqual([2, 2])
})

test('A failure while reading ahead is thrown when its batch is due, not before.', async () => {
  const failing: ExampleSource = {
    ...source,
    read: async (indices, into) => {
      if (indices[0]! >= 4) throw new RangeError(`example ${indices[0]}`)
      await source.read(indices, into)
    },
  }
  const seen: number[] = []
  const pass = async () => {
    for await (const { examples } of fixedBatches(failing, 2)) {
      seen.push(examples[0]!)
      await new Promise((resolve) => setTimeout(resolve, 1)) // an unhandled rejection would end the process here
    }
  }
  await expect(pass()).rejects.toThrow(new RangeError('example 4'))
  expect(seen).toEqual([0, 2000])
})

test('It refuses room for no example.', async () => {
  await expect(sizesAndFirsts(source, 0)).rejects.toThrow(
    new RangeError('emptyBatch: capacity must be an integer ≥ 1, got 0'),
  )
})
