import { expect, it } from 'vitest'
import type { SpecClaim } from '../foundation/results.ts'
import { renderRivalsTable, rivalsTable } from './rivals-table.ts'

const comparison = (theory: string, verdict: 'agrees' | 'disagrees' | 'inconclusive', separable?: boolean) => ({
  theory,
  role: 'rival' as const,
  prediction: 1,
  verdict,
  ...(separable === undefined ? {} : { separable }),
})
const claim = (
  hypothesis: string,
  quantity: string,
  comparisons: SpecClaim['comparisons'],
  verdict: 'agrees' | 'disagrees' | undefined = 'agrees',
): SpecClaim => ({ hypothesis, setting: 'here', quantity, answerable: true, verdict, comparisons }) as SpecClaim

const rows = rivalsTable([
  claim('speed', 'one', [
    comparison('exact', 'agrees'),
    comparison('near', 'agrees', false),
    comparison('far', 'disagrees', true),
  ]),
  claim('speed', 'two', [comparison('far', 'agrees', true)]),
  claim('shape', 'all', [comparison('far', 'inconclusive', false)]),
  // where the reference itself fails nothing is learnt of others, nor where nothing is required
  claim('speed', 'three', [comparison('exact', 'disagrees')], 'disagrees'),
  { ...claim('speed', 'four', [comparison('exact', 'disagrees')]), answerable: false },
])

it('counts what each theory misses and agrees with, by hypothesis', () => {
  expect(rows).toEqual([
    { theory: 'exact', hypotheses: [{ hypothesis: 'speed', claims: 1, missed: [], agreed: 1 }] },
    {
      theory: 'far',
      hypotheses: [
        { hypothesis: 'shape', claims: 1, missed: [], agreed: 0 },
        { hypothesis: 'speed', claims: 2, missed: ['here: one'], agreed: 1 },
      ],
    },
    { theory: 'near', hypotheses: [{ hypothesis: 'speed', claims: 1, missed: [], agreed: 0 }] },
  ])
})

it('is one line a theory', () => {
  expect(renderRivalsTable(rows)).toBe(`| theory | rejected by | agrees with | cannot be told apart by |
| --- | --- | --- | --- |
| exact |  | speed (1 of 1) |  |
| far | speed (1 of 2) | speed (1 of 2) | shape |
| near |  |  | speed |`)
})
