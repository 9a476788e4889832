import { expect, test } from 'vitest'
import { type PreparedDataset, prepareDataset } from '../../foundation/dataset.ts'
import { reportSchema } from '../../foundation/results.ts'
import { teacherDataset } from '../../sim/index.ts'
import { plannedSteps, planVerification, runVerification, type VerificationRequest } from './verify.ts'

const prepared = (labelNoise: number): PreparedDataset =>
  prepareDataset(
    teacherDataset({ name: 'teacher', seed: 1, exampleCount: 90, eigenvalues: [2, 0.5, 0.2], labelNoise }),
    {
      standardize: true,
      center: true,
    },
  )

const request: VerificationRequest = {
  dataset: prepared(0.5),
  momentum: 0.8,
  weightDecay: 0,
  batchSize: 8,
  seed: 5,
  stepsBudget: 2e5,
  command: 'test',
}

test('the same seed gives the same bytes, another seed others; the report fits its schema', {
  timeout: 120_000,
}, async () => {
  const report = async (seed: number): Promise<string> =>
    JSON.stringify(await runVerification(planVerification({ ...request, seed, stepsBudget: 4e4 }), '0.0.0'))
  const first = await report(5)
  const other = await report(6)
  expect(await report(5)).toBe(first)
  expect(other).not.toBe(first)
  expect(reportSchema.safeParse(JSON.parse(first!)).success).toBe(true)
  const followed = [first, other].map((text) => reportSchema.parse(JSON.parse(text!)).singleRun)
  expect(followed.map((run) => run?.sampling)).toEqual(['with-replacement', 'with-replacement'])
  expect(followed[0]).not.toEqual(followed[1])
})

test('interrupted as the last scheme ends, there is no report, and no half of a run in it', async () => {
  const plan = planVerification({ ...request, stepsBudget: 4e4 })
  const interruption = new AbortController()
  let schemes = 0
  const report = runVerification(plan, '0.0.0', {
    onScheme: () => {
      if (++schemes === plan.schemes.length) interruption.abort()
    },
    signal: interruption.signal,
  })
  await expect(report).rejects.toThrow('aborted')
  expect(schemes).toBe(plan.schemes.length)
})

test('sampling never exceeds what the plan said it might', async () => {
  const plan = planVerification(request)
  let steps = 0
  await runVerification(plan, '0.0.0', { onSteps: (_, simulated) => (steps += simulated) })
  expect(steps).toBeGreaterThan(0)
  expect(steps).toBeLessThanOrEqual(plannedSteps(plan))
})

test('above half of the mean-square limit, variances under mini-batch noise are not answerable', () => {
  const { limits } = planVerification(request)
  const { schemes } = planVerification({ ...request, learningRate: 0.8 * limits.meanSquare.withReplacement })
  const refusals = (sampling: string): (string | undefined)[] =>
    schemes.find(({ setting }) => setting.sampling === sampling)!.stationary.map(({ refusal }) => refusal)
  expect(refusals('with-replacement').every((refusal) => refusal?.startsWith('heavy tails'))).toBe(true)
  expect(refusals('gaussian').some((refusal) => refusal === undefined)).toBe(true)
})

test('the learning rate is picked from both limits, and a given one is kept', () => {
  const { hyperparameters, limits } = planVerification(request)
  const expected = Math.min(0.05 * limits.mean, 0.1 * limits.meanSquare.withReplacement)
  expect(hyperparameters.learningRate).toBe(expected)
  expect(planVerification({ ...request, learningRate: 1e-3 }).hyperparameters.learningRate).toBe(1e-3)
})

test('interpolated data are refused without weight decay and taken with it', () => {
  const exact = { ...request, dataset: prepared(0) }
  expect(() => planVerification(exact)).toThrow(/interpolated/)
  expect(() => planVerification({ ...exact, weightDecay: 0.1 })).not.toThrow()
})
