import { existsSync, readFileSync } from 'node:fs'
import { type Dataset, prepareDataset } from '../../foundation/dataset.ts'
import { readCifar10 } from '../../foundation/formats/cifar10.ts'
import { readCsv } from '../../foundation/formats/csv.ts'
import type { SamplingScheme } from '../../foundation/phase-space.ts'
import type { Suite } from '../../harness/hypothesis.ts'
import { remembered } from '../../harness/remembered.ts'
import { seedFor, specBudget } from '../../harness/vitest/environment.ts'
import { type OperatingPoint, operatingPoint } from './operating-point.ts'
import { type RegressionSetting, regressionSetting } from './setting.ts'
import { specLedger } from './settings.ts'

/**
 * Settings on real data, made small: handwritten digits of 4×4 grey levels, photographs of 2×2 colours. The files are no part of the
 * project, so nothing else depends on them.
 */

/** Claims on real data that take samples, at most: the ledger counts them whether the files are there or not. */
export const realDataClaims = 50

const folder = new URL('../../../shared/data/', import.meta.url)

/** What is said where the files are not there. */
export const realDataMissing =
  'real data are left out: no ../shared/data with optdigits.csv and cifar10-subset.bin in it'

/** Reads the files; undefined where they are not there. */
export function realData(): Suite<RegressionSetting> | undefined {
  const [digitsFile, photosFile] = [new URL('optdigits.csv', folder), new URL('cifar10-subset.bin', folder)]
  if (!existsSync(digitsFile) || !existsSync(photosFile)) return undefined
  const digits = readCsv(readFileSync(digitsFile, 'utf8'), 'digits', { target: 'Class', oneHot: false })
  const photos = readCifar10(readFileSync(photosFile), 'photographs', { pool: 16, oneHot: false })
  const ofDigits = pointOf(halved(digits), 0.9)
  const ofPhotos = pointOf(photos, 0.8)
  return {
    settings: [
      setting('digits, batches with replacement', ofDigits, {
        sampling: 'with-replacement',
        stream: 390,
        steps: 1.5e6,
      }),
      setting('digits, shuffled epochs', ofDigits, { sampling: 'shuffled-epochs', stream: 392, steps: 9e5 }),
      setting('photographs, batches with replacement', ofPhotos, {
        ...{ sampling: 'with-replacement', stream: 394, steps: 1.5e6 },
      }),
    ],
    ledger: specLedger,
    mutants: [],
  }
}

/** Its learning rate is at most a tenth of the second moments' limit. */
function pointOf(data: Dataset, momentum: number): OperatingPoint {
  const dataset = prepareDataset(data, { standardize: true, center: true })
  return operatingPoint({ dataset, momentum, weightDecay: 0, batchSize: 16 })
}

/** The noise depends on the position, as it does in training; steps are those at the usual budget. */
function setting(
  name: string,
  { problem, hyperparameters }: OperatingPoint,
  { sampling, stream, steps }: { sampling: SamplingScheme; stream: number; steps: number },
): RegressionSetting {
  const made = regressionSetting(problem, hyperparameters, {
    sampling,
    seed: seedFor(stream),
    stepsBudget: steps * specBudget(),
  })
  return { ...made, name, stationary: remembered(made.stationary) }
}

/** Images of 8×8 pixels as 4×4, each the mean of four. */
function halved(dataset: Dataset): Dataset {
  const { exampleCount, featureCount, features } = dataset
  const side = Math.sqrt(featureCount)
  const half = side / 2
  if (!Number.isInteger(half)) {
    throw new RangeError(
      `halved: ${dataset.name}: images must be square, of an even number of pixels a side, got ${featureCount} pixels`,
    )
  }
  const pooled = new Float64Array(exampleCount * half * half)
  for (let at = 0; at < features.length; at++) {
    const [image, pixel] = [Math.floor(at / featureCount), at % featureCount]
    const [row, column] = [Math.floor(pixel / side) >> 1, (pixel % side) >> 1]
    pooled[(image * half + row) * half + column]! += features[at]! / 4
  }
  return {
    ...dataset,
    featureCount: half * half,
    featureNames: Array.from({ length: half * half }, (_, pixel) => `block ${pixel + 1}`),
    features: pooled,
  }
}
