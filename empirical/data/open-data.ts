import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { NamedBytes } from '../../foundation/formats/idx.ts'
import { cifar10Source, type FileSource } from './cifar10-source.ts'
import { csvSource } from './csv-source.ts'
import type { DataConfig } from './data-config.ts'
import type { ExampleSource } from './example-source.ts'
import { fileProblem } from './file-problem.ts'
import { type Framing, framed } from './framing.ts'
import { idxSource } from './idx-source.ts'
import { measureNormalisation, type Normalisation, normalised } from './normalisation.ts'
import { randomParts, selection } from './selection.ts'
import { linearTeacher, mlpTeacher } from './teacher.ts'

/** Data to train and test on. */
export interface OpenedData {
  readonly train: ExampleSource
  /** Absent if the config has neither test files nor a testCount. */
  readonly test: ExampleSource | undefined
  /** What both were normalised with; undefined for none. */
  readonly normalisation: Normalisation | undefined
  /** Closes the files behind the sources; first let all reading end. */
  close(): Promise<void>
}

/** Sources as the files have them, framed. */
interface Opened {
  readonly train: ExampleSource
  readonly test: ExampleSource | undefined
  close(): Promise<void>
}

/**
 * Opens the data that a config names: training and test set, disjoint, chosen by the split's seed, normalised alike.
 *
 * Without test files, testCount examples are set aside from the training files before trainCount are chosen from the rest:
 * which those are depends on the seed and the counts alone.
 *
 * @param baseFolder paths are relative to it
 * @throws RangeError or TypeError in one line for files that cannot be read or do not hold what they should, for counts
 * beyond what there is, and for a crop, shape or normalisation that does not fit
 */
export async function openData(config: DataConfig, baseFolder: string): Promise<OpenedData> {
  const opened = await openFiles(config, baseFolder)
  try {
    requireSameShape(opened)
    const { train, test } = split(opened, config)
    const normalisation = await chosenNormalisation(train, config.normalisation)
    const apply = (source: ExampleSource): ExampleSource =>
      normalisation === undefined ? source : normalised(source, normalisation)
    return { train: apply(train), test: test && apply(test), normalisation, close: opened.close }
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function openFiles(config: DataConfig, baseFolder: string): Promise<Opened> {
  const at = (path: string): string => resolve(baseFolder, path)
  switch (config.kind) {
    case 'csv': {
      const { path, target, task, shape } = config
      const text = Buffer.from((await fileBytes(at(path))).bytes).toString('utf8')
      return inMemory(withFraming(csvSource(text, basename(path), { target, task, ...(shape && { shape }) }), config))
    }
    case 'idx': {
      const { train, test, classCount } = config
      const read = async ({ images, labels }: typeof train): Promise<ExampleSource> => {
        const files = await Promise.all([fileBytes(at(images)), fileBytes(at(labels))])
        return withFraming(idxSource(basename(images), ...files, classCount), config)
      }
      return inMemory(await read(train), test && (await read(test)))
    }
    case 'cifar10': {
      const files: FileSource[] = []
      const close = async (): Promise<void> => {
        for (const file of files) await file.close()
      }
      const read = async (paths: readonly string[]): Promise<ExampleSource> => {
        const file = await cifar10Source(paths.map(at))
        files.push(file)
        return withFraming(file, config)
      }
      try {
        return { train: await read(config.train), test: config.test && (await read(config.test)), close }
      } catch (error) {
        await close()
        throw error
      }
    }
    case 'images': {
      // only here is sharp's binary needed
      const { imageFolder } = await import('./image-folder.ts')
      const { shorterSide, crop, flip } = config
      const options = { shorterSide, framing: { crop, flip } }
      const train = await imageFolder(at(config.train), options)
      if (config.test === undefined) return inMemory(train)
      const test = await imageFolder(at(config.test), options)
      const differs = train.classes.findIndex((name, label) => test.classes[label] !== name)
      if (differs !== -1 || test.classes.length !== train.classes.length) {
        const label = differs === -1 ? train.classes.length : differs
        const [there, here] = [test.classes[label] ?? 'none', train.classes[label] ?? 'none']
        throw new RangeError(
          `${at(config.test)}: must have the class folders of ${at(config.train)}; folder ${label + 1} is ${there}, there ${here}`,
        )
      }
      return inMemory(train, test)
    }
    case 'linear-teacher':
      return inMemory(linearTeacher(config))
    case 'mlp-teacher':
      return inMemory(mlpTeacher(config))
  }
}

/** Sources with nothing to close. */
function inMemory(train: ExampleSource, test?: ExampleSource): Opened {
  return { train, test, close: async () => {} }
}

function framingOf({ crop, flip }: Extract<DataConfig, { flip: unknown }>): Framing {
  return crop === undefined ? { flip } : { crop, flip }
}

function withFraming(source: ExampleSource, config: Extract<DataConfig, { flip: unknown }>): ExampleSource {
  const framing = framingOf(config)
  return framing.crop === undefined && framing.flip === 'never' ? source : framed(source, framing)
}

function requireSameShape({ train, test }: Opened): void {
  if (test === undefined || test.shape.join() === train.shape.join()) return
  throw new RangeError(
    `${test.name}: must have the shape of ${train.name}, ${train.shape.join('×')}, got ${test.shape.join('×')}`,
  )
}

function split(
  { train, test }: Opened,
  { trainCount, testCount, splitSeed }: DataConfig,
): Pick<Opened, 'train' | 'test'> {
  if (test !== undefined) {
    return {
      train: chosen(train, 'trainCount', trainCount, splitSeed),
      test: chosen(test, 'testCount', testCount, splitSeed),
    }
  }
  if (testCount === undefined) return { train: chosen(train, 'trainCount', trainCount, splitSeed), test }
  const { name, exampleCount } = train
  if (testCount + (trainCount ?? 1) > exampleCount) {
    throw new RangeError(
      `${name}: testCount and trainCount must be at most its ${exampleCount} examples together, got ${testCount} + ${trainCount ?? 'at least 1'}`,
    )
  }
  const [testPart, trainPart] = randomParts(
    exampleCount,
    [testCount, trainCount ?? exampleCount - testCount],
    splitSeed,
  ) as [Uint32Array, Uint32Array]
  return { train: selection(train, trainPart), test: selection(train, testPart) }
}

function chosen(source: ExampleSource, what: string, count: number | undefined, seed: number): ExampleSource {
  const { name, exampleCount } = source
  if (count === undefined || count === exampleCount) return source
  if (count > exampleCount) {
    throw new RangeError(`${name}: ${what} must be at most its ${exampleCount} examples, got ${count}`)
  }
  return selection(source, randomParts(exampleCount, [count], seed)[0]!)
}

async function chosenNormalisation(
  train: ExampleSource,
  asked: DataConfig['normalisation'],
): Promise<Normalisation | undefined> {
  if (asked === 'none') return undefined
  return asked === 'measured' ? measureNormalisation(train) : asked
}

async function fileBytes(path: string): Promise<NamedBytes> {
  try {
    return { bytes: await readFile(path), name: path }
  } catch (error) {
    throw fileProblem(path, error)
  }
}
