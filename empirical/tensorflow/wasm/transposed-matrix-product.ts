import * as tf from '@tensorflow/tfjs'

type KernelArguments = Parameters<tf.KernelFunc>[0]

/**
 * The kernel BatchMatMul by transposing first and multiplying straight: the wasm backend's product of transposed matrices is
 * a plain loop, ten times slower than its straight product, which reads packed panels.
 *
 * @param straight the stock kernel
 */
export function transposedMatrixProduct(args: KernelArguments, straight: tf.KernelFunc): ReturnType<tf.KernelFunc> {
  const { transposeA, transposeB } = args.attrs as { transposeA?: boolean; transposeB?: boolean }
  if (!transposeA && !transposeB) return straight(args)
  const { a, b } = args.inputs as { a: tf.Tensor; b: tf.Tensor }
  return tf.tidy(() => tf.matMul(transposeA ? transposed(a) : a, transposeB ? transposed(b) : b))
}

/** The last two axes exchanged. */
function transposed(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis)
  const [last, before] = [axes.pop()!, axes.pop()!]
  return tf.transpose(x, [...axes, last, before])
}
