import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { csvSource } from './csv-source.ts'
import { readSome } from './memory.fixture.ts'

const OPTDIGITS = new URL('../../../shared/data/optdigits.csv', import.meta.url)

test('A line becomes a vector or an image, its class a label, its number a value.', async () => {
  const text = 'a,y,b,c,d\n1,9,2,3,4\n5,-1,6,7,8\n9,9,10,11,12.5\n'
  const classes = csvSource(text, 't', { target: 'y', task: 'classification', shape: [2, 1, 2] })
  expect(classes).toMatchObject({ exampleCount: 3, shape: [2, 1, 2], task: { kind: 'classification', classCount: 2 } })
  const batch = await readSome(classes, [2, 1])
  expect([...batch.examples]).toEqual([9, 10, 11, 12.5, 5, 6, 7, 8])
  expect([...batch.labels]).toEqual([1, 0])
  expect(batch.values.length).toBe(0)

  const numbers = csvSource(text, 't', { target: 'y', task: 'regression' })
  expect(numbers).toMatchObject({ shape: [4], task: { kind: 'regression', outputCount: 1 } })
  const values = await readSome(numbers, [1, 0, 1])
  expect([...values.values]).toEqual([-1, 9, -1])
  expect(values.labels.length).toBe(0)
})

test('It refuses a shape that the columns do not fill and numbers beyond float32.', () => {
  expect(() => csvSource('a,b,y\n1,2,3\n', 't', { target: 'y', task: 'regression', shape: [1, 3, 1] })).toThrow(
    new RangeError('t: shape 1×3×1 takes 3 feature columns, got 2'),
  )
  expect(() => csvSource('a,b,y\n1,1e39,3\n', 't', { target: 'y', task: 'regression' })).toThrow(
    new RangeError('t: column "b": 1e+39 is more than float32 holds'),
  )
})

test.skipIf(!existsSync(OPTDIGITS))(
  'Handwritten digits are read as 8×8 images (skipped without shared/data).',
  async () => {
    const text = readFileSync(OPTDIGITS, 'utf8')
    const digits = csvSource(text, 'optdigits', { target: 'Class', task: 'classification', shape: [8, 8, 1] })
    expect(digits).toMatchObject({ exampleCount: 3823, task: { classCount: 10 } })
    const { examples, labels } = await readSome(digits, [0, 3822])
    const lines = text.trim().split(/\r?\n/)
    expect([...examples, ...labels]).toEqual([
      ...lines[1]!.split(',').slice(0, 64).map(Number),
      ...lines[3823]!.split(',').slice(0, 64).map(Number),
      Number(lines[1]!.split(',')[64]),
      Number(lines[3823]!.split(',')[64]),
    ])
  },
)
