import { describe, expect, it } from 'vitest'
import { multilayerPerceptron } from './families/multilayer-perceptron.ts'
import { residualNetwork } from './families/residual-network.ts'
import { vgg } from './families/vgg.ts'
import { initialParameters } from './initial-parameters.ts'
import { type Model, planModel } from './model.ts'

const network = planModel(
  residualNetwork({ inputShape: [32, 32, 3], outputs: 10, blocks: [2, 2], width: 32, stem: 'cifar' }),
)

function valuesOf(model: Model, name: string, seed = 1): Float32Array {
  return initialParameters(model, seed)[model.parameters.findIndex((parameter) => parameter.name === name)]!
}

describe('initialParameters', () => {
  it('are the same bytes for a seed, and others for another', () => {
    expect(initialParameters(network, 5)).toEqual(initialParameters(network, 5))
    expect(valuesOf(network, 'conv1.weight', 5)).not.toEqual(valuesOf(network, 'conv1.weight', 6))
  })

  it('of convolutions are normal with variance 2/(filters·size²)', () => {
    const values = valuesOf(network, 'layer2.1.conv1.weight')
    const count = 64 * 64 * 9
    expect(values.length).toBe(count)
    const variance = values.reduce((sum, value) => sum + value * value, 0) / count
    // a variance of n normal numbers is off by √(2/n); 5 standard errors
    expect(Math.abs(variance / (2 / (64 * 9)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
    const fourth = values.reduce((sum, value) => sum + value ** 4, 0) / count
    // Var z⁴ = 96
    expect(Math.abs(fourth / variance ** 2 - 3)).toBeLessThan(5 * Math.sqrt(96 / count))
  })

  it('of dense layers are uniform within 1/√inputs, bias included', () => {
    const model = planModel(multilayerPerceptron({ inputShape: [400], hidden: [300], outputs: 3 }))
    const weights = valuesOf(model, 'layers.0.weight')
    const variance = weights.reduce((sum, value) => sum + value * value, 0) / weights.length
    // Var u² = 4/45 of the bound's fourth power, the mean 1/3
    expect(Math.abs(variance * 400 - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / weights.length))
    for (const values of [weights, valuesOf(model, 'layers.0.bias')]) {
      expect(Math.max(...values.map(Math.abs))).toBeLessThan(1 / 20)
      expect(Math.max(...values)).toBeGreaterThan(0.9 / 20)
      expect(Math.min(...values)).toBeLessThan(-0.9 / 20)
    }
  })

  it('of VGG’s head are normal of deviation 0.01 with biases 0; of normalisations 1 and 0', () => {
    const model = planModel(
      vgg({ inputShape: [224, 224, 3], outputs: 10, depth: 11, batchNormalisation: true, width: 2, head: 'imagenet' }),
    )
    const weights = valuesOf(model, 'classifier.0.weight')
    const variance = weights.reduce((sum, value) => sum + value * value, 0) / weights.length
    expect(Math.abs(variance / 1e-4 - 1)).toBeLessThan(5 * Math.sqrt(2 / weights.length))
    expect(new Set(valuesOf(model, 'classifier.0.bias'))).toEqual(new Set([0]))
    expect(new Set(valuesOf(model, 'features.1.weight'))).toEqual(new Set([1]))
    expect(new Set(valuesOf(model, 'features.1.bias'))).toEqual(new Set([0]))
  })
})
