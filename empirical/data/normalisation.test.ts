import { expect, test } from 'vitest'
import { numberedImages, readSome } from './memory.fixture.ts'
import { memorySource } from './memory-source.ts'
import { measureNormalisation, normalised } from './normalisation.ts'

test('Mean and deviation are those of each channel over all pixels, to float64 rounding.', async () => {
  const source = numberedImages(50, [3, 4, 2])
  const { examples } = await readSome(
    source,
    Array.from({ length: 50 }, (_, i) => i),
  )
  const { mean, deviation } = await measureNormalisation(source)
  for (const channel of [0, 1]) {
    const values = [...examples].filter((_, at) => at % 2 === channel)
    const average = values.reduce((sum, value) => sum + value, 0) / values.length
    const square = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length
    expect(mean[channel]).toBeCloseTo(average, 8) // of 25,000: 13 digits
    expect(deviation[channel]).toBeCloseTo(Math.sqrt(square), 8)
  }
})

test('It merges several reads without loss where the mean dwarfs the deviation.', async () => {
  const count = 2 ** 20 + 100 // of one number, so that a second, short read is needed
  const examples = Float32Array.from({ length: count }, (_, i) => 1000 + (i % 2 === 0 ? 2 ** -7 : -(2 ** -7)))
  const source = memorySource({
    name: 'large',
    shape: [1],
    task: { kind: 'regression', outputCount: 1 },
    examples,
    scale: 1,
    targets: new Float32Array(count),
  })
  const { mean, deviation } = await measureNormalisation(source)
  expect(mean[0]).toBeCloseTo(1000, 9)
  // sums of squares about 0 would have lost 2^-14 beside 10^6: 10 digits of 16
  expect(deviation[0]! / 2 ** -7 - 1).toBeCloseTo(0, 9)
})

test('A normalised source has mean 0 and deviation 1; what does not vary becomes 0; targets stay.', async () => {
  const source = memorySource({
    name: 'features',
    shape: [2],
    task: { kind: 'regression', outputCount: 1 },
    examples: Float32Array.of(1, 7, 3, 7, 5, 7),
    scale: 1,
    targets: [4, 5, 6],
  })
  const normalisation = await measureNormalisation(source)
  expect(normalisation).toEqual({ mean: [3, 7], deviation: [Math.sqrt(8 / 3), 1] })
  const batch = await readSome(normalised(source, normalisation), [2, 0])
  expect([...batch.examples]).toEqual([Math.fround(Math.sqrt(1.5)), 0, -Math.fround(Math.sqrt(1.5)), 0])
  expect([...batch.values]).toEqual([6, 4])
})

test('It refuses a normalisation of other channels, or without a scale.', () => {
  const source = numberedImages(1, [2, 2, 3])
  expect(() => normalised(source, { mean: [0], deviation: [1, 1, 1] })).toThrow(
    new RangeError('normalised: mean must have a number for each of the 3 channels of numbered, got 1'),
  )
  expect(() => normalised(source, { mean: [0, 0, 0], deviation: [1, 0, 1] })).toThrow(
    new RangeError('normalised: deviation[1] must be finite and > 0, got 0'),
  )
})
