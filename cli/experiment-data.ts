import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { ExperimentConfig } from '../empirical/experiment/experiment-config.ts'
import { InputError } from './failure.ts'

export interface ExperimentDataOptions {
  readonly data?: string
  readonly target?: string
}

/** Of a CIFAR-10 record: a label and 32 × 32 pixels of three colours. */
const imageBytes = 1 + 3 * 32 * 32
/** Share of examples that are set aside where the experiment's own number of them does not fit. */
const testShare = 0.2

/**
 * The experiment with the user's data in place of its own, a part set aside to test on as before; its name says so.
 *
 * @throws InputError for a file that is not there, or a target that is missing or of no use
 */
export function withData(config: ExperimentConfig, { data, target }: ExperimentDataOptions): ExperimentConfig {
  if (data === undefined) {
    if (target !== undefined) throw new InputError('--target needs --data: the experiment has data of its own')
    return config
  }
  if (!existsSync(data) || !statSync(data).isFile()) throw new InputError(`cannot read --data ${data}: no such file`)
  const path = resolve(data)
  const isImages = extname(data) === '.bin'
  if (isImages && target !== undefined) {
    throw new InputError('--target is for CSV only; the target of an image is its label')
  }
  if (!isImages && target === undefined) {
    throw new InputError(`--target is needed: which column of ${data} is to be predicted`)
  }
  const examples = isImages ? Math.floor(statSync(path).size / imageBytes) : linesOf(path) - 1
  const { testCount, splitSeed } = config.data
  const common = {
    normalisation: 'measured',
    flip: 'never',
    splitSeed,
    ...(testCount === undefined
      ? {}
      : { testCount: testCount <= examples / 2 ? testCount : Math.max(1, Math.floor(testShare * examples)) }),
  } as const
  return {
    ...config,
    name: `${config.name}-on-${nameOf(data)}`,
    data: isImages
      ? { ...common, kind: 'cifar10', train: [path] }
      : {
          ...common,
          kind: 'csv',
          path,
          target: target!,
          task: config.loss === 'cross-entropy' ? 'classification' : 'regression',
          ...imageShape(config.data),
        },
  }
}

/** Images stay images of that shape. */
function imageShape(data: ExperimentConfig['data']): { shape?: [number, number, number] } {
  return 'shape' in data && data.shape !== undefined ? { shape: data.shape } : {}
}

/** Lines that are not empty; how the file reads in the end is the reader's to say. */
function linesOf(path: string): number {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '').length
}

/** A file's name as part of an experiment's. */
function nameOf(data: string): string {
  return data
    .replace(/^.*[/\\]/, '')
    .replace(/\.\w+$/, '')
    .replace(/[^\w-]+/g, '-')
}
