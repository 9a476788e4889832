import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { readSafetensors } from '../../foundation/formats/safetensors.ts'
import { batchHessianVectorProduct } from '../curvature/hessian-vector-product.ts'
import { architectureSchema } from './families/architecture.ts'
import type { NormalisationMode } from './forward.ts'
import type { Loss } from './loss.ts'
import { type Model, planModel } from './model.ts'
import { type Batch, batchLoss, batchLossAndGradient } from './objective.ts'
import { downloadParameters, uploadParameters, uploadStatistics } from './parameter-list.ts'
import { trainingGradient } from './running-statistics.ts'

// origin: fixtures/torch-networks.py, PyTorch 1.13 in float64
const folder = join(import.meta.dirname, 'fixtures')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.safetensors'))
  .map((file) => file.replace('.safetensors', ''))

/** Tests that the open backend computes every family's loss, gradient and Hessian-vector product as PyTorch does. */
export function describeTorchNetworks(backend: string): void {
  describe.each(names)(`%s, on ${backend} against PyTorch in float64`, (name) => {
    const { tensors, metadata } = readSafetensors(readFileSync(join(folder, `${name}.safetensors`)), name)
    const model = planModel(architectureSchema.parse(JSON.parse(metadata['model']!)))
    const values = (prefix: string, items: readonly { readonly name: string }[]): Float32Array[] =>
      items.map((item) => tensors.get(`${prefix}/${item.name}`)!.values as Float32Array)
    const parametersOf = (): tf.Tensor[] => uploadParameters(model, values('state', model.parameters))
    const objective = (): Parameters<typeof batchLoss>[0] => ({
      model,
      loss: metadata['loss'] as Loss,
      mode: metadata['mode'] as NormalisationMode,
      statistics: uploadStatistics(model, values('state', model.statistics)),
    })

    it('has PyTorch’s parameters in PyTorch’s order', () => {
      const theirs = [...tensors].filter(([key]) => key.startsWith('gradient/'))
      expect(model.parameters.map(({ name, shape }) => [`gradient/${name}`, shape])).toEqual(
        theirs.map(([key, { shape }]) => [key, shape]),
      )
    })

    it('has its loss, gradient and Hessian-vector product to 1e-5', async () => {
      const batch = batchOf(model, Number(metadata['examples']))
      const parameters = parametersOf()
      const { loss, gradient } = batchLossAndGradient(objective(), parameters, batch)
      const direction = uploadParameters(model, directionOf(model))
      const product = batchHessianVectorProduct(objective(), parameters, direction, batch)
      const theirLoss = Number(tensors.get('loss')!.values[0])
      expect(Math.abs((await loss.data())[0]! / theirLoss - 1)).toBeLessThan(1e-5)
      expect((await batchLoss(objective(), parameters, batch).data())[0]).toBe((await loss.data())[0])
      // float32 sums along up to 36 layers and 50,000 places; measured: 1e-7 to 3e-6
      const gradientError = difference(await downloadParameters(model, gradient), values('gradient', model.parameters))
      const productError = difference(await downloadParameters(model, product), values('product', model.parameters))
      expect(gradientError).toBeLessThan(1e-5)
      expect(productError).toBeLessThan(1e-5)
    })

    it.runIf(metadata['mode'] === 'batch' && model.statistics.length > 0)(
      'moves running statistics as PyTorch does',
      async () => {
        const batch = batchOf(model, Number(metadata['examples']))
        const { statistics } = trainingGradient(objective(), parametersOf(), batch)
        const theirs = values('after', model.statistics)
        // single numbers of float32, of size 1 to 1,000
        for (const [index, tensor] of statistics.entries()) {
          for (const [i, value] of (await tensor.data()).entries()) {
            expect(Math.abs(value / theirs[index]![i]! - 1)).toBeLessThan(1e-4)
          }
        }
      },
    )
  })
}

/** The numbers of `sawtooth` in fixtures/torch-networks.py. */
function sawtooth(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((7919 * i + 31 * (i % 97) ** 2) % 2003) / 1001 - 1)
}

function batchOf({ inputShape, outputCount }: Model, examples: number): Batch {
  const classes = tf.tensor1d(
    Int32Array.from({ length: examples }, (_, i) => i % outputCount),
    'int32',
  )
  const targets = tf.cast(tf.oneHot(classes, outputCount), 'float32') as tf.Tensor2D
  const numbers = sawtooth(inputShape.reduce((product, size) => product * size, examples))
  if (inputShape.length === 1) return { inputs: tf.tensor(numbers, [examples, ...inputShape]), targets }
  const [height, width, channels] = inputShape as [number, number, number]
  const inputs = tf.transpose(tf.tensor4d(numbers, [examples, channels, height, width]), [0, 2, 3, 1])
  return { inputs, targets }
}

/** One long vector of the parameters in turn. */
function directionOf(model: Model): Float32Array[] {
  const sizes = model.parameters.map(({ shape }) => shape.reduce((product, size) => product * size, 1))
  const all = sawtooth(sizes.reduce((sum, size) => sum + size, 0))
  let end = 0
  return sizes.map((size) => {
    end += size
    return all.slice(end - size, end)
  })
}

/** ‖ours − theirs‖/‖theirs‖ over all parameters. */
function difference(ours: readonly Float32Array[], theirs: readonly Float32Array[]): number {
  let [square, reference] = [0, 0]
  ours.forEach((array, index) => {
    array.forEach((value, i) => {
      square += (value - theirs[index]![i]!) ** 2
      reference += theirs[index]![i]! ** 2
    })
  })
  return Math.sqrt(square / reference)
}
