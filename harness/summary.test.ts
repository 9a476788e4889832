import { expect, test } from 'vitest'
import type { Claim, Comparison, Verdict } from '../foundation/results.ts'
import { summaryOf } from './summary.ts'

const rival = (verdict: Verdict, separable: boolean): Comparison => ({
  theory: 'rival',
  role: 'rival',
  prediction: 2,
  verdict,
  separable,
})

function claim(verdict: Verdict | undefined, rivals: readonly Comparison[] = []): Claim {
  return {
    id: 'a/b/c',
    hypothesis: 'a',
    claim: '',
    source: '',
    sampling: 'gaussian',
    quantity: 'c',
    scale: 'log',
    margin: 0.1,
    marginReason: '',
    answerable: verdict !== 'not-answerable',
    stepsBudget: 1,
    stepsUsed: 1,
    looks: [],
    comparisons: [...rivals],
    ...(verdict === undefined ? {} : { verdict }),
    replay: '',
  }
}

test.each([
  ['all agree', [claim('agrees'), claim('agrees')], true],
  ['one disagrees', [claim('agrees'), claim('disagrees')], false],
  ['one stays inconclusive', [claim('agrees'), claim('inconclusive')], false],
  ['one is not answerable', [claim('agrees'), claim('not-answerable')], true],
  ['nothing required was answered', [claim('not-answerable'), claim(undefined)], false],
  ['a separable rival is rejected', [claim('agrees', [rival('disagrees', true)])], true],
  ['a separable rival survives', [claim('agrees', [rival('inconclusive', true)])], false],
  ['an inseparable rival survives', [claim('agrees', [rival('agrees', false)])], true],
  ['a rival survives where nothing is required', [claim('agrees'), claim(undefined, [rival('agrees', true)])], true],
] as const)('%s', (_, claims, passed) => {
  expect(summaryOf(claims).passed).toBe(passed)
})
