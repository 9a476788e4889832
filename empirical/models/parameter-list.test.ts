import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../tensorflow/backend.ts'
import { smallConvolutional } from './families/small-convolutional.ts'
import { initialParameters } from './initial-parameters.ts'
import { planModel } from './model.ts'
import {
  backendShape,
  downloadParameters,
  initialStatistics,
  uploadParameters,
  uploadStatistics,
} from './parameter-list.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const model = planModel(smallConvolutional({ inputShape: [4, 6, 3], filters: [5], outputs: 2 }))

describe('uploadParameters and downloadParameters', () => {
  it('are each other’s inverse, bit for bit, and leave nothing behind', async () => {
    const before = tf.memory().numTensors
    const values = initialParameters(model, 1)
    const tensors = uploadParameters(model, values)
    expect(tensors.map(({ shape }) => shape)).toEqual(model.parameters.map(backendShape))
    expect(await downloadParameters(model, tensors)).toEqual(values)
    tf.dispose(tensors)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('lay filters out as [row, column, input, output] and matrices as [input, output]', () => {
    const values = initialParameters(model, 1)
    const [filters, , matrix] = uploadParameters(model, values)
    expect(filters!.shape).toEqual([3, 3, 3, 5])
    // PyTorch's filter 4, channel 1, row 2, column 0
    expect((filters!.arraySync() as number[][][][])[2]![0]![1]![4]).toBe(values[0]![((4 * 3 + 1) * 3 + 2) * 3 + 0])
    expect(matrix!.shape).toEqual([30, 2])
    expect((matrix!.arraySync() as number[][])[7]![1]).toBe(values[2]![1 * 30 + 7])
  })

  it('copy: the values given may change afterwards', () => {
    const values = initialParameters(model, 1)
    const [, bias] = uploadParameters(model, values)
    values[1]![0] = 7
    expect(bias!.dataSync()[0]).toBe(0)
  })

  it('refuse values that do not fit', () => {
    const values = initialParameters(model, 1)
    expect(() => uploadParameters(model, values.slice(1))).toThrow(
      new RangeError('uploadParameters: values must have 4 arrays, got 3'),
    )
    expect(() => uploadParameters(model, [...values.slice(0, 3), new Float32Array(3)])).toThrow(
      new RangeError('uploadParameters: classifier.bias must have 2 values for its shape [2], got 3'),
    )
    expect(() => uploadStatistics(model, [new Float32Array(1)])).toThrow(
      new RangeError('uploadStatistics: values must have 0 arrays, got 1'),
    )
  })
})

describe('initialStatistics', () => {
  it('are means of 0 and variances of 1', () => {
    const normalised = planModel({
      inputShape: [2],
      layers: [{ kind: 'batch-normalisation', name: 'bn' }],
    })
    expect(initialStatistics(normalised)).toEqual([Float32Array.of(0, 0), Float32Array.of(1, 1)])
  })
})
