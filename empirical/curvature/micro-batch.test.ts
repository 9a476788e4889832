import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { architectureSchema } from '../models/families/architecture.ts'
import { initialParameters } from '../models/initial-parameters.ts'
import { planModel } from '../models/model.ts'
import type { Objective } from '../models/objective.ts'
import { initialStatistics, uploadParameters, uploadStatistics } from '../models/parameter-list.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { batchHessianVectorProduct } from './hessian-vector-product.ts'
import { largestMicroBatch, productMemory } from './micro-batch.ts'

const image = [32, 32, 3]
const nets: [name: string, description: object, batchSize: number][] = [
  ['linear', { family: 'linear', inputShape: [784], outputs: 10 }, 64],
  ['mlp', { family: 'mlp', inputShape: [784], hidden: [256, 128], outputs: 10 }, 64],
  ['cnn', { family: 'cnn', inputShape: image, filters: [16, 32], outputs: 10 }, 8],
  ['resnet-small', { family: 'resnet-small', inputShape: image, blocks: 1, outputs: 10 }, 4],
  ['resnet-18', { family: 'resnet-18', inputShape: [64, 64, 3], width: 16, stem: 'imagenet', outputs: 10 }, 4],
  [
    'vgg-11',
    { family: 'vgg-11', inputShape: image, width: 8, head: 'cifar', batchNormalisation: false, outputs: 10 },
    4,
  ],
  [
    'vgg-11-bn',
    { family: 'vgg-11', inputShape: image, width: 8, head: 'cifar', batchNormalisation: true, outputs: 10 },
    4,
  ],
]

let heap: { peakOf(work: () => void): number }

describe('memory of a Hessian-vector product', () => {
  beforeAll(async () => {
    await openBackend('wasm')
    heap = watchedHeap()
  })

  for (const [name, description, batchSize] of nets) {
    for (const mode of ['running', 'batch'] as const) {
      it(`of ${name}, statistics ${mode}, is predicted within 10 %`, () => {
        const { objective, dispose } = net(description, mode)
        const { model } = objective
        const peak = heap.peakOf(() => {
          const parameters = uploadParameters(model, initialParameters(model, 1))
          const direction = uploadParameters(model, initialParameters(model, 2))
          const inputs = tf.randomNormal([batchSize, ...model.inputShape], 0, 1, 'float32', 3)
          const targets = tf.tensor2d(new Float32Array(batchSize * 10).fill(0.1), [batchSize, 10])
          const product = batchHessianVectorProduct(objective, parameters, direction, { inputs, targets })
          tf.dispose([...parameters, ...direction, ...product, inputs, targets])
        })
        dispose()
        const { fixed, perExample } = productMemory(objective)
        expect(peak / (fixed + batchSize * perExample)).toBeLessThan(1.1)
        expect(peak / (fixed + batchSize * perExample)).toBeGreaterThan(0.9)
      })
    }
  }

  it('lets ResNet-18 on ImageNet’s images have fewer than the 16 examples that took 4.0 GB, and some', () => {
    const resnet = { family: 'resnet-18', inputShape: [224, 224, 3], stem: 'imagenet', outputs: 1000 }
    const { objective, dispose } = net(resnet, 'running')
    const examples = largestMicroBatch(objective)
    expect(examples).toBeGreaterThanOrEqual(8)
    expect(examples).toBeLessThan(16)
    const { fixed, perExample } = productMemory(objective)
    expect(fixed + examples * perExample).toBeLessThanOrEqual(3.5 * 2 ** 30)
    expect(fixed + (examples + 1) * perExample).toBeGreaterThan(3.5 * 2 ** 30)
    dispose()
  })

  it('refuses, with the estimate, what does not fit with one example', () => {
    const vgg = {
      family: 'vgg-16',
      inputShape: [224, 224, 3],
      head: 'imagenet',
      batchNormalisation: true,
      outputs: 1000,
    }
    const { objective } = net(vgg, 'batch', false)
    expect(() => largestMicroBatch(objective)).toThrow(
      /^largestMicroBatch: a Hessian-vector product of one example must fit into 3.50 GiB, it takes about \d\.\d\d$/,
    )
  })
})

function net(
  description: object,
  mode: Objective['mode'],
  withStatistics = true,
): { objective: Objective; dispose(): void } {
  const model = planModel(architectureSchema.parse(description))
  const statistics = withStatistics ? uploadStatistics(model, initialStatistics(model)) : []
  return { objective: { model, loss: 'cross-entropy', mode, statistics }, dispose: () => void tf.dispose(statistics) }
}

/** Counts what the backend takes of wasm's heap and gives back. */
function watchedHeap(): { peakOf(work: () => void): number } {
  const { wasm } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number; _free(place: number): void } }
  wasm._free(wasm._malloc(8)) // the first call of each replaces it by the real one
  const { _malloc, _free } = wasm
  const sizes = new Map<number, number>()
  let [held, peak] = [0, 0]
  wasm._malloc = (bytes) => {
    const place = _malloc(bytes)
    sizes.set(place, bytes)
    held += bytes
    peak = Math.max(peak, held)
    return place
  }
  wasm._free = (place) => {
    held -= sizes.get(place) ?? 0
    sizes.delete(place)
    _free(place)
  }
  return {
    peakOf: (work) => {
      const before = held
      peak = held
      work()
      return peak - before
    },
  }
}
