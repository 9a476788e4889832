import * as tf from '@tensorflow/tfjs'
import { serveTasks } from '../../foundation/worker-pool.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { fewSteps } from './few-steps.fixture.ts'

/** The test's worker: a backend of its own, and the parameters after a few steps of training. */
await openBackend('wasm')
await serveTasks(() => (seed: number) => {
  const values = fewSteps(seed)
  return { values, tensors: tf.memory().numTensors }
})
