import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { memorySource } from '../data/memory-source.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { chosenBatches, tensorBatches } from './tensor-batches.ts'

const common = { name: 'five', shape: [2], examples: Float32Array.from({ length: 10 }, (_, i) => i), scale: 0.5 }
const classes = memorySource({ ...common, task: { kind: 'classification', classCount: 3 }, targets: [0, 1, 2, 0, 1] })
const values = memorySource({ ...common, task: { kind: 'regression', outputCount: 1 }, targets: [5, 6, 7, 8, 9] })

describe('batches on the backend', () => {
  beforeAll(async () => {
    await openBackend('cpu')
  })

  it('are all examples in order, with classes one-hot or values, and are disposed of one by one', async () => {
    const before = tf.memory().numTensors
    const seen: unknown[] = []
    for await (const { inputs, targets } of tensorBatches(classes, 3)) {
      expect(tf.memory().numTensors).toBe(before + 2)
      seen.push([inputs.arraySync(), targets.arraySync()])
    }
    expect(seen).toEqual([
      [
        [
          [0, 0.5],
          [1, 1.5],
          [2, 2.5],
        ],
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      ],
      [
        [
          [3, 3.5],
          [4, 4.5],
        ],
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ],
    ])
    for await (const { targets } of tensorBatches(values, 5))
      expect(targets.arraySync()).toEqual([[5], [6], [7], [8], [9]])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('are the examples chosen, and leave nothing behind a reader who leaves early', async () => {
    const before = tf.memory().numTensors
    for await (const { inputs, targets } of chosenBatches(values, [Uint32Array.of(4, 1), Uint32Array.of(0, 2)])) {
      expect(inputs.arraySync()).toEqual([
        [4, 4.5],
        [1, 1.5],
      ])
      expect(targets.arraySync()).toEqual([[9], [6]])
      break
    }
    expect(tf.memory().numTensors).toBe(before)
  })
})
