import { expect, test } from 'vitest'
import type { SpecClaim } from '../../foundation/results.ts'
import { fixtureSpecReport } from '../html/spec-report.fixture.ts'
import { hyperparametersFigure } from './hyperparameters.ts'

const defaults = { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }
// times the estimate; the last one says nothing of how a hyperparameter acts
const theories = [
  ['discrete', 1.01],
  ['eq. 18 calibrated', 0.5],
  ['linear scaling', 4],
  ['shuffled epochs', 1.02],
  ['ballistic', 8],
] as const
const [template] = fixtureSpecReport().claims.filter(({ looks }) => looks.length > 0)

function claim(
  quantity: string,
  change: Partial<typeof defaults>,
  { estimate, sampling = 'gaussian' }: { readonly estimate: number; readonly sampling?: SpecClaim['sampling'] },
): SpecClaim {
  const look = {
    ...template!.looks[0]!,
    estimate,
    confidenceInterval: [0.9 * estimate, 1.2 * estimate] as [number, number],
  }
  return {
    ...template!,
    hypothesis: 'hyperparameters',
    quantity,
    hyperparameters: { ...defaults, ...change },
    sampling,
    looks: [look],
    comparisons: theories.map(([theory, factor]) => ({
      ...template!.comparisons[0]!,
      theory,
      prediction: factor * estimate,
    })),
  }
}

const of = (quantity: string): SpecClaim[] => [
  claim(quantity, {}, { estimate: 0.5 }),
  claim(quantity, { batchSize: 4 }, { estimate: 2 }),
  claim(quantity, { momentum: 0.95 }, { estimate: 1 }),
  claim(quantity, { momentum: 0.8 }, { estimate: 0.25 }),
]
const epochs = [4, 16, 80].map((batchSize) =>
  claim('exponent over some steps', { batchSize }, { estimate: 0.1, sampling: 'shuffled-epochs' }),
)
const claims = [...of('speed'), ...of('exponent over 80 steps'), ...epochs, template!]

interface Panel {
  readonly title: { readonly text: string }
  readonly layer: readonly { readonly data: { readonly values: readonly Record<string, unknown>[] } }[]
}
const panels = (claims: readonly SpecClaim[]): readonly Panel[] =>
  (hyperparametersFigure(claims)!.spec as unknown as { concat: Panel[] }).concat

test('a panel for each hyperparameter that was moved, of each quantity, and of epochs on their own', () => {
  expect(panels(claims).map(({ title }) => title.text)).toEqual([
    'speed over β',
    'speed over S',
    'speed against eq. 18 over β',
    'speed against eq. 18 over S',
    'exponent over β',
    'exponent over S',
    'two shuffled epochs: exponent over S',
    'the same, closer: exponent over S',
  ])
})

test('points in the order of the hyperparameter with the interval of the last look, lines of those who say how it acts', () => {
  const [{ layer }] = panels(claims) as [Panel]
  const [lines, , points] = layer.map(({ data }) => data.values)
  expect(points).toMatchObject([
    { parameter: 0.8, value: 0.25, low: 0.225, high: 0.3 },
    { parameter: 0.9, value: 0.5 },
    { parameter: 0.95, value: 1 },
  ])
  const discrete = lines!.filter(({ theory }) => theory === 'discrete')
  expect(discrete.map(({ parameter, value }) => [parameter, value])).toEqual([
    [0.8, 1.01 * 0.25],
    [0.9, 1.01 * 0.5],
    [0.95, 1.01],
  ])
  expect(lines!.map(({ theory }) => theory)).not.toContain('ballistic')
})

test('speeds, intervals and predictions are divided by eq. 18, and what is off by factors is left to the row above', () => {
  const { layer } = panels(claims).find(({ title }) => title.text === 'speed against eq. 18 over β')!
  const [lines, , points] = layer.map(({ data }) => data.values)
  // eq. 18 is half of every estimate here: what is drawn no longer depends on the hyperparameter
  for (const point of points!) expect(point).toMatchObject({ value: 2, low: 1.8, high: 2.4 })
  expect(new Map(lines!.map(({ theory, value }) => [theory, value]))).toEqual(
    new Map([
      ['discrete', 2.02],
      ['eq. 18 calibrated', 1],
      ['shuffled epochs', 2.04],
    ]),
  )
})

test('closer to epochs, only the theory that knows them is drawn', () => {
  const [lines] = panels(claims)
    .at(-1)!
    .layer.map(({ data }) => data.values)
  expect(new Set(lines!.map(({ theory }) => theory))).toEqual(new Set(['shuffled epochs']))
})

test('none where hyperparameters were not asked, or a report of earlier days does not say what they were', () => {
  expect(hyperparametersFigure([template!])).toBeUndefined()
  const older = claims.map(({ hyperparameters: _, ...rest }) => rest)
  expect(hyperparametersFigure(older)).toBeUndefined()
})
