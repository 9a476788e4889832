import * as z from 'zod'

/**
 * A layer as data. Names are torchvision's, in full (`layer1.0.conv1`); a layer without parameters has none.
 * Images are [height, width, channel] here whatever a checkpoint's order.
 */
export type Layer =
  | Dense
  | Convolution
  | BatchNormalisation
  | { readonly kind: 'rectifier' }
  | { readonly kind: 'softplus' }
  | MaximumPool
  | AveragePool
  | AdaptiveAveragePool
  | { readonly kind: 'global-average-pool' }
  | { readonly kind: 'flatten' }
  | Residual

/** y = W x + b; without initial values of its own the weights start uniform in ±1/√inputs, as PyTorch's do. */
export interface Dense {
  readonly kind: 'dense'
  readonly name: string
  readonly outputs: number
  readonly bias: boolean
  /** Standard deviation of normal initial weights, the bias being 0. */
  readonly initialDeviation?: number | undefined
}

/** Square filters; weights start normal with variance 2/(filters·size²) (He et al. 2015, fan out), the bias at 0. */
export interface Convolution {
  readonly kind: 'convolution'
  readonly name: string
  readonly filters: number
  readonly size: number
  readonly stride: number
  readonly padding: number
  readonly bias: boolean
}

/** Per channel over examples and places; the variance's ε is 1e-5, the running statistics' momentum 0.1. */
export interface BatchNormalisation {
  readonly kind: 'batch-normalisation'
  readonly name: string
}

export interface MaximumPool {
  readonly kind: 'maximum-pool'
  readonly size: number
  readonly stride: number
  readonly padding: number
}

/** Padding counts as zeros in the mean, as with PyTorch's default. */
export interface AveragePool {
  readonly kind: 'average-pool'
  readonly size: number
  readonly stride: number
  readonly padding: number
}

/** To size × size windows; the input's height and width must be multiples of it. */
export interface AdaptiveAveragePool {
  readonly kind: 'adaptive-average-pool'
  readonly size: number
}

/** The sum of both paths of one input; an empty shortcut is the identity. */
export interface Residual {
  readonly kind: 'residual'
  readonly branch: readonly Layer[]
  readonly shortcut: readonly Layer[]
}

const count = z.int().min(1)
const name = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'must be words joined by dots')
const plain = <Kind extends string>(kind: Kind): z.ZodObject<{ kind: z.ZodLiteral<Kind> }, z.core.$strict> =>
  z.strictObject({ kind: z.literal(kind) })

/** Layers as a configuration file writes them; strides, paddings and biases may be left out. */
export const layerSchema: z.ZodType<Layer> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('dense'),
    name,
    outputs: count,
    bias: z.boolean().default(true),
    initialDeviation: z.number().positive().optional(),
  }),
  z.strictObject({
    kind: z.literal('convolution'),
    name,
    filters: count,
    size: count,
    stride: count.default(1),
    padding: z.int().min(0).default(0),
    bias: z.boolean().default(true),
  }),
  z.strictObject({ kind: z.literal('batch-normalisation'), name }),
  plain('rectifier'),
  plain('softplus'),
  ...(['maximum-pool', 'average-pool'] as const).map((kind) =>
    z.strictObject({ kind: z.literal(kind), size: count, stride: count, padding: z.int().min(0).default(0) }),
  ),
  z.strictObject({ kind: z.literal('adaptive-average-pool'), size: count }),
  plain('global-average-pool'),
  plain('flatten'),
  z.strictObject({
    kind: z.literal('residual'),
    get branch() {
      return z.array(layerSchema)
    },
    get shortcut() {
      return z.array(layerSchema).default([])
    },
  }),
])

/** A network before its shapes are worked out. */
export interface Architecture {
  /** [feature], or [height, width, channel]. */
  readonly inputShape: readonly number[]
  readonly layers: readonly Layer[]
}
