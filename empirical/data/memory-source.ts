import { type ExampleSource, numbersIn, requireReadable, type Task } from './example-source.ts'

/** Examples in memory: numbers or bytes, with labels 0 … classCount − 1 or values. */
export interface MemoryExamples {
  readonly name: string
  readonly shape: readonly number[]
  readonly task: Task
  /** // [example, ...shape] */
  readonly examples: Float32Array | Uint8Array
  /** Factor on every number of `examples`. */
  readonly scale: number
  /** Labels [example] or values [example, output]. */
  readonly targets: ArrayLike<number>
}

/** A source of examples in memory; they are not copied. */
export function memorySource(all: MemoryExamples): ExampleSource {
  const { name, shape, task, examples, scale, targets } = all
  const numbers = numbersIn(shape)
  const outputCount = task.kind === 'regression' ? task.outputCount : 1
  const exampleCount = targets.length / outputCount
  const source = { name, exampleCount }
  const read: ExampleSource['read'] = async (indices, into, views) => {
    requireReadable(source, indices, into, views)
    const intoTargets = task.kind === 'regression' ? into.values : into.labels
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k]!
      const from = index * numbers
      const to = k * numbers
      for (let j = 0; j < numbers; j++) into.examples[to + j] = examples[from + j]! * scale
      for (let output = 0; output < outputCount; output++) {
        intoTargets[k * outputCount + output] = targets[index * outputCount + output]!
      }
    }
    into.size = indices.length
  }
  return { ...source, shape, task, augmented: false, read }
}
