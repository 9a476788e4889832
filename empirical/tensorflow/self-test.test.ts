import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { residualNetwork } from '../models/families/residual-network.ts'
import { smallConvolutional } from '../models/families/small-convolutional.ts'
import { networkOf, randomBatch } from '../models/network.fixture.ts'
import { openBackend } from './backend.ts'
import { registerSecondOrderGradients } from './second-order-gradients.ts'
import { type SelfTest, selfTest } from './self-test.ts'

beforeAll(async () => {
  await openBackend('wasm')
})
afterEach(registerSecondOrderGradients)

const convolutional = smallConvolutional({ inputShape: [8, 8, 2], filters: [4, 6], outputs: 3 })
const residual = residualNetwork({ inputShape: [16, 16, 3], outputs: 3, blocks: [1, 1], width: 4, stem: 'imagenet' })

async function tested(architecture = convolutional): Promise<SelfTest> {
  const { objective, parameters } = networkOf(architecture)
  return selfTest(objective, parameters, randomBatch(objective, 12))
}

describe('selfTest', () => {
  it.each([
    ['convolutions', convolutional],
    ['normalisation, residuals and overlapping pools', residual],
  ])('admits a network with %s, and leaves no tensor behind', async (_, architecture) => {
    const { objective, parameters } = networkOf(architecture)
    const batch = randomBatch(objective, 12)
    const before = tf.memory().numTensors
    const { admitted, summary, asymmetry } = await selfTest(objective, parameters, batch)
    expect(summary).toMatch(/^asymmetry \S+, nonlinearity \S+, gradientError \S+, productError \S+$/)
    expect(admitted).toBe(true)
    expect(asymmetry).toBeLessThan(1e-6)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('refuses the stock gradient of exp, whose own derivative is wrong', async () => {
    tf.registerGradient({
      kernelName: 'Exp',
      outputsToSave: [true],
      gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy as tf.Tensor, y!) }),
    })
    const { admitted, productError, summary } = await tested()
    expect(productError).toBeGreaterThan(0.1)
    expect(admitted).toBe(false)
    expect(summary).toContain('(at most 0.02)')
  })

  it('refuses a pool whose gradient goes to the wrong places', async () => {
    const kernel = tf.getKernel('MaxPoolGrad', 'wasm')
    tf.unregisterKernel('MaxPoolGrad', 'wasm')
    tf.registerKernel({
      ...kernel,
      kernelFunc: (args) =>
        kernel.kernelFunc({ ...args, inputs: { ...args.inputs, input: tf.neg(args.inputs['input'] as tf.Tensor) } }),
    })
    try {
      expect((await tested()).admitted).toBe(false)
    } finally {
      tf.unregisterKernel('MaxPoolGrad', 'wasm')
      tf.registerKernel(kernel)
    }
  })
})
