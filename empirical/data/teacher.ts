import { standardNormal } from '../../foundation/random/normal.ts'
import { uniform } from '../../foundation/random/uniform.ts'
import { type RandomState, streamOf } from '../../foundation/random/xoshiro128.ts'
import { type ExampleSource, numbersIn } from './example-source.ts'
import { memorySource } from './memory-source.ts'
import { dataStreams } from './random-streams.ts'

/** Names of this module's own: tools that turn imports into property reads (vitest) would slow the loop fourfold. */
const normal = standardNormal
const uniformOf = uniform

export interface LinearTeacherOptions {
  readonly exampleCount: number
  readonly featureCount: number
  readonly outputCount: number
  /** Standard deviation of the noise on each output; the teacher's own answers have variance 1 on average. */
  readonly noise: number
  readonly seed: number
}

/**
 * A regression task y = W x + noise·ξ with x, ξ standard normal and W's entries normal of variance 1/featureCount.
 *
 * @throws RangeError if a count is no integer ≥ 1, or noise is negative or not finite
 */
export function linearTeacher(options: LinearTeacherOptions): ExampleSource {
  const { exampleCount, featureCount, outputCount, noise, seed } = options
  requireOptions('linearTeacher', { exampleCount, featureCount, outputCount }, noise)
  const random = streamOf(seed, dataStreams.teacher)
  const weights = normals(random, outputCount * featureCount, 1 / Math.sqrt(featureCount)) // [output, feature]
  const examples = new Float32Array(exampleCount * featureCount)
  const targets = new Float32Array(exampleCount * outputCount)
  for (let i = 0; i < exampleCount; i++) {
    const example = examples.subarray(i * featureCount, (i + 1) * featureCount)
    for (let j = 0; j < featureCount; j++) example[j] = normal(random)
    for (let output = 0; output < outputCount; output++) {
      targets[i * outputCount + output] = dot(weights, output, example) + noise * normal(random)
    }
  }
  const task = { kind: 'regression', outputCount } as const
  return memorySource({ name: 'linear-teacher', shape: [featureCount], task, examples, scale: 1, targets })
}

export interface MlpTeacherOptions {
  readonly exampleCount: number
  readonly featureCount: number
  readonly hiddenCount: number
  /** [height, width, channels] that the features are given as; absent: a vector. */
  readonly shape?: readonly number[] | undefined
  readonly classCount: number
  /** Temperature at which labels are drawn from the teacher's softmax; 0: its most likely class. */
  readonly noise: number
  readonly seed: number
}

/**
 * A classification task: the label of x, standard normal, is drawn from softmax(z/noise), z = V tanh(W x), the entries of W
 * and V normal of variance 1/featureCount and 1/hiddenCount.
 *
 * With noise > 0 no net fits all labels by knowing the teacher, and gradient noise is left at the minimum.
 *
 * @throws RangeError if a count is out of range (classes: ≥ 2), the shape has other numbers than featureCount, or noise is negative or not finite
 */
export function mlpTeacher(options: MlpTeacherOptions): ExampleSource {
  const { exampleCount, featureCount, hiddenCount, classCount, noise, seed, shape = [featureCount] } = options
  requireOptions('mlpTeacher', { exampleCount, featureCount, hiddenCount, classCount }, noise)
  if (classCount < 2) throw new RangeError(`mlpTeacher: classCount must be ≥ 2, got ${classCount}`)
  if (numbersIn(shape) !== featureCount) {
    throw new RangeError(`mlpTeacher: shape must have ${featureCount} numbers, got ${shape.join('×')}`)
  }
  const random = streamOf(seed, dataStreams.teacher)
  const inner = normals(random, hiddenCount * featureCount, 1 / Math.sqrt(featureCount)) // [hidden, feature]
  const outer = normals(random, classCount * hiddenCount, 1 / Math.sqrt(hiddenCount)) // [class, hidden]
  const examples = new Float32Array(exampleCount * featureCount)
  const targets = new Int32Array(exampleCount)
  const hidden = new Float64Array(hiddenCount)
  for (let i = 0; i < exampleCount; i++) {
    const example = examples.subarray(i * featureCount, (i + 1) * featureCount)
    for (let j = 0; j < featureCount; j++) example[j] = normal(random)
    for (let unit = 0; unit < hiddenCount; unit++) hidden[unit] = Math.tanh(dot(inner, unit, example))
    let highest = Number.NEGATIVE_INFINITY
    for (let label = 0; label < classCount; label++) {
      // the largest of z + noise·Gumbel is a draw from softmax(z/noise)
      const score = dot(outer, label, hidden) - noise * Math.log(-Math.log(uniformOf(random)))
      if (score > highest) {
        highest = score
        targets[i] = label
      }
    }
  }
  const task = { kind: 'classification', classCount } as const
  return memorySource({ name: 'mlp-teacher', shape, task, examples, scale: 1, targets })
}

function requireOptions(caller: string, counts: Readonly<Record<string, number>>, noise: number): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new RangeError(`${caller}: ${name} must be an integer ≥ 1, got ${count}`)
    }
  }
  if (!(noise >= 0 && Number.isFinite(noise))) {
    throw new RangeError(`${caller}: noise must be finite and ≥ 0, got ${noise}`)
  }
}

function normals(random: RandomState, count: number, deviation: number): Float64Array {
  return Float64Array.from({ length: count }, () => deviation * normal(random))
}

/** One row of a matrix times a vector. */
function dot(matrix: Float64Array, row: number, vector: Float32Array | Float64Array): number {
  let sum = 0
  const start = row * vector.length
  for (let j = 0; j < vector.length; j++) sum += matrix[start + j]! * vector[j]!
  return sum
}
