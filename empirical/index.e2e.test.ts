import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** What somebody writes who has the package: the built one, by its name. */
const script = `
import * as tf from '@tensorflow/tfjs'
import { architectureSchema, initialParameters, openBackend, planModel, selfTest, uploadParameters } from 'sgd-oracle/empirical'

const { name } = await openBackend('wasm')
const model = planModel(architectureSchema.parse({ family: 'cnn', inputShape: [8, 8, 2], filters: [3, 4], outputs: 3 }))
const parameters = uploadParameters(model, initialParameters(model, 1))
const inputs = tf.randomNormal([6, ...model.inputShape], 0, 1, 'float32', 1)
const targets = tf.cast(tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], 'int32'), 3), 'float32')
const objective = { model, loss: 'cross-entropy', mode: 'batch', statistics: [] }
const { admitted, summary } = await selfTest(objective, parameters, { inputs, targets })
console.log(JSON.stringify({ name, admitted, summary }))
`

describe('sgd-oracle/empirical', () => {
  it('opens its backend, kernels and all, and admits a network, outside of this project’s sources', () => {
    const output = execFileSync('node', ['--input-type=module', '--eval', script], {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
    })
    const { name, admitted, summary } = JSON.parse(output) as Record<string, unknown>
    expect([name, admitted], String(summary)).toEqual(['wasm', true])
  })
})
