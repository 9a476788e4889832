import { encodeSafetensors, readSafetensors, type Tensor } from '../../foundation/formats/safetensors.ts'
import type { Model } from './model.ts'

/** A network's state in PyTorch's order of axes. */
export interface Weights {
  /** In the order of `model.parameters`. */
  readonly parameters: readonly Float32Array[]
  /** In the order of `model.statistics`. */
  readonly statistics: readonly Float32Array[]
}

/**
 * Reads a checkpoint of torchvision, timm or this project, saved as safetensors under torchvision's names; doubles are rounded.
 * Counters of batches are passed over, and timm's names of VGG's dense layers are known.
 *
 * @param bytes the whole file
 * @param file name, which begins each error
 * @throws RangeError, in one line, for a file that is not safetensors, or naming each tensor that is missing, not in the
 * model, of another shape or type, or not finite
 */
export function readWeights(model: Model, bytes: Uint8Array, file: string): Weights {
  const { tensors } = readSafetensors(bytes, file)
  const given = new Map<string, Tensor>()
  for (const [name, tensor] of tensors) {
    if (!name.endsWith('.num_batches_tracked')) given.set(...torchvisionTensor(name, tensor))
  }
  const expected = [...model.parameters, ...model.statistics]
  const faults = [
    ...expected.filter(({ name }) => !given.has(name)).map(({ name }) => `${name} is missing`),
    ...[...given.keys()]
      .filter((name) => !expected.some((item) => item.name === name))
      .map((name) => `${name} is not in the model`),
  ]
  const valuesOf = ({ name, shape }: { readonly name: string; readonly shape: readonly number[] }): Float32Array => {
    const tensor = given.get(name)
    if (tensor === undefined) return new Float32Array()
    const { dtype, values } = tensor
    if (tensor.shape.join() !== shape.join()) {
      faults.push(`${name} must have shape [${shape.join(', ')}], got [${tensor.shape.join(', ')}]`)
    } else if (!(values instanceof Float32Array || values instanceof Float64Array)) {
      faults.push(`${name} must be of F32 or F64, got ${dtype}`)
    } else {
      const floats = Float32Array.from(values)
      const bad = floats.findIndex((value) => !Number.isFinite(value))
      if (bad !== -1) faults.push(`${name} must be finite, got ${values[bad]}`)
      return floats
    }
    return new Float32Array()
  }
  const weights = { parameters: model.parameters.map(valuesOf), statistics: model.statistics.map(valuesOf) }
  if (faults.length > 0) throw new RangeError(`${file}: does not fit the model: ${faults.join('; ')}`)
  return weights
}

/** A safetensors file under torchvision's names and in PyTorch's order of axes, as `readWeights` reads it. */
export function encodeWeights(
  model: Model,
  { parameters, statistics }: Weights,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const tensor = ({ shape }: { readonly shape: readonly number[] }, values: Float32Array): Tensor => ({
    dtype: 'F32',
    shape,
    values,
  })
  return encodeSafetensors(
    Object.fromEntries([
      ...model.parameters.map((item, index) => [item.name, tensor(item, parameters[index]!)] as const),
      ...model.statistics.map((item, index) => [item.name, tensor(item, statistics[index]!)] as const),
    ]),
    metadata,
  )
}

/** timm writes VGG's first two dense layers as convolutions over the whole image: the same numbers in the same order. */
const timmLayers: readonly (readonly [string, string])[] = [
  ['pre_logits.fc1.', 'classifier.0.'],
  ['pre_logits.fc2.', 'classifier.3.'],
  ['head.fc.', 'classifier.6.'],
]

function torchvisionTensor(name: string, tensor: Tensor): [string, Tensor] {
  const layer = timmLayers.find(([timm]) => name.startsWith(timm))
  if (layer === undefined) return [name, tensor]
  const [outputs, ...inputs] = tensor.shape
  const flat = inputs.length === 0 ? tensor.shape : [outputs!, inputs.reduce((product, size) => product * size, 1)]
  return [name.replace(layer[0], layer[1]), { ...tensor, shape: flat }]
}
