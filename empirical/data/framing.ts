import {
  type Batch,
  type ExampleSource,
  emptyBatch,
  numbersIn,
  requireReadable,
  VIEW_NUMBERS,
} from './example-source.ts'

/** Which part of an image is shown, and whether mirrored. */
export interface Framing {
  readonly crop?: Crop
  /** Left and right exchanged: never, always, or with probability ½. */
  readonly flip: 'never' | 'always' | 'random'
}

export interface Crop {
  /** Side of the square that is cut out, pixels. */
  readonly size: number
  /** Black pixels added at each side beforehand, as often done for CIFAR-10 (4). */
  readonly padding: number
  readonly at: 'centre' | 'random'
}

/** A part of an image: its corner, which padding may put outside, its size, and whether it is mirrored. */
export interface Frame {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
  readonly mirrored: boolean
}

/** Whether a framing follows the views that a batch is read with. */
export function isRandom({ crop, flip }: Framing): boolean {
  return crop?.at === 'random' || flip === 'random'
}

/**
 * The part of a height × width image that a view shows; the fixed one, central and not flipped at random, without a view.
 *
 * @param caller begins the error
 * @param view number of the view in `views`
 * @throws RangeError if the crop is larger than the padded image
 */
export function frameOf(
  caller: string,
  { crop, flip }: Framing,
  height: number,
  width: number,
  views: Float64Array | undefined,
  view: number,
): Frame {
  const mirrored =
    flip === 'always' || (flip === 'random' && views !== undefined && views[view * VIEW_NUMBERS + 2]! < 0.5)
  if (crop === undefined) return { top: 0, left: 0, height, width, mirrored }
  const { size, padding, at } = crop
  const free = (side: number): number => {
    const rest = side + 2 * padding - size
    if (rest < 0) {
      const padded = padding === 0 ? '' : ` padded by ${padding}`
      throw new RangeError(
        `${caller}: crop of ${size}×${size} must fit the image, got one of ${height}×${width}${padded}`,
      )
    }
    return rest
  }
  // at ½ the middle, towards the lower right by half a pixel where there is none
  const place = (side: number, fraction: number): number => Math.floor(fraction * (free(side) + 1)) - padding
  const random = at === 'random' && views !== undefined
  return {
    top: place(height, random ? views[view * VIEW_NUMBERS]! : 0.5),
    left: place(width, random ? views[view * VIEW_NUMBERS + 1]! : 0.5),
    height: size,
    width: size,
    mirrored,
  }
}

/** Copies a part of an image, times `scale`; what lies outside of it is 0. */
export function copyFrame(
  from: ArrayLike<number>, // [row, column, channel], from `start` on
  start: number,
  [height, width, channels]: readonly [number, number, number],
  frame: Frame,
  scale: number,
  into: Float32Array,
  at: number,
): void {
  let next = at
  for (let row = frame.top; row < frame.top + frame.height; row++) {
    for (let column = 0; column < frame.width; column++) {
      const source = frame.left + (frame.mirrored ? frame.width - 1 - column : column)
      const inside = row >= 0 && row < height && source >= 0 && source < width
      const pixel = start + (row * width + source) * channels
      for (let channel = 0; channel < channels; channel++) into[next++] = inside ? from[pixel + channel]! * scale : 0
    }
  }
}

/**
 * A source of images of one size, cropped and flipped.
 *
 * @throws RangeError if its examples are no images, or too small for the crop
 */
export function framed(source: ExampleSource, framing: Framing): ExampleSource {
  const { name } = source
  const [height, width, channels] = imageShape(source)
  const fixed = frameOf(name, framing, height, width, undefined, 0)
  const shape = [fixed.height, fixed.width, channels]
  const numbers = numbersIn(shape)
  // reads may overlap, so each takes scratch room of its own, and leaves it to later ones
  const scratch: Batch[] = []
  const read: ExampleSource['read'] = async (indices, into, views) => {
    requireReadable(source, indices, into, views)
    let whole = scratch.pop()
    if (whole === undefined || whole.capacity < indices.length) whole = emptyBatch(source, Math.max(1, indices.length))
    await source.read(indices, whole)
    for (let k = 0; k < indices.length; k++) {
      const start = k * height * width * channels
      const frame = frameOf(name, framing, height, width, views, k)
      copyFrame(whole.examples, start, [height, width, channels], frame, 1, into.examples, k * numbers)
    }
    copyTargets(whole, into)
    scratch.push(whole)
  }
  return { ...source, shape, augmented: isRandom(framing), read }
}

/** The shape of a source's examples, which must be images. */
function imageShape({ name, shape }: ExampleSource): readonly [number, number, number] {
  const [height, width, channels] = shape
  if (shape.length !== 3) {
    throw new RangeError(`${name}: crop and flip need examples [height, width, channels], got [${shape.join(', ')}]`)
  }
  return [height!, width!, channels!]
}

function copyTargets(from: Batch, into: Batch): void {
  into.labels.set(from.labels.subarray(0, Math.min(from.size, from.labels.length)))
  into.values.set(from.values.subarray(0, (from.values.length / from.capacity) * from.size))
  into.size = from.size
}
