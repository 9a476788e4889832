/** What a net is asked for: one of some classes, or some numbers. */
export type Task =
  | { readonly kind: 'classification'; readonly classCount: number }
  | { readonly kind: 'regression'; readonly outputCount: number }

/** Examples that are read as they are needed, so that a dataset need not fit in memory. */
export interface ExampleSource {
  readonly name: string
  readonly exampleCount: number
  /** Of one example: [height, width, channels] or [features]. */
  readonly shape: readonly number[]
  readonly task: Task
  /** Whether crop or flip follow `views`; if not, views change nothing. */
  readonly augmented: boolean
  /**
   * Fills the first `indices.length` examples of a batch. Calls may overlap if their batches differ.
   *
   * @param views three numbers in (0, 1) an example that random crops and flips are made from: where the crop lies in its
   * free rows and in its free columns, and below ½ a flip; without them crops are central and nothing is flipped at
   * random, the fixed view that losses and Hessians are computed on // [example, 3]
   * @throws RangeError in one line for what the data's files turn out to hold; the batch is then undefined
   */
  read(indices: Uint32Array, into: Batch, views?: Float64Array): Promise<void>
}

/** Numbers of `views` an example. */
export const VIEW_NUMBERS = 3

/** Room for some examples, filled from the front. */
export interface Batch {
  /** Examples that it holds. */
  size: number
  readonly capacity: number
  /** // [example, ...shape] */
  readonly examples: Float32Array
  /** Of a classification, else empty. // [example] */
  readonly labels: Int32Array
  /** Of a regression, else empty. // [example, output] */
  readonly values: Float32Array
}

/** Room for `capacity` examples of a source. */
export function emptyBatch(source: Pick<ExampleSource, 'shape' | 'task'>, capacity: number): Batch {
  if (!(Number.isInteger(capacity) && capacity >= 1)) {
    throw new RangeError(`emptyBatch: capacity must be an integer ≥ 1, got ${capacity}`)
  }
  const { shape, task } = source
  return {
    size: 0,
    capacity,
    examples: new Float32Array(capacity * numbersIn(shape)),
    labels: new Int32Array(task.kind === 'classification' ? capacity : 0),
    values: new Float32Array(task.kind === 'regression' ? capacity * task.outputCount : 0),
  }
}

/** Numbers in an example of this shape. */
export function numbersIn(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Throws RangeError, in the source's name, for a read that the source or the batch has no room for. */
export function requireReadable(
  { name, exampleCount }: Pick<ExampleSource, 'name' | 'exampleCount'>,
  indices: Uint32Array,
  into: Batch,
  views: Float64Array | undefined,
): void {
  if (indices.length > into.capacity) {
    throw new RangeError(`${name}: indices must be at most the batch's ${into.capacity}, got ${indices.length}`)
  }
  if (views !== undefined && views.length < VIEW_NUMBERS * indices.length) {
    throw new RangeError(
      `${name}: views must have ${VIEW_NUMBERS} numbers for each of ${indices.length} examples, got ${views.length}`,
    )
  }
  for (let k = 0; k < indices.length; k++) {
    if (indices[k]! >= exampleCount) {
      throw new RangeError(`${name}: indices[${k}] must be less than the ${exampleCount} examples, got ${indices[k]}`)
    }
  }
}
