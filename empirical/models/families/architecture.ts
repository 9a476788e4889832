import * as z from 'zod'
import { type Architecture, layerSchema } from '../layers.ts'
import { linear } from './linear.ts'
import { multilayerPerceptron } from './multilayer-perceptron.ts'
import { residualNetwork } from './residual-network.ts'
import { smallConvolutional } from './small-convolutional.ts'
import { vgg } from './vgg.ts'

const size = z.int().min(1)
const image = z.tuple([size, size, size])
const any = z.union([z.tuple([size]), image])

/**
 * A network as a configuration file names it, worked out to its layers: a family with its sizes, or `layers` one by one.
 *
 * `resnet-18` and `resnet-34` have 4 stages; `resnet-small` has 3 of `blocks` each (16/32/64 channels at width 16).
 */
export const architectureSchema: z.ZodType<Architecture> = z.discriminatedUnion('family', [
  z.strictObject({ family: z.literal('linear'), inputShape: any, outputs: size }).transform(linear),
  z
    .strictObject({ family: z.literal('mlp'), inputShape: any, hidden: z.array(size), outputs: size })
    .transform(multilayerPerceptron),
  z
    .strictObject({ family: z.literal('cnn'), inputShape: image, filters: z.array(size).min(1), outputs: size })
    .transform(smallConvolutional),
  ...([11, 16] as const).map((depth) =>
    z
      .strictObject({
        family: z.literal(`vgg-${depth}`),
        inputShape: image,
        outputs: size,
        batchNormalisation: z.boolean(),
        width: size.default(64),
        head: z.enum(['imagenet', 'cifar']),
      })
      .transform((description) => vgg({ ...description, depth })),
  ),
  ...(
    [
      ['resnet-18', [2, 2, 2, 2]],
      ['resnet-34', [3, 4, 6, 3]],
    ] as const
  ).map(([family, blocks]) =>
    z
      .strictObject({
        family: z.literal(family),
        inputShape: image,
        outputs: size,
        width: size.default(64),
        stem: z.enum(['imagenet', 'cifar']),
      })
      .transform((description) => residualNetwork({ ...description, blocks })),
  ),
  z
    .strictObject({
      family: z.literal('resnet-small'),
      inputShape: image,
      outputs: size,
      width: size.default(16),
      blocks: size,
    })
    .transform(({ blocks, ...description }) =>
      residualNetwork({ ...description, blocks: [blocks, blocks, blocks], stem: 'cifar' }),
    ),
  z
    .strictObject({ family: z.literal('layers'), inputShape: any, layers: z.array(layerSchema).min(1) })
    .transform(({ inputShape, layers }) => ({ inputShape, layers })),
])
