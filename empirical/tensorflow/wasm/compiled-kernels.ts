import { createRequire } from 'node:module'
import type * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { compileKernel } from '../../../foundation/compile-kernel.ts'

/** What assembly/ exports; arrays by address, sizes in elements. */
export interface CompiledKernels {
  /** Bytes of scratch room for a product of so many columns, or the gradient of so many filters. */
  productRoom(columns: number): number
  matrixProduct(
    a: number,
    b: number,
    product: number,
    rows: number,
    columns: number,
    terms: number,
    aTransposed: boolean,
    bTransposed: boolean,
    room: number,
  ): void
  filterGradient(x: number, dy: number, gradient: number, filters: number, room: number): void
  setWindows(
    examples: number,
    height: number,
    width: number,
    channels: number,
    outputHeight: number,
    outputWidth: number,
    windowHeight: number,
    windowWidth: number,
    strideHeight: number,
    strideWidth: number,
    top: number,
    left: number,
  ): void
  scatterToMaxima(dy: number, input: number, output: number, gradient: number): void
  gatherFromMaxima(values: number, input: number, output: number, gathered: number): void
  sumRows(values: number, sums: number, outer: number, reduced: number, scale: number): void
  sumColumns(values: number, sums: number, outer: number, reduced: number, inner: number, scale: number): void
}

/** What of the backend's own module is used. */
interface BackendModule {
  readonly asm: { readonly memory: unknown }
  _malloc(bytes: number): number
  _free(at: number): void
}

/**
 * The compiled kernels at work in a backend's memory.
 *
 * @throws Error, in one line, where they were not built
 */
export function compiledKernels(backend: BackendWasm): CompiledKernels {
  const module = compileKernel(() => createRequire(import.meta.url).resolve('sgd-oracle/network-kernels.wasm'))
  if (typeof module === 'string') throw new Error(`the project's kernels are not there (npm run build): ${module}`)
  const { asm } = backend.wasm as unknown as BackendModule
  const { exports } = new WebAssembly.Instance(module, { env: { memory: asm.memory } })
  return exports as unknown as CompiledKernels
}

/** Scratch room in the backend's memory while `use` runs. */
export function withRoom(backend: BackendWasm, bytes: number, use: (at: number) => void): void {
  const module = backend.wasm as unknown as BackendModule
  const at = module._malloc(bytes)
  if (at === 0) throw new Error(`the wasm backend's memory has no ${bytes} bytes left`)
  try {
    use(at)
  } finally {
    module._free(at)
  }
}

/** Where a tensor's numbers lie in the backend's memory. */
export function addressOf(backend: BackendWasm, { dataId }: tf.TensorInfo): number {
  return backend.getMemoryOffset(dataId)
}

/** Tells the kernels where windows lie; `windows` as TensorFlow.js works out a convolution or a pool. */
export function setWindows(kernels: CompiledKernels, windows: tf.backend_util.Conv2DInfo): void {
  kernels.setWindows(
    windows.batchSize,
    windows.inHeight,
    windows.inWidth,
    windows.inChannels,
    windows.outHeight,
    windows.outWidth,
    windows.filterHeight,
    windows.filterWidth,
    windows.strideHeight,
    windows.strideWidth,
    windows.padInfo.top,
    windows.padInfo.left,
  )
}
