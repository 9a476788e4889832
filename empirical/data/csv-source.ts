import { readCsv } from '../../foundation/formats/csv.ts'
import type { ExampleSource, Task } from './example-source.ts'
import { numbersIn } from './example-source.ts'
import { memorySource } from './memory-source.ts'

export interface CsvSourceOptions {
  /** Name of the column to predict. */
  readonly target: string
  readonly task: Task['kind']
  /** [height, width, channels] that the feature columns fill, channels fastest; without it they are a vector. */
  readonly shape?: readonly number[]
}

/**
 * Reads a whole table; classes are numbered in the order of `readCsv`.
 *
 * @param text the whole file
 * @param name of the dataset, which begins each error
 * @throws TypeError, RangeError as `readCsv`; RangeError if the columns do not fill the shape, or a number exceeds float32
 */
export function csvSource(text: string, name: string, { target, task, shape }: CsvSourceOptions): ExampleSource {
  const table = readCsv(text, name, { target, oneHot: task === 'classification' })
  const { exampleCount, featureCount, outputCount, featureNames } = table
  if (shape !== undefined && numbersIn(shape) !== featureCount) {
    throw new RangeError(
      `${name}: shape ${shape.join('×')} takes ${numbersIn(shape)} feature columns, got ${featureCount}`,
    )
  }
  const common = { name, shape: shape ?? [featureCount], scale: 1 }
  const examples = singles(table.features, name, (at) => featureNames[at % featureCount]!)
  if (task === 'regression') {
    const targets = singles(table.targets, name, () => target)
    return memorySource({ ...common, examples, targets, task: { kind: 'regression', outputCount } })
  }
  const targets = Int32Array.from({ length: exampleCount }, (_, i) =>
    table.targets.subarray(i * outputCount, (i + 1) * outputCount).indexOf(1),
  )
  return memorySource({ ...common, examples, targets, task: { kind: 'classification', classCount: outputCount } })
}

function singles(values: Float64Array, name: string, columnOf: (at: number) => string): Float32Array {
  const rounded = Float32Array.from(values)
  const bad = rounded.findIndex((value) => !Number.isFinite(value))
  if (bad !== -1) {
    throw new RangeError(`${name}: column ${JSON.stringify(columnOf(bad))}: ${values[bad]} is more than float32 holds`)
  }
  return rounded
}
