import { z } from 'zod'

const count = z.int().positive()
const path = z.string().min(1)
const numbers = z.array(z.number()).min(1)
const crop = z.strictObject({
  size: count,
  padding: z.int().nonnegative().default(0),
  at: z.enum(['centre', 'random']),
})

/** What is asked of every kind of data. */
const common = {
  /** Of each channel or feature: given, measured over the training set in its fixed view, or none. */
  normalisation: z.union([z.enum(['measured', 'none']), z.strictObject({ mean: numbers, deviation: numbers })]),
  flip: z.enum(['never', 'always', 'random']).default('never'),
  /** Examples to train on, chosen at random; all that there are if left out. */
  trainCount: count.optional(),
  /** Examples to test on, chosen at random: from files of their own, then all if left out, else from the training files. */
  testCount: count.optional(),
  /** Of these choices. */
  splitSeed: z.int().nonnegative().default(0),
}
const cropped = { ...common, crop: crop.optional() }
const idxPair = z.strictObject({ images: path, labels: path })

const csv = z.strictObject({
  ...cropped,
  kind: z.literal('csv'),
  path,
  target: z.string(),
  task: z.enum(['classification', 'regression']),
  /** [height, width, channels] that a line's features are, channels fastest. */
  shape: z.tuple([count, count, count]).optional(),
})

const cifar10 = z.strictObject({
  ...cropped,
  kind: z.literal('cifar10'),
  train: z.array(path).min(1),
  test: z.array(path).min(1).optional(),
})

const idx = z.strictObject({
  ...cropped,
  kind: z.literal('idx'),
  train: idxPair,
  test: idxPair.optional(),
  classCount: count.min(2).max(256).default(10),
})

const images = z.strictObject({
  ...common,
  kind: z.literal('images'),
  train: path,
  test: path.optional(),
  shorterSide: count.default(256),
  crop,
})

/** Teachers' examples are vectors, which cannot be cropped or flipped. */
const { flip: _, ...teacherCommon } = common
const linearTeacher = z.strictObject({
  ...teacherCommon,
  kind: z.literal('linear-teacher'),
  exampleCount: count,
  featureCount: count,
  outputCount: count,
  noise: z.number().nonnegative(),
  seed: z.int().nonnegative(),
})

const mlpTeacher = z.strictObject({
  ...teacherCommon,
  kind: z.literal('mlp-teacher'),
  exampleCount: count,
  featureCount: count,
  hiddenCount: count,
  /** [height, width, channels] that the features are, for networks that take images; their product is featureCount. */
  shape: z.tuple([count, count, count]).optional(),
  classCount: count.min(2),
  noise: z.number().nonnegative(),
  seed: z.int().nonnegative(),
})

/** Which data to train and test on, as JSON; paths are relative to the folder that `openData` is given. */
export const dataConfig = z.discriminatedUnion('kind', [csv, cifar10, idx, images, linearTeacher, mlpTeacher])

export type DataConfig = z.output<typeof dataConfig>
