import type { Architecture, Layer } from './layers.ts'

/** How a parameter lies on the backend, against PyTorch's order that names and files use. */
export type ParameterLayout =
  /** the same */
  | 'vector'
  /** [output, input] in PyTorch, [input, output] on the backend */
  | 'matrix'
  /** [output, input, row, column] in PyTorch, [row, column, input, output] on the backend */
  | 'filters'

/** How a parameter's first values are drawn. */
export type InitialValues =
  | { readonly kind: 'constant'; readonly value: number }
  /** Of mean 0. */
  | { readonly kind: 'normal'; readonly deviation: number }
  /** In (−bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }

export interface Parameter {
  /** As torchvision names it: `layer1.0.conv1.weight`. */
  readonly name: string
  /** In PyTorch's order of axes. */
  readonly shape: readonly number[]
  readonly layout: ParameterLayout
  readonly initial: InitialValues
}

/** Running mean or variance of a batch normalisation: no parameter, but part of the network's state. */
export interface RunningStatistic {
  /** As torchvision names it: `bn1.running_mean`. */
  readonly name: string
  /** [channel] */
  readonly shape: readonly number[]
  /** Before training: 0 for a mean, 1 for a variance. */
  readonly initialValue: number
}

/** A layer with its place in the model's lists and the shape of what it gives, without the axis of examples. */
export interface Step {
  readonly layer: Exclude<Layer, { readonly kind: 'residual' }> | { readonly kind: 'residual' }
  /** Index of its first parameter in `parameters`: weight, then bias if it has one. */
  readonly firstParameter: number
  /** Index of its running mean in `statistics`; the variance follows. */
  readonly firstStatistic: number
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  /** Of a residual. */
  readonly branch: readonly Step[]
  /** Of a residual. */
  readonly shortcut: readonly Step[]
}

/** A network with every shape known. Lists of tensors elsewhere follow the order of its lists. */
export interface Model {
  readonly inputShape: readonly number[]
  /** Classes, or targets. */
  readonly outputCount: number
  readonly parameters: readonly Parameter[]
  readonly statistics: readonly RunningStatistic[]
  readonly steps: readonly Step[]
}

/**
 * Works out the shapes of a network and lists its parameters, in the order of PyTorch's `state_dict`.
 *
 * @throws RangeError, naming layer and shape, for a layer that its input does not fit, a repeated name, or an output that is
 * not a list of numbers
 */
export function planModel({ inputShape, layers }: Architecture): Model {
  if (!([1, 3].includes(inputShape.length) && inputShape.every((size) => Number.isInteger(size) && size >= 1))) {
    throw new RangeError(
      `planModel: inputShape must be [features] or [height, width, channels], integers ≥ 1, got [${inputShape.join(', ')}]`,
    )
  }
  const parameters: Parameter[] = []
  const statistics: RunningStatistic[] = []
  const names = new Set<string>()

  const planned = (list: readonly Layer[], shape: readonly number[], where: string): Step[] => {
    let current = shape
    return list.map((layer, index) => {
      const step = plannedLayer(layer, current, `${where}layer ${index} (${titleOf(layer)})`)
      current = step.outputShape
      return step
    })
  }

  const plannedLayer = (layer: Layer, shape: readonly number[], title: string): Step => {
    const place = { firstParameter: parameters.length, firstStatistic: statistics.length, inputShape: shape }
    if (layer.kind === 'residual') {
      const branch = planned(layer.branch, shape, `${title}: branch `)
      const shortcut = planned(layer.shortcut, shape, `${title}: shortcut `)
      const outputShape = branch.at(-1)?.outputShape ?? shape
      const other = shortcut.at(-1)?.outputShape ?? shape
      if (outputShape.join() !== other.join()) {
        throw new RangeError(
          `planModel: ${title}: branch gives [${outputShape.join(', ')}], shortcut [${other.join(', ')}]; they must be equal`,
        )
      }
      return { layer: { kind: 'residual' }, ...place, outputShape, branch, shortcut }
    }
    const outputShape = shapeAfter(layer, shape, title)
    if ('name' in layer) {
      if (names.has(layer.name)) throw new RangeError(`planModel: ${title}: another layer has this name`)
      names.add(layer.name)
      parameters.push(...parametersOf(layer, shape))
      if (layer.kind === 'batch-normalisation') statistics.push(...statisticsOf(layer.name, shape.at(-1)!))
    }
    return { layer, ...place, outputShape, branch: [], shortcut: [] }
  }

  const steps = planned(layers, inputShape, '')
  const outputShape = steps.at(-1)?.outputShape ?? inputShape
  if (outputShape.length !== 1) {
    throw new RangeError(`planModel: the last layer must give [outputs], got [${outputShape.join(', ')}]`)
  }
  return { inputShape, outputCount: outputShape[0]!, parameters, statistics, steps }
}

/** How many numbers the parameters are. */
export function parameterCount(model: Model): number {
  return model.parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
}

type SimpleLayer = Exclude<Layer, { readonly kind: 'residual' }>
type NamedLayer = Extract<Layer, { readonly name: string }>

function titleOf(layer: Layer): string {
  return 'name' in layer ? `${layer.kind} ${layer.name}` : layer.kind
}

function shapeAfter(layer: SimpleLayer, shape: readonly number[], title: string): readonly number[] {
  const refuse = (needs: string): RangeError =>
    new RangeError(`planModel: ${title} needs an input of ${needs}, got [${shape.join(', ')}]`)
  switch (layer.kind) {
    case 'rectifier':
    case 'softplus':
    case 'batch-normalisation':
      return shape
    case 'flatten':
      return [shape.reduce((product, size) => product * size, 1)]
    case 'dense':
      if (shape.length !== 1) throw refuse('[features] (a flatten before it)')
      return [layer.outputs]
  }
  const [height, width, channels] = shape
  if (height === undefined || width === undefined || channels === undefined) throw refuse('[height, width, channels]')
  switch (layer.kind) {
    case 'convolution':
    case 'maximum-pool':
    case 'average-pool': {
      const { size, stride, padding } = layer
      // the first is a window of nothing but padding, the second none at all
      if (padding >= size) throw new RangeError(`planModel: ${title}: padding must be < size ${size}, got ${padding}`)
      if (Math.min(height, width) + 2 * padding < size) throw refuse(`at least ${size} × ${size} with its padding`)
      const along = (length: number): number => Math.floor((length + 2 * padding - size) / stride) + 1
      return [along(height), along(width), layer.kind === 'convolution' ? layer.filters : channels]
    }
    case 'adaptive-average-pool': {
      const { size } = layer
      if (height % size !== 0 || width % size !== 0) throw refuse(`height and width in multiples of ${size}`)
      return [size, size, channels]
    }
    case 'global-average-pool':
      return [channels]
  }
}

function parametersOf(layer: NamedLayer, inputShape: readonly number[]): Parameter[] {
  const inputs = inputShape.at(-1)!
  const weight = `${layer.name}.weight`
  const bias = `${layer.name}.bias`
  const vector = (name: string, length: number, initial: InitialValues): Parameter => ({
    name,
    shape: [length],
    layout: 'vector',
    initial,
  })
  switch (layer.kind) {
    case 'dense': {
      const { outputs, initialDeviation } = layer
      const uniform: InitialValues = { kind: 'uniform', bound: 1 / Math.sqrt(inputs) }
      const normal = initialDeviation !== undefined && ({ kind: 'normal', deviation: initialDeviation } as const)
      return [
        { name: weight, shape: [outputs, inputs], layout: 'matrix', initial: normal || uniform },
        ...(layer.bias ? [vector(bias, outputs, normal ? { kind: 'constant', value: 0 } : uniform)] : []),
      ]
    }
    case 'convolution': {
      const { filters, size } = layer
      const initial: InitialValues = { kind: 'normal', deviation: Math.sqrt(2 / (filters * size * size)) }
      return [
        { name: weight, shape: [filters, inputs, size, size], layout: 'filters', initial },
        ...(layer.bias ? [vector(bias, filters, { kind: 'constant', value: 0 })] : []),
      ]
    }
    case 'batch-normalisation':
      return [
        vector(weight, inputs, { kind: 'constant', value: 1 }),
        vector(bias, inputs, { kind: 'constant', value: 0 }),
      ]
  }
}

function statisticsOf(name: string, channels: number): RunningStatistic[] {
  return [
    { name: `${name}.running_mean`, shape: [channels], initialValue: 0 },
    { name: `${name}.running_var`, shape: [channels], initialValue: 1 },
  ]
}
