import { expect, test } from 'vitest'
import type { SpecClaim } from '../../foundation/results.ts'
import { fixtureSpecReport } from '../html/spec-report.fixture.ts'
import { hyperparametersFigure } from './hyperparameters.ts'

const defaults = { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }
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
    comparisons: ['discrete', 'ballistic'].map((theory) => ({
      ...template!.comparisons[0]!,
      theory,
      prediction: 1.01 * estimate,
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
    'exponent over β',
    'exponent over S',
    'two shuffled epochs: exponent over S',
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
  expect(lines!.map(({ theory, parameter, value }) => [theory, parameter, value])).toEqual([
    ['discrete', 0.8, 1.01 * 0.25],
    ['discrete', 0.9, 1.01 * 0.5],
    ['discrete', 0.95, 1.01],
  ])
})

test('none where hyperparameters were not asked, or a report of earlier days does not say what they were', () => {
  expect(hyperparametersFigure([template!])).toBeUndefined()
  const older = claims.map(({ hyperparameters: _, ...rest }) => rest)
  expect(hyperparametersFigure(older)).toBeUndefined()
})
