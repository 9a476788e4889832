import type { Architecture, Layer } from '../layers.ts'

export interface SmallConvolutional {
  /** [height, width, channel] */
  readonly inputShape: readonly number[]
  /** Of each convolution. */
  readonly filters: readonly number[]
  readonly outputs: number
}

/** 3 × 3 convolutions, each with a rectifier and a pool that halves the image, then one dense layer `classifier`. */
export function smallConvolutional({ inputShape, filters, outputs }: SmallConvolutional): Architecture {
  const features = filters.flatMap((count, index): Layer[] => [
    { kind: 'convolution', name: `features.${3 * index}`, filters: count, size: 3, stride: 1, padding: 1, bias: true },
    { kind: 'rectifier' },
    { kind: 'maximum-pool', size: 2, stride: 2, padding: 0 },
  ])
  const classifier: Layer = { kind: 'dense', name: 'classifier', outputs, bias: true }
  return { inputShape, layers: [...features, { kind: 'flatten' }, classifier] }
}
