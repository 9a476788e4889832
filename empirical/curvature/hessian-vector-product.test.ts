import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { linear } from '../models/families/linear.ts'
import { multilayerPerceptron } from '../models/families/multilayer-perceptron.ts'
import { residualNetwork } from '../models/families/residual-network.ts'
import { networkOf, randomBatch } from '../models/network.fixture.ts'
import { type Batch, batchLossAndGradient } from '../models/objective.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { batchHessianVectorProduct, hessianVectorProduct } from './hessian-vector-product.ts'
import { meanOverBatches } from './mean-over-batches.ts'

// origin of values for every family: models/torch-networks.test.ts

beforeAll(async () => {
  await openBackend('wasm')
})

const perceptron = multilayerPerceptron({ inputShape: [12], hidden: [8], outputs: 3 })

/** Rows [from, to) of a batch. */
function part({ inputs, targets }: Batch, from: number, to: number): Batch {
  return {
    inputs: tf.slice(inputs, from, to - from),
    targets: tf.slice(targets, from, to - from),
  }
}

function largestDifference(a: readonly tf.Tensor[], b: readonly tf.Tensor[]): number {
  return Math.max(...a.map((tensor, index) => tf.max(tf.abs(tf.sub(tensor, b[index]!))).dataSync()[0]!))
}

describe('hessianVectorProduct', () => {
  it('is XᵀX/N for linear regression', () => {
    const { objective, parameters } = networkOf(linear({ inputShape: [5], outputs: 2 }))
    const batch = randomBatch(objective, 7)
    const direction = parameters.map((tensor, index) => tf.randomNormal(tensor.shape, 0, 1, 'float32', index))
    const product = batchHessianVectorProduct(
      { ...objective, loss: 'mean-squared-error' },
      parameters,
      direction,
      batch,
    )
    const inputs = batch.inputs as tf.Tensor2D
    const moved = tf.add(tf.matMul(inputs, direction[0] as tf.Tensor2D), direction[1]!) as tf.Tensor2D
    expect(largestDifference(product, [tf.div(tf.matMul(inputs, moved, true), 7), tf.mean(moved, 0)])).toBeLessThan(
      1e-6,
    )
  })

  it('counts every example of unequal batches once, held or streamed', async () => {
    const { objective, parameters } = networkOf(perceptron)
    const batch = randomBatch(objective, 20)
    const whole = batchHessianVectorProduct(objective, parameters, parameters, batch)
    const parts = [part(batch, 0, 9), part(batch, 9, 12), part(batch, 12, 20)]
    async function* streamed(): AsyncGenerator<Batch> {
      yield* parts
    }
    for (const batches of [parts, streamed()]) {
      const product = await hessianVectorProduct(objective, parameters, parameters, batches)
      expect(largestDifference(product, whole)).toBeLessThan(1e-6)
    }
  })

  it('does not depend on how batches are cut in mode `running` of normalisation, but does in mode `batch`', async () => {
    const { objective, parameters } = networkOf(
      residualNetwork({ inputShape: [8, 8, 3], outputs: 3, blocks: [1, 1], width: 4, stem: 'cifar' }),
    )
    const batch = randomBatch(objective, 12)
    const parts = [part(batch, 0, 4), part(batch, 4, 12)]
    const relative = async (mode: 'running' | 'batch'): Promise<number> => {
      const of = { ...objective, mode }
      const whole = await hessianVectorProduct(of, parameters, parameters, [batch])
      const cut = await hessianVectorProduct(of, parameters, parameters, parts)
      return (
        largestDifference(whole, cut) /
        largestDifference(
          whole,
          whole.map((tensor) => tf.zerosLike(tensor)),
        )
      )
    }
    expect(await relative('running')).toBeLessThan(1e-5)
    expect(await relative('batch')).toBeGreaterThan(0.01)
  })

  it('leaves no tensor behind in 1,000 steps of training and products', async () => {
    const { objective, parameters } = networkOf(perceptron)
    const batch = randomBatch(objective, 4)
    const once = async (): Promise<void> => {
      const { loss, gradient } = batchLossAndGradient(objective, parameters, batch)
      tf.dispose([loss, ...gradient])
      tf.dispose(await hessianVectorProduct(objective, parameters, parameters, [batch]))
    }
    await once()
    const { numTensors, numDataBuffers, numBytes } = tf.memory()
    for (let step = 0; step < 1000; step++) await once()
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers, numBytes })
  })
})

describe('meanOverBatches', () => {
  it('refuses no batch at all', async () => {
    await expect(meanOverBatches([], () => [])).rejects.toThrow(
      new RangeError('meanOverBatches: batches must not be empty'),
    )
  })

  it('leaves no tensor behind when a batch fails', async () => {
    const { objective } = networkOf(perceptron)
    const batches = [randomBatch(objective, 4), randomBatch(objective, 4)]
    const before = tf.memory().numTensors
    let calls = 0
    const failing = (): tf.Tensor[] => {
      if (++calls === 2) throw new Error('second batch')
      return [tf.scalar(1)]
    }
    await expect(meanOverBatches(batches, failing)).rejects.toThrow('second batch')
    expect(tf.memory().numTensors).toBe(before)
  })
})
