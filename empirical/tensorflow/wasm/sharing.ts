import type * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

type KernelArguments = Parameters<tf.KernelFunc>[0]

/** The kernel Identity without a copy: no kernel writes to its inputs, so that two tensors can share their numbers. */
export function shared({ inputs, backend }: KernelArguments): tf.TensorInfo {
  const { dataId, shape, dtype } = inputs['x']!
  ;(backend as BackendWasm).incRef(dataId)
  return { dataId, shape, dtype }
}

/**
 * The kernel Cast, without a copy where the type stays.
 *
 * @param stock the backend's own
 */
export function sharedUnlessConverted(args: KernelArguments, stock: tf.KernelFunc): ReturnType<tf.KernelFunc> {
  return args.inputs['x']!.dtype === args.attrs!['dtype'] ? shared(args) : stock(args)
}
