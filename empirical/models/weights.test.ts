import { describe, expect, it } from 'vitest'
import { encodeSafetensors, type Tensor } from '../../foundation/formats/safetensors.ts'
import { residualNetwork } from './families/residual-network.ts'
import { vgg } from './families/vgg.ts'
import { initialParameters } from './initial-parameters.ts'
import { planModel } from './model.ts'
import { initialStatistics } from './parameter-list.ts'
import { encodeWeights, readWeights } from './weights.ts'

const model = planModel(residualNetwork({ inputShape: [8, 8, 3], outputs: 4, blocks: [1, 1], width: 2, stem: 'cifar' }))
const weights = { parameters: initialParameters(model, 3), statistics: initialStatistics(model) }

const tensorsOf = (): Record<string, Tensor> =>
  Object.fromEntries(
    [...model.parameters, ...model.statistics].map(({ name, shape }, index) => [
      name,
      { dtype: 'F32', shape, values: [...weights.parameters, ...weights.statistics][index]! } as const,
    ]),
  )

describe('readWeights', () => {
  it('reads what encodeWeights wrote, bit for bit', () => {
    expect(readWeights(model, encodeWeights(model, weights, {}), 'own')).toEqual(weights)
  })

  it('reads doubles rounded, and passes over counters of batches', () => {
    const tensors = tensorsOf()
    const counter: Tensor = { dtype: 'I64', shape: [], values: BigInt64Array.of(7n) }
    const bias: Tensor = { dtype: 'F64', shape: [4], values: Float64Array.of(0.1, 0.2, 0.3, 0.4) }
    const file = encodeSafetensors({ ...tensors, 'bn1.num_batches_tracked': counter, 'fc.bias': bias }, {})
    expect(readWeights(model, file, 'doubles').parameters.at(-1)).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0.4))
  })

  it('names each tensor that is missing, too many, misshapen, of another type or not finite, in one line', () => {
    const { 'fc.bias': _, ...tensors } = tensorsOf()
    const file = encodeSafetensors(
      {
        ...tensors,
        'head.weight': { dtype: 'F32', shape: [1], values: Float32Array.of(1) },
        'fc.weight': { dtype: 'F32', shape: [10, 4], values: new Float32Array(40) },
        'bn1.weight': { dtype: 'I32', shape: [2], values: Int32Array.of(1, 1) },
        'bn1.running_var': { dtype: 'F32', shape: [2], values: Float32Array.of(1, Number.NaN) },
      },
      {},
    )
    expect(() => readWeights(model, file, 'resnet.safetensors')).toThrow(
      new RangeError(
        'resnet.safetensors: does not fit the model: fc.bias is missing; head.weight is not in the model; ' +
          'bn1.weight must be of F32 or F64, got I32; fc.weight must have shape [4, 4], got [10, 4]; ' +
          'bn1.running_var must be finite, got NaN',
      ),
    )
  })

  it('refuses a truncated file', () => {
    const file = encodeWeights(model, weights, {})
    expect(() => readWeights(model, file.subarray(0, file.length - 1), 'cut')).toThrow(/^cut: truncated/)
  })

  it('knows timm’s VGG, whose dense layers are convolutions', () => {
    const network = planModel(
      vgg({ inputShape: [224, 224, 3], outputs: 3, depth: 11, batchNormalisation: false, width: 1, head: 'imagenet' }),
    )
    const ours = initialParameters(network, 1)
    const timm = network.parameters.map(({ name, shape }, index): [string, Tensor] => {
      const dense = /^classifier\.(0|3|6)\.(weight|bias)$/.exec(name)
      const values = ours[index]!
      if (dense === null) return [name, { dtype: 'F32', shape, values }]
      const [, place, what] = dense as unknown as [string, '0' | '3' | '6', string]
      const layer = { 0: 'pre_logits.fc1', 3: 'pre_logits.fc2', 6: 'head.fc' }[place]
      const filters = what === 'weight' && { 0: [64, 8, 7, 7], 3: [64, 64, 1, 1], 6: undefined }[place]
      return [`${layer}.${what}`, { dtype: 'F32', shape: filters || shape, values }]
    })
    expect(readWeights(network, encodeSafetensors(Object.fromEntries(timm), {}), 'timm').parameters).toEqual(ours)
  })
})
