import * as tf from '@tensorflow/tfjs'
import { batchHessianVectorProduct } from '../curvature/hessian-vector-product.ts'
import { residualNetwork } from './families/residual-network.ts'
import { networkOf, randomBatch } from './network.fixture.ts'
import { batchLossAndGradient } from './objective.ts'

/** All parameters of a small residual network after five steps of descent, and a Hessian-vector product there. */
export function fewSteps(seed: number): Float32Array {
  const all = tf.tidy(() => {
    const { objective, parameters } = networkOf(
      residualNetwork({ inputShape: [16, 16, 3], outputs: 4, blocks: [1, 1], width: 6, stem: 'imagenet' }),
    )
    let current: tf.Tensor[] = parameters
    for (let step = 0; step < 5; step++) {
      const { gradient } = batchLossAndGradient(objective, current, randomBatch(objective, 8, seed + step))
      current = current.map((tensor, index) => tf.sub(tensor, tf.mul(0.1, gradient[index]!)))
    }
    const product = batchHessianVectorProduct(objective, current, current, randomBatch(objective, 8, seed))
    return tf.concat([...current, ...product].map((tensor) => tf.reshape(tensor, [tensor.size])))
  })
  const values = all.dataSync() as Float32Array
  all.dispose()
  return values
}
