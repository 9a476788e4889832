import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../tensorflow/backend.ts'
import { meanLoss } from './loss.ts'

let target: tf.Tensor2D
beforeAll(async () => {
  await openBackend('wasm')
  target = tf.tensor2d([[0, 1, 0]])
})

const logits = [0.5, -1, 2]
const exponentials = logits.map(Math.exp)
const total = exponentials.reduce((sum, value) => sum + value, 0)
const probabilities = exponentials.map((value) => value / total)

describe('meanLoss', () => {
  it('is −log p of the class, averaged over examples', () => {
    const two = tf.tensor2d([logits, [0, 0, 0]])
    const loss = meanLoss(
      'cross-entropy',
      two,
      tf.tensor2d([
        [0, 1, 0],
        [1, 0, 0],
      ]),
    ).dataSync()[0]
    expect(loss).toBeCloseTo((-Math.log(probabilities[1]!) + Math.log(3)) / 2, 6)
  })

  it('is right for targets that are probabilities', () => {
    const shares = [0.2, 0.5, 0.3]
    const loss = meanLoss('cross-entropy', tf.tensor2d([logits]), tf.tensor2d([shares])).dataSync()[0]
    expect(loss).toBeCloseTo(-shares.reduce((sum, share, c) => sum + share * Math.log(probabilities[c]!), 0), 6)
  })

  it('has the derivatives p − y and diag(p) − ppᵀ', () => {
    const first = tf.grad((z: tf.Tensor) => meanLoss('cross-entropy', z as tf.Tensor2D, target))
    const gradient = first(tf.tensor2d([logits])).dataSync()
    probabilities.forEach((p, c) => {
      expect(gradient[c]).toBeCloseTo(p - (c === 1 ? 1 : 0), 6)
    })
    probabilities.forEach((p, row) => {
      const unit = tf.tensor2d([logits.map((_, c) => (c === row ? 1 : 0))])
      const hessianRow = tf
        .grad((z: tf.Tensor) => tf.sum(tf.mul(first(z), unit)))(tf.tensor2d([logits]))
        .dataSync()
      probabilities.forEach((q, column) => {
        expect(hessianRow[column]).toBeCloseTo((row === column ? p : 0) - p * q, 6)
      })
    })
  })

  it('neither overflows nor vanishes for logits of a thousand', () => {
    const z = tf.tensor2d([[1000, 0, -1000]])
    expect(meanLoss('cross-entropy', z, target).dataSync()[0]).toBe(1000)
    const gradient = tf
      .grad((at: tf.Tensor) => meanLoss('cross-entropy', at as tf.Tensor2D, target))(z)
      .dataSync()
    expect([...gradient]).toEqual([1, -1, 0])
  })

  it('is half the squared error an example, so that its Hessian in the outputs is 1/N', () => {
    const outputs = tf.tensor2d([
      [1, 2],
      [3, 5],
    ])
    const values = tf.tensor2d([
      [0, 2],
      [1, 1],
    ])
    expect(meanLoss('mean-squared-error', outputs, values).dataSync()[0]).toBe((1 + 4 + 16) / 2 / 2)
  })
})
