import type { Architecture, Layer } from '../layers.ts'

export interface ResidualNetwork {
  /** [height, width, channel] */
  readonly inputShape: readonly number[]
  readonly outputs: number
  /** Residual blocks of each stage; every stage but the first halves the image and doubles the channels. */
  readonly blocks: readonly number[]
  /** Channels of the first stage. */
  readonly width: number
  /** ImageNet: 7 × 7 with stride 2, then a pool with stride 2. CIFAR: 3 × 3. */
  readonly stem: 'imagenet' | 'cifar'
}

/** ResNet with basic blocks (He et al. 2016) as torchvision has it: a projection where the shape changes. */
export function residualNetwork({ inputShape, outputs, blocks, width, stem }: ResidualNetwork): Architecture {
  const stages = blocks.flatMap((count, stage) =>
    Array.from({ length: count }, (_, block) => {
      const first = block === 0 && stage > 0
      return basicBlock(`layer${stage + 1}.${block}`, width * 2 ** stage, first ? 2 : 1)
    }).flat(),
  )
  return {
    inputShape,
    layers: [
      ...stemLayers(stem, width),
      ...stages,
      { kind: 'global-average-pool' },
      { kind: 'dense', name: 'fc', outputs, bias: true },
    ],
  }
}

function stemLayers(stem: ResidualNetwork['stem'], filters: number): Layer[] {
  if (stem === 'cifar') return [convolution('conv1', filters, 3, 1), normalisation('bn1'), { kind: 'rectifier' }]
  return [
    convolution('conv1', filters, 7, 2),
    normalisation('bn1'),
    { kind: 'rectifier' },
    { kind: 'maximum-pool', size: 3, stride: 2, padding: 1 },
  ]
}

function basicBlock(name: string, filters: number, stride: number): Layer[] {
  return [
    {
      kind: 'residual',
      branch: [
        convolution(`${name}.conv1`, filters, 3, stride),
        normalisation(`${name}.bn1`),
        { kind: 'rectifier' },
        convolution(`${name}.conv2`, filters, 3, 1),
        normalisation(`${name}.bn2`),
      ],
      shortcut:
        stride === 1
          ? []
          : [convolution(`${name}.downsample.0`, filters, 1, stride), normalisation(`${name}.downsample.1`)],
    },
    { kind: 'rectifier' },
  ]
}

function convolution(name: string, filters: number, size: number, stride: number): Layer {
  return { kind: 'convolution', name, filters, size, stride, padding: (size - 1) / 2, bias: false }
}

function normalisation(name: string): Layer {
  return { kind: 'batch-normalisation', name }
}
