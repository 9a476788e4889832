import { type Batch, type ExampleSource, emptyBatch } from './example-source.ts'
import { memorySource } from './memory-source.ts'

/** Images whose every number says where it is: 1000·example + 100·row + 10·column + channel; the label is example mod 3. */
export function numberedImages(
  exampleCount: number,
  [height, width, channels]: [number, number, number],
): ExampleSource {
  const examples: number[] = []
  for (let i = 0; i < exampleCount; i++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let channel = 0; channel < channels; channel++) {
          examples.push(1000 * i + 100 * row + 10 * column + channel)
        }
      }
    }
  }
  return memorySource({
    name: 'numbered',
    shape: [height, width, channels],
    task: { kind: 'classification', classCount: 3 },
    examples: Float32Array.from(examples),
    scale: 1,
    targets: Int32Array.from({ length: exampleCount }, (_, i) => i % 3),
  })
}

/** Some examples of a source, in a batch just large enough. */
export async function readSome(source: ExampleSource, indices: number[], views?: number[]): Promise<Batch> {
  const batch = emptyBatch(source, indices.length)
  await source.read(Uint32Array.from(indices), batch, views && Float64Array.from(views))
  return batch
}
