import { expect, test } from 'vitest'
import { framed, frameOf } from './framing.ts'
import { numberedImages, readSome } from './memory.fixture.ts'

const whole = numberedImages(4, [4, 5, 2])

/** First channel of each pixel of the first example, row by row. */
async function shown(source: ReturnType<typeof framed>, index: number, view?: number[]): Promise<number[][]> {
  const { examples } = await readSome(source, [index], view)
  const [height, width, channels] = source.shape as [number, number, number]
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => examples[(row * width + column) * channels]!),
  )
}

test('A central crop takes the middle, whatever the view; a flip exchanges left and right, not channels.', async () => {
  const cropped = framed(whole, { crop: { size: 2, padding: 0, at: 'centre' }, flip: 'never' })
  expect(cropped).toMatchObject({ shape: [2, 2, 2], augmented: false, exampleCount: 4, name: 'numbered' })
  expect(await shown(cropped, 1)).toEqual([
    [1120, 1130],
    [1220, 1230],
  ])
  expect(await shown(cropped, 1, [0.01, 0.99, 0.1])).toEqual(await shown(cropped, 1))
  const mirrored = framed(whole, { flip: 'always' })
  const { examples, labels, size } = await readSome(mirrored, [2, 0])
  expect([...examples.subarray(0, 10)]).toEqual([2040, 2041, 2030, 2031, 2020, 2021, 2010, 2011, 2000, 2001])
  expect([...labels]).toEqual([2, 0])
  expect(size).toBe(2)
})

test('A random crop reaches every place of the padded image, outside of which is black, and without a view is central.', async () => {
  const random = framed(whole, { crop: { size: 4, padding: 1, at: 'random' }, flip: 'random' })
  expect(random.augmented).toBe(true)
  expect(await shown(random, 0, [0.01, 0.01, 0.9])).toEqual([
    [0, 0, 0, 0],
    [0, 0, 10, 20],
    [0, 100, 110, 120],
    [0, 200, 210, 220],
  ])
  expect(await shown(random, 0, [0.99, 0.99, 0.4])).toEqual([
    [0, 140, 130, 120],
    [0, 240, 230, 220],
    [0, 340, 330, 320],
    [0, 0, 0, 0],
  ])
  expect(await shown(random, 0)).toEqual(await shown(random, 0, [0.5, 0.5, 0.5]))
})

test('Equal shares of views lead to each place.', () => {
  const counts = new Map<number, number>()
  const views = new Float64Array(3)
  for (let cell = 0; cell < 900; cell++) {
    views[0] = (cell + 0.5) / 900
    const { top } = frameOf('', { crop: { size: 24, padding: 0, at: 'random' }, flip: 'never' }, 32, 24, views, 0)
    counts.set(top, (counts.get(top) ?? 0) + 1)
  }
  expect([...counts]).toEqual(Array.from({ length: 9 }, (_, top) => [top, 100]))
  views[0] = 1 - 2 ** -53 // the largest number below 1
  expect(frameOf('', { crop: { size: 24, padding: 0, at: 'random' }, flip: 'never' }, 32, 24, views, 0).top).toBe(8)
})

test('Overlapping reads do not disturb each other.', async () => {
  const cropped = framed(whole, { crop: { size: 3, padding: 0, at: 'centre' }, flip: 'never' })
  const alone = await Promise.all([0, 1, 2, 3].map((index) => readSome(cropped, [index])))
  const [pair, other] = await Promise.all([readSome(cropped, [0, 1]), readSome(cropped, [2, 3])])
  expect([...pair.examples, ...other.examples]).toEqual(alone.flatMap(({ examples }) => [...examples]))
})

test('It refuses vectors, and crops larger than the image.', () => {
  const crop = { size: 7, padding: 1, at: 'centre' } as const
  expect(() => framed({ ...whole, shape: [40] }, { flip: 'always' })).toThrow(
    new RangeError('numbered: crop and flip need examples [height, width, channels], got [40]'),
  )
  expect(() => framed(whole, { crop, flip: 'never' })).toThrow(
    new RangeError('numbered: crop of 7×7 must fit the image, got one of 4×5 padded by 1'),
  )
})
