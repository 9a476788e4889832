import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../tensorflow/backend.ts'
import { gradientsOf } from './objective.ts'

// values of losses and gradients: torch-networks.test.ts

beforeAll(async () => {
  await openBackend('wasm')
})

describe('gradientsOf', () => {
  it('is zero where the value does not depend on a tensor, or on none at all', () => {
    const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3])]
    const some = gradientsOf(() => tf.sum(tf.square(a)), [a, b])
    expect(some.value.dataSync()[0]).toBe(5)
    expect(some.grads.map((tensor) => [...tensor.dataSync()])).toEqual([[2, 4], [0]])
    const none = gradientsOf(() => tf.scalar(7), [a, b])
    expect(none.grads.map((tensor) => [...tensor.dataSync()])).toEqual([[0, 0], [0]])
  })
})
