import { expect, test } from 'vitest'
import { prepareDataset } from '../../foundation/dataset.ts'
import { regressionProblem } from '../../foundation/regression-problem.ts'
import { teacherDataset } from '../../sim/index.ts'
import { withWorkers } from './replica-pool.ts'
import { regressionSetting } from './setting.ts'

const teacher = teacherDataset({
  name: 'teacher',
  seed: 1,
  exampleCount: 90,
  eigenvalues: [2, 0.5, 0.2],
  labelNoise: 0.5,
})
const { features, targets, exampleCount } = prepareDataset(teacher, { standardize: true, center: true })
const { stationary, displaced } = regressionSetting(
  regressionProblem(features, targets, exampleCount, 0),
  { learningRate: 0.02, momentum: 0.8, weightDecay: 0, batchSize: 8 },
  { sampling: 'shuffled-epochs', seed: 5, stepsBudget: 1e4 },
)

// a thread takes a second to load from source
test.each([
  { experiment: stationary, name: 'stationary', workers: 3 },
  { experiment: displaced, name: 'displaced', workers: 2 },
])(
  '$name replicas are the same in $workers threads as in none',
  { timeout: 120_000 },
  async ({ experiment, workers }) => {
    const here = Array.from({ length: 7 }, (_, index) => experiment.runReplica(3 + index))
    const there = await withWorkers<object, object[]>(experiment, workers, undefined, async (runReplicas) => {
      const records: object[] = []
      for await (const record of runReplicas!(3, 10)) records.push(record)
      return records
    })
    expect(there).toEqual(here)
  },
)

test('one worker is this thread', async () => {
  await withWorkers(stationary, 1, undefined, async (runReplicas) => expect(runReplicas).toBeUndefined())
})
