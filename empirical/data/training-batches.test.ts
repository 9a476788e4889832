import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uniform } from '../../foundation/random/uniform.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { type DataSampling, dataOrder, dataOrderStart } from './data-order.ts'
import type { ExampleSource } from './example-source.ts'
import { framed } from './framing.ts'
import { numberedImages, readSome } from './memory.fixture.ts'
import { trainingBatches, trainingBatchesStart, trainingBatchesState } from './training-batches.ts'

const plain = numberedImages(23, [4, 4, 1])
const augmented = framed(plain, { crop: { size: 4, padding: 2, at: 'random' }, flip: 'random' })
const options = { sampling: 'shuffled-epochs', batchSize: 5 } as const

test('Batches are the order’s examples, seen as the stream of views says, three numbers an example.', async () => {
  const order = dataOrder({ ...options, exampleCount: 23 }, dataOrderStart(4))
  const random = streamOf(4, 1)
  const batches = trainingBatches(augmented, options, trainingBatchesStart(4))
  expect(batches.batchesPerEpoch).toBe(4)
  const indices = new Uint32Array(5)
  for (let step = 0; step < 9; step++) {
    order.next(indices)
    const views = Array.from({ length: 15 }, () => uniform(random))
    const expected = await readSome(augmented, [...indices], views)
    expect(await batches.next()).toEqual(expected)
    expect(batches.state().order).toEqual(order.state())
  }
  await batches.close()
})

test('Without random crop or flip no random numbers are spent on views.', async () => {
  const batches = trainingBatches(plain, options, trainingBatchesStart(4))
  await batches.next()
  expect(batches.state().views).toEqual(trainingBatchesStart(4).views)
  await batches.close()
})

test('Resumed from the state of any step, through JSON, batches go on as the uninterrupted ones (seed 1).', async () => {
  const sampling = fc.constantFrom<DataSampling>('with-replacement', 'shuffled-epochs')
  await fc.assert(
    fc.asyncProperty(sampling, fc.nat(12), fc.nat(1000), async (drawn, before, seed) => {
      const settings = { sampling: drawn, batchSize: 5 }
      const batches = trainingBatches(augmented, settings, trainingBatchesStart(seed))
      for (let step = 0; step < before; step++) await batches.next()
      const saved = trainingBatchesState.parse(JSON.parse(JSON.stringify(batches.state())))
      const resumed = trainingBatches(augmented, settings, saved)
      for (let step = 0; step < 12; step++) {
        expect(await resumed.next()).toEqual(await batches.next())
        expect(resumed.state()).toEqual(batches.state())
      }
    }),
    { seed: 1, numRuns: 30 },
  )
})

test('A batch stays as it is while the next one is read, and a failure is thrown when its batch is due.', async () => {
  let reads = 0
  const failing: ExampleSource = {
    ...plain,
    read: async (indices, into) => {
      if (++reads === 3) throw new RangeError('third')
      await plain.read(indices, into)
    },
  }
  const batches = trainingBatches(failing, options, trainingBatchesStart(2))
  const first = await batches.next()
  const copy = [...first.examples]
  await new Promise((resolve) => setTimeout(resolve, 1))
  expect([...first.examples]).toEqual(copy)
  expect(reads).toBe(2)
  await batches.next()
  const state = batches.state()
  await new Promise((resolve) => setTimeout(resolve, 1)) // an unhandled rejection would end the process here
  await expect(batches.next()).rejects.toThrow(new RangeError('third'))
  expect(batches.state()).toEqual(state)
  await batches.close()
})
