import { type ExampleSource, numbersIn } from './example-source.ts'
import { fixedBatches } from './fixed-batches.ts'

/** Shift and scale of each channel of an image, or of each feature of a vector: x becomes (x − mean)/deviation. */
export interface Normalisation {
  /** // [channel] */
  readonly mean: readonly number[]
  /** Standard deviation. // [channel] */
  readonly deviation: readonly number[]
}

/** Room for the examples of one read, in numbers. */
const READ_NUMBERS = 2 ** 20

/**
 * Mean and population standard deviation √(mean of squares about the mean) of each channel over all examples of a source,
 * in the fixed view.
 *
 * A channel that does not vary gets deviation 1, so that it becomes 0.
 */
export async function measureNormalisation(source: ExampleSource): Promise<Normalisation> {
  const channelCount = source.shape.at(-1)!
  const numbers = numbersIn(source.shape)
  const mean = new Float64Array(channelCount)
  const squares = new Float64Array(channelCount) // about the mean
  let count = 0 // values of a channel
  for await (const batch of fixedBatches(source, Math.max(1, Math.floor(READ_NUMBERS / numbers)))) {
    const end = batch.size * numbers
    const size = end / channelCount
    for (let channel = 0; channel < channelCount; channel++) {
      let sum = 0
      for (let at = channel; at < end; at += channelCount) sum += batch.examples[at]!
      const own = sum / size
      let ownSquares = 0
      for (let at = channel; at < end; at += channelCount) ownSquares += (batch.examples[at]! - own) ** 2
      // Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979)
      const difference = own - mean[channel]!
      mean[channel]! += (difference * size) / (count + size)
      squares[channel]! += ownSquares + (difference ** 2 * count * size) / (count + size)
    }
    count += size
  }
  const deviation = [...squares].map((sum) => (sum === 0 ? 1 : Math.sqrt(sum / count)))
  return { mean: [...mean], deviation }
}

/**
 * The source with its examples normalised.
 *
 * @throws RangeError if there is not one finite mean and one finite deviation > 0 for each channel
 */
export function normalised(source: ExampleSource, { mean, deviation }: Normalisation): ExampleSource {
  const channelCount = source.shape.at(-1)!
  for (const [what, values] of [['mean', mean] as const, ['deviation', deviation] as const]) {
    if (values.length !== channelCount) {
      throw new RangeError(
        `normalised: ${what} must have a number for each of the ${channelCount} channels of ${source.name}, got ${values.length}`,
      )
    }
    const bad = values.findIndex((value) => !(Number.isFinite(value) && (what === 'mean' || value > 0)))
    if (bad !== -1) {
      const range = what === 'mean' ? 'finite' : 'finite and > 0'
      throw new RangeError(`normalised: ${what}[${bad}] must be ${range}, got ${values[bad]}`)
    }
  }
  const numbers = numbersIn(source.shape)
  const read: ExampleSource['read'] = async (indices, into, views) => {
    await source.read(indices, into, views)
    const { examples } = into
    const end = indices.length * numbers
    for (let at = 0; at < end; at += channelCount) {
      for (let channel = 0; channel < channelCount; channel++) {
        examples[at + channel] = (examples[at + channel]! - mean[channel]!) / deviation[channel]!
      }
    }
  }
  return { ...source, read }
}
