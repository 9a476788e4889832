import { describe, expect, it } from 'vitest'
import { architectureSchema } from './families/architecture.ts'
import type { Layer } from './layers.ts'
import { type Model, parameterCount, planModel } from './model.ts'

const planned = (description: object): Model => planModel(architectureSchema.parse(description))
const image = { inputShape: [224, 224, 3], outputs: 1000 }

describe('planModel', () => {
  it.each([
    ['resnet-18', { ...image, family: 'resnet-18', stem: 'imagenet' }, 11_689_512],
    ['resnet-34', { ...image, family: 'resnet-34', stem: 'imagenet' }, 21_797_672],
    ['vgg-11', { ...image, family: 'vgg-11', batchNormalisation: false, head: 'imagenet' }, 132_863_336],
    [
      'vgg-11 with batch normalisation',
      { ...image, family: 'vgg-11', batchNormalisation: true, head: 'imagenet' },
      132_868_840,
    ],
    ['vgg-16', { ...image, family: 'vgg-16', batchNormalisation: false, head: 'imagenet' }, 138_357_544],
    [
      'vgg-16 with batch normalisation',
      { ...image, family: 'vgg-16', batchNormalisation: true, head: 'imagenet' },
      138_365_992,
    ],
  ])('gives %s as many parameters as torchvision', (_, description, count) => {
    // origin: the documentation of torchvision's models, `num_params`
    expect(parameterCount(planned(description))).toBe(count)
  })

  it('names parameters as torchvision does', () => {
    const names = planned({ ...image, family: 'resnet-18', stem: 'imagenet' }).parameters.map(({ name }) => name)
    expect(names.slice(0, 5)).toEqual([
      'conv1.weight',
      'bn1.weight',
      'bn1.bias',
      'layer1.0.conv1.weight',
      'layer1.0.bn1.weight',
    ])
    expect(names).toContain('layer2.0.downsample.0.weight')
    expect(names).not.toContain('layer1.0.downsample.0.weight')
    const vgg = planned({ ...image, family: 'vgg-11', batchNormalisation: true, head: 'imagenet' })
    expect(vgg.parameters.map(({ name }) => name).filter((name) => name.endsWith('0.weight'))).toEqual([
      'features.0.weight',
      'classifier.0.weight',
    ])
    expect(vgg.statistics.at(-1)!.name).toBe('features.26.running_var')
    expect(vgg.parameters.at(-1)!.name).toBe('classifier.6.bias')
  })

  it('works at any width', () => {
    const { parameters } = planned({ ...image, family: 'resnet-18', stem: 'imagenet', width: 5 })
    expect(parameters.find(({ name }) => name === 'layer4.1.conv2.weight')!.shape).toEqual([40, 40, 3, 3])
  })

  it.each<[string, Layer[], string]>([
    [
      'a dense layer on images',
      [{ kind: 'dense', name: 'fc', outputs: 2, bias: true }],
      'planModel: layer 0 (dense fc) needs an input of [features] (a flatten before it), got [6, 6, 2]',
    ],
    [
      'a convolution after a flatten',
      [{ kind: 'flatten' }, { kind: 'convolution', name: 'c', filters: 2, size: 3, stride: 1, padding: 0, bias: true }],
      'planModel: layer 1 (convolution c) needs an input of [height, width, channels], got [72]',
    ],
    [
      'a window larger than the image',
      [{ kind: 'maximum-pool', size: 7, stride: 1, padding: 0 }],
      'planModel: layer 0 (maximum-pool) needs an input of at least 7 × 7 with its padding, got [6, 6, 2]',
    ],
    [
      'padding as wide as the window',
      [{ kind: 'maximum-pool', size: 2, stride: 1, padding: 2 }],
      'planModel: layer 0 (maximum-pool): padding must be < size 2, got 2',
    ],
    [
      'an adaptive pool that would repeat places',
      [{ kind: 'adaptive-average-pool', size: 7 }],
      'planModel: layer 0 (adaptive-average-pool) needs an input of height and width in multiples of 7, got [6, 6, 2]',
    ],
    [
      'paths of different shapes',
      [{ kind: 'residual', branch: [{ kind: 'flatten' }], shortcut: [] }],
      'planModel: layer 0 (residual): branch gives [72], shortcut [6, 6, 2]; they must be equal',
    ],
    [
      'a fault inside a branch',
      [{ kind: 'residual', branch: [{ kind: 'dense', name: 'fc', outputs: 2, bias: true }], shortcut: [] }],
      'planModel: layer 0 (residual): branch layer 0 (dense fc) needs an input of [features] (a flatten before it), got [6, 6, 2]',
    ],
    [
      'a name used twice',
      [
        { kind: 'batch-normalisation', name: 'bn' },
        { kind: 'batch-normalisation', name: 'bn' },
      ],
      'planModel: layer 1 (batch-normalisation bn): another layer has this name',
    ],
    ['images as output', [{ kind: 'rectifier' }], 'planModel: the last layer must give [outputs], got [6, 6, 2]'],
  ])('refuses %s', (_, layers, message) => {
    expect(() => planModel({ inputShape: [6, 6, 2], layers })).toThrow(new RangeError(message))
  })

  it('refuses inputs that are neither features nor images', () => {
    expect(() => planModel({ inputShape: [4, 4], layers: [] })).toThrow(
      new RangeError('planModel: inputShape must be [features] or [height, width, channels], integers ≥ 1, got [4, 4]'),
    )
  })
})

describe('architectureSchema', () => {
  it('refuses an unknown layer, family or key', () => {
    const layers = (layer: object): object => ({ family: 'layers', inputShape: [4], layers: [layer] })
    expect(architectureSchema.safeParse(layers({ kind: 'dropout' })).success).toBe(false)
    expect(architectureSchema.safeParse(layers({ kind: 'dense', name: 'fc', outputs: 2, bais: false })).success).toBe(
      false,
    )
    expect(architectureSchema.safeParse({ family: 'vgg-13', inputShape: [4] }).success).toBe(false)
    expect(architectureSchema.safeParse(layers({ kind: 'dense', name: 'fc', outputs: 2 })).success).toBe(true)
  })
})
