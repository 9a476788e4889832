import { type NamedBytes, readIdxImages } from '../../foundation/formats/idx.ts'
import type { ExampleSource } from './example-source.ts'
import { memorySource } from './memory-source.ts'

/**
 * Grey images in IDX files, pixels in [0, 1]; held in memory as bytes, one a pixel (MNIST: 47 MB).
 *
 * @param name of the dataset
 * @throws RangeError as `readIdxImages`
 */
export function idxSource(name: string, images: NamedBytes, labels: NamedBytes, classCount: number): ExampleSource {
  const { height, width, pixels, labels: targets } = readIdxImages(images, labels, classCount)
  const task = { kind: 'classification', classCount } as const
  return memorySource({ name, shape: [height, width, 1], task, examples: pixels, scale: 1 / 255, targets })
}
