import { describe, expect, it } from 'vitest'
import type { PlannedRun } from '../../empirical/experiment/experiment-config.ts'
import { runLabels } from './run-labels.ts'

const base: PlannedRun = {
  label: 'a',
  learningRate: 0.05,
  momentum: 0.9,
  weightDecay: 0.01,
  batchSize: 32,
  order: 'with-replacement',
  steps: 3000,
  seed: 1,
}

describe('runLabels', () => {
  it('names what runs do not share, and seeds after the first', () => {
    const shuffled = { ...base, order: 'shuffled-epochs' } as const
    const runs = [base, { ...base, label: 'b', seed: 2 }, { ...shuffled, label: 'c' }]
    expect([...runLabels(runs, false).values()]).toEqual([
      'with replacement',
      'with replacement, seed 2',
      'shuffled epochs',
    ])
  })

  it('names all settings where runs differ in their seed alone', () => {
    expect([...runLabels([base, { ...base, label: 'b', seed: 2 }], false)]).toEqual([
      ['a', 'η = 0.05, β = 0.9, S = 32, with replacement'],
      ['b', 'η = 0.05, β = 0.9, S = 32, with replacement, seed 2'],
    ])
  })

  it('names sweeps’ runs by what they change of the default', () => {
    const runs = [base, { ...base, label: 'b', seed: 2 }, { ...base, label: 'c', learningRate: 0.1 }]
    expect([...runLabels(runs, true).values()]).toEqual(['default', 'default, seed 2', 'η = 0.1'])
  })

  it('gives each run a name of its own', () => {
    const runs = [1, 2].flatMap((seed) =>
      [16, 32].map((batchSize): PlannedRun => ({ ...base, seed, batchSize, label: `${seed} ${batchSize}` })),
    )
    expect(new Set(runLabels(runs, false).values()).size).toBe(4)
  })
})
