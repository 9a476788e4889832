import type { Layer } from '../models/layers.ts'
import { parameterCount, type Step } from '../models/model.ts'
import type { Objective } from '../models/objective.ts'

/**
 * Bytes of wasm's heap that one micro-batch may fill. It ends at 4 GiB: past it the backend dies, sometimes after a wrong
 * tensor, and it grows by a fifth at a time.
 */
export const MEMORY_LIMIT = 3.5 * 2 ** 30

export interface ProductMemory {
  /** Bytes whatever the batch: parameters, direction, and what double backpropagation makes of them. */
  readonly fixed: number
  /** Bytes an example. */
  readonly perExample: number
}

/**
 * The heap that a Hessian-vector product of one batch takes at its peak on wasm: fixed + examples·perExample.
 *
 * Nothing that double backpropagation computes is let go of before its end, so that it is a sum over layers: numbers kept for
 * each number of a layer's output, counted on small networks; of all families here it is right within 10 %.
 */
export function productMemory({ model, mode }: Objective): ProductMemory {
  const total = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + numbersOf(step), 0)
  const numbersOf = ({ layer, inputShape, outputShape, branch, shortcut }: Step): number => {
    const outputs = sizeOf(outputShape)
    switch (layer.kind) {
      case 'residual':
        return total(branch) + total(shortcut) + 5 * outputs
      case 'dense':
        return 9 * outputs
      case 'convolution':
        return (layer.bias ? 9 : 6) * outputs
      case 'batch-normalisation':
        return (mode === 'batch' ? 35 : 13) * outputs
      case 'flatten':
        // images are turned to PyTorch's order
        return inputShape.length === 3 ? 2 * outputs : 0
      default:
        return kept[layer.kind] * outputs
    }
  }
  const examples =
    (model.inputShape.length === 3 ? 3 : 1) * sizeOf(model.inputShape) +
    total(model.steps) +
    LOSS_NUMBERS * model.outputCount
  return { fixed: FLOAT_BYTES * PARAMETER_COPIES * parameterCount(model), perExample: FLOAT_BYTES * examples }
}

/**
 * The most examples whose Hessian-vector product fits.
 *
 * @param limit bytes
 * @throws RangeError, with the estimate, if not one fits
 */
export function largestMicroBatch(objective: Objective, limit: number = MEMORY_LIMIT): number {
  const { fixed, perExample } = productMemory(objective)
  const examples = Math.floor((limit - fixed) / perExample)
  if (examples >= 1) return examples
  throw new RangeError(
    `largestMicroBatch: a Hessian-vector product of one example must fit into ${gibibytes(limit)} GiB, it takes about ${gibibytes(fixed + perExample)}`,
  )
}

const FLOAT_BYTES = 4

/** The parameters, the direction, gradients and products. */
const PARAMETER_COPIES = 9

/** Of the cross-entropy, for each output. */
const LOSS_NUMBERS = 19

/** Numbers kept for each of the output's. */
const kept: Readonly<
  Record<Exclude<Layer['kind'], 'residual' | 'dense' | 'convolution' | 'batch-normalisation' | 'flatten'>, number>
> = {
  rectifier: 7,
  softplus: 7,
  'maximum-pool': 4,
  'average-pool': 4,
  'adaptive-average-pool': 4,
  'global-average-pool': 4,
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toPrecision(3)
}
