import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import sharp from 'sharp'
import { type ExampleSource, requireReadable } from './example-source.ts'
import { fileProblem } from './file-problem.ts'
import { type Crop, copyFrame, type Framing, frameOf, isRandom } from './framing.ts'

export interface ImageFolderOptions {
  /** Images are scaled, keeping their proportions, until their shorter side has so many pixels. */
  readonly shorterSide: number
  /** Crop, needed for images of one size, and flip. */
  readonly framing: Framing & { readonly crop: Crop }
}

/** A source of images in folders named after their classes. */
export interface ImageFolder extends ExampleSource {
  /** Names of the class folders in the order of their labels. */
  readonly classes: readonly string[]
}

const EXTENSIONS: readonly string[] = ['.jpg', '.jpeg', '.png']
const CHANNEL_COUNT = 3
/** Images being decoded at a time: enough to keep the thread pool busy, few enough to bound memory. */
const DECODERS = 16

/**
 * Images in the layout of ImageNet: a folder for each class, sorted by name (code units), with JPEG or PNG files, sorted
 * too; other files are left alone. Pixels in [0, 1] of three channels, whatever the file has.
 *
 * Close to torchvision's `ImageFolder`, `Resize` and `CenterCrop`: the same filter (a triangle as wide as the reduction),
 * neither orientation tags nor colour profiles followed; a longer side may be a pixel off, and values by rounding.
 *
 * @param folder holds the class folders
 * @throws RangeError naming the folder if it cannot be read, has no class folders, or one of them has no images; naming
 * crop if it does not fit shorterSide. Its `read` throws RangeError naming a file that is no image or cut off
 */
export async function imageFolder(folder: string, { shorterSide, framing }: ImageFolderOptions): Promise<ImageFolder> {
  const { size } = framing.crop
  frameOf(folder, framing, shorterSide, shorterSide, undefined, 0) // throws for a crop that is too large
  const { classes, files, labels } = await listed(folder)
  const name = basename(folder)
  const exampleCount = files.length
  const read: ExampleSource['read'] = async (indices, into, views) => {
    requireReadable({ name, exampleCount }, indices, into, views)
    const decode = async (k: number): Promise<void> => {
      const label = labels[indices[k]!]!
      const path = join(folder, classes[label]!, files[indices[k]!]!)
      const { data, height, width } = await decoded(path, shorterSide)
      const frame = frameOf(path, framing, height, width, views, k)
      const at = k * size * size * CHANNEL_COUNT
      copyFrame(data, 0, [height, width, CHANNEL_COUNT], frame, 1 / 255, into.examples, at)
      into.labels[k] = label
    }
    await inOrder(indices.length, decode)
    into.size = indices.length
  }
  return {
    name,
    exampleCount,
    shape: [size, size, CHANNEL_COUNT],
    task: { kind: 'classification', classCount: classes.length },
    augmented: isRandom(framing),
    classes,
    read,
  }
}

interface Listing {
  readonly classes: readonly string[]
  /** Names within the class folder. // [example] */
  readonly files: readonly string[]
  /** // [example] */
  readonly labels: Uint32Array
}

async function listed(folder: string): Promise<Listing> {
  const classes = (await entriesOf(folder))
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .sort()
  if (classes.length < 2) {
    throw new RangeError(`${folder}: must hold a folder for each of at least 2 classes, got ${classes.length}`)
  }
  const files: string[] = []
  const labels: number[] = []
  for (const [label, name] of classes.entries()) {
    const images = (await entriesOf(join(folder, name)))
      .map((entry) => entry.name)
      .filter((file) => EXTENSIONS.includes(extname(file).toLowerCase()))
      .sort()
    if (images.length === 0) throw new RangeError(`${join(folder, name)}: no JPEG or PNG files in this class folder`)
    for (const file of images) {
      files.push(file)
      labels.push(label)
    }
  }
  return { classes, files, labels: Uint32Array.from(labels) }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw fileProblem(folder, error)
  }
}

async function decoded(
  path: string,
  shorterSide: number,
): Promise<{ data: Uint8Array; height: number; width: number }> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path) // not left to sharp, which would cache files and words the error otherwise
  } catch (error) {
    throw fileProblem(path, error)
  }
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', ignoreIcc: true })
      .removeAlpha()
      .resize(shorterSide, shorterSide, { fit: 'outside', kernel: 'linear', fastShrinkOnLoad: false })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { data, height: info.height, width: info.width }
  } catch (error) {
    throw new RangeError(`${path}: not a readable image: ${(error as Error).message.split('\n')[0]}`)
  }
}

/**
 * Does 0 … count − 1, a few at a time, and waits for all begun, so that nothing is written after a failure; of several
 * failures it throws the first by number, whichever came first in time.
 */
async function inOrder(count: number, action: (k: number) => Promise<void>): Promise<void> {
  let next = 0
  let failed = count
  let failure: unknown
  const worker = async (): Promise<void> => {
    while (next < count && failed === count) {
      const k = next++
      try {
        await action(k)
      } catch (error) {
        if (k < failed) {
          failed = k
          failure = error
        }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(DECODERS, count) }, worker))
  if (failed < count) throw failure
}
