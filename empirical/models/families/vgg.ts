import type { Architecture, Layer } from '../layers.ts'

export interface Vgg {
  /** [height, width, channel], height and width at least 32. */
  readonly inputShape: readonly number[]
  readonly outputs: number
  readonly depth: 11 | 16
  readonly batchNormalisation: boolean
  /** Filters of the first convolution; 64 in the original, and up to eight times as many later on. */
  readonly width: number
  /** ImageNet: features averaged to 7 × 7, two hidden dense layers of 64 · width. CIFAR: one dense layer `classifier`. */
  readonly head: 'imagenet' | 'cifar'
}

/** Convolutions before each pool, in units of the width: configurations A and D of the paper. */
const stages: Readonly<Record<Vgg['depth'], readonly (readonly number[])[]>> = {
  11: [[1], [2], [4, 4], [8, 8], [8, 8]],
  16: [
    [1, 1],
    [2, 2],
    [4, 4, 4],
    [8, 8, 8],
    [8, 8, 8],
  ],
}

/** VGG (Simonyan and Zisserman 2015) as torchvision has it, without its dropout. */
export function vgg(description: Vgg): Architecture {
  const { inputShape, depth, batchNormalisation, width } = description
  let place = 0 // in torchvision's `features`
  const features = stages[depth].flatMap((stage) => [
    ...stage.flatMap((multiple): Layer[] => {
      const at = place
      place += batchNormalisation ? 3 : 2
      return [
        {
          kind: 'convolution',
          name: `features.${at}`,
          filters: multiple * width,
          size: 3,
          stride: 1,
          padding: 1,
          bias: true,
        },
        ...(batchNormalisation ? [{ kind: 'batch-normalisation', name: `features.${at + 1}` } as const] : []),
        { kind: 'rectifier' },
      ]
    }),
    pool(),
  ])
  return { inputShape, layers: [...features, ...head(description)] }

  function pool(): Layer {
    place++
    return { kind: 'maximum-pool', size: 2, stride: 2, padding: 0 }
  }
}

function head({ head, width, outputs }: Vgg): Layer[] {
  if (head === 'cifar') return [{ kind: 'flatten' }, { kind: 'dense', name: 'classifier', outputs, bias: true }]
  const dense = (place: number, units: number): Layer => ({
    kind: 'dense',
    name: `classifier.${place}`,
    outputs: units,
    bias: true,
    initialDeviation: 0.01,
  })
  return [
    { kind: 'adaptive-average-pool', size: 7 },
    { kind: 'flatten' },
    dense(0, 64 * width),
    { kind: 'rectifier' },
    dense(3, 64 * width),
    { kind: 'rectifier' },
    dense(6, outputs),
  ]
}
