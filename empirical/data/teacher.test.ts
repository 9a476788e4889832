import { expect, test } from 'vitest'
import { standardNormal } from '../../foundation/random/normal.ts'
import { uniform } from '../../foundation/random/uniform.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { readSome } from './memory.fixture.ts'
import { linearTeacher, mlpTeacher } from './teacher.ts'

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

test('Without noise the targets are linear in the features; noise adds its variance (within 5 sigma).', async () => {
  const options = { exampleCount: 4000, featureCount: 3, outputCount: 2, seed: 5 }
  const random = streamOf(5, 3)
  const weights = range(6).map(() => standardNormal(random) / Math.sqrt(3)) // the first of the stream
  for (const noise of [0, 0.5]) {
    const source = linearTeacher({ ...options, noise })
    expect(source).toMatchObject({ exampleCount: 4000, shape: [3], task: { kind: 'regression', outputCount: 2 } })
    const { examples, values } = await readSome(source, range(4000))
    let sum = 0
    for (let i = 0; i < 4000; i++) {
      for (const output of [0, 1]) {
        const answer = range(3).reduce((total, j) => total + weights[output * 3 + j]! * examples[3 * i + j]!, 0)
        sum += (values[2 * i + output]! - answer) ** 2 / 8000
      }
    }
    if (noise === 0)
      expect(sum).toBeLessThan(2 ** -44) // float32 rounding of targets of order 1
    else expect(Math.abs(sum / noise ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / 8000))
  }
})

test('Labels are the teacher’s most likely class without noise, and drawn from its softmax with it (within 5 sigma).', async () => {
  const [count, features, hidden, classes] = [4000, 4, 5, 3]
  const options = { exampleCount: count, featureCount: features, hiddenCount: hidden, classCount: classes, seed: 7 }
  const random = streamOf(7, 3)
  const inner = range(hidden * features).map(() => standardNormal(random) / Math.sqrt(features))
  const outer = range(classes * hidden).map(() => standardNormal(random) / Math.sqrt(hidden))
  for (const noise of [0, 0.7]) {
    const source = mlpTeacher({ ...options, noise })
    expect(source).toMatchObject({ shape: [4], task: { kind: 'classification', classCount: 3 } })
    const { examples, labels } = await readSome(source, range(count))
    const excess = new Float64Array(classes) // of labels over their probabilities
    const variance = new Float64Array(classes)
    for (let i = 0; i < count; i++) {
      const x = range(features).map((j) => examples[i * features + j]!)
      const h = range(hidden).map((u) => Math.tanh(x.reduce((sum, xj, j) => sum + inner[u * features + j]! * xj, 0)))
      const z = range(classes).map((c) => h.reduce((sum, hu, u) => sum + outer[c * hidden + u]! * hu, 0))
      if (noise === 0) {
        expect(labels[i]).toBe(z.indexOf(Math.max(...z)))
        continue
      }
      const weights = z.map((score) => Math.exp(score / noise))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      for (const c of range(classes)) {
        const p = weights[c]! / total
        excess[c]! += (labels[i] === c ? 1 : 0) - p
        variance[c]! += p * (1 - p)
      }
    }
    for (const c of range(classes)) expect(Math.abs(excess[c]!)).toBeLessThanOrEqual(5 * Math.sqrt(variance[c]!))
  }
})

test('The seed decides everything.', async () => {
  const options = { exampleCount: 10, featureCount: 2, outputCount: 1, noise: 1 }
  const [one, same, other] = await Promise.all(
    [1, 1, 2].map((seed) => readSome(linearTeacher({ ...options, seed }), range(10))),
  )
  expect(same).toEqual(one)
  expect(other).not.toEqual(one)
  expect(uniform(streamOf(1, 3))).not.toBe(uniform(streamOf(1, 0))) // data orders of the seed are another stream
})

test('It refuses tasks that are none.', () => {
  const options = { exampleCount: 10, featureCount: 2, seed: 1, noise: 0 }
  expect(() => linearTeacher({ ...options, outputCount: 0 })).toThrow(
    new RangeError('linearTeacher: outputCount must be an integer ≥ 1, got 0'),
  )
  expect(() => mlpTeacher({ ...options, hiddenCount: 2, classCount: 1 })).toThrow(
    new RangeError('mlpTeacher: classCount must be ≥ 2, got 1'),
  )
  expect(() => linearTeacher({ ...options, outputCount: 1, noise: -1 })).toThrow(
    new RangeError('linearTeacher: noise must be finite and ≥ 0, got -1'),
  )
})

test('Features given as images are the same numbers; a shape that they do not fill is refused.', async () => {
  const options = { exampleCount: 20, featureCount: 12, hiddenCount: 4, classCount: 3, noise: 1, seed: 1 }
  const images = mlpTeacher({ ...options, shape: [2, 2, 3] })
  expect(images.shape).toEqual([2, 2, 3])
  expect((await readSome(images, range(20))).examples).toEqual(
    (await readSome(mlpTeacher(options), range(20))).examples,
  )
  expect(() => mlpTeacher({ ...options, shape: [2, 2, 4] })).toThrow(
    'mlpTeacher: shape must have 12 numbers, got 2×2×4',
  )
})
