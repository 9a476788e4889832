import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { type Dataset, type PreparedDataset, prepareDataset } from '../foundation/dataset.ts'
import { readCifar10 } from '../foundation/formats/cifar10.ts'
import { readCsv } from '../foundation/formats/csv.ts'
import { exampleDataset } from '../specs/regression/example.ts'
import { checked, InputError } from './failure.ts'

export type DataFormat = 'csv' | 'cifar10'

export interface DataOptions {
  readonly data: string
  readonly format?: DataFormat
  readonly target?: string
  readonly oneHot: boolean
  readonly pool?: number
}

export interface DataOrExampleOptions extends Omit<DataOptions, 'data'> {
  readonly data?: string
  readonly standardize: boolean
  readonly center: boolean
}

/** The dataset that the options name, or the embedded example, made fit for regression. */
export function preparedDataset(options: DataOrExampleOptions): PreparedDataset {
  return checked(() => prepareDataset(datasetOrExample(options), options))
}

function datasetOrExample(options: DataOrExampleOptions): Dataset {
  const { data } = options
  if (data !== undefined) return readDataset({ ...options, data })
  for (const flag of ['target', 'format', 'pool'] as const) {
    if (options[flag] !== undefined)
      throw new InputError(`--${flag} needs --data; without --data the embedded example is taken`)
  }
  if (options.oneHot) throw new InputError('--one-hot needs --data; without --data the embedded example is taken')
  return exampleDataset()
}

/** Reads the file that --data names; the format is --format, else what the extension says. */
export function readDataset({ data, format, target, oneHot, pool }: DataOptions): Dataset {
  const name = basename(data)
  const kind = format ?? (extname(data) === '.bin' ? 'cifar10' : 'csv')
  if (kind === 'csv' && target === undefined)
    throw new InputError(`--target is needed: which column of ${name} is to be predicted`)
  if (kind === 'csv' && pool !== undefined) throw new InputError('--pool is for images (--format cifar10) only')
  if (kind === 'cifar10' && target !== undefined)
    throw new InputError('--target is for CSV only; the target of an image is its label')
  const bytes = readBytes(data)
  try {
    return kind === 'csv'
      ? readCsv(bytes.toString('utf8'), name, { target: target!, oneHot })
      : readCifar10(bytes, name, { pool: pool ?? 1, oneHot })
  } catch (error) {
    // readers throw TypeError for a cell of the wrong kind
    if (error instanceof RangeError || error instanceof TypeError) throw new InputError(error.message)
    throw error
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : (code ?? 'failed')
    throw new InputError(`cannot read --data ${path}: ${why}`)
  }
}
