import { expect, test } from 'vitest'
import { specBudget } from '../harness/vitest/environment.ts'
import { outlines } from './outlines.ts'

/**
 * Wherever a required claim can tell a rival from the truth, its spec has a test that rejects it. Here every rival must have such a
 * place; what it then loses and survives is a table of the report.
 */

const claims = new Map<string, number>()
for (const { rivals } of outlines)
  for (const [name, count] of rivals()) claims.set(name, (claims.get(name) ?? 0) + count)

/** Whose difference the usual budget does not show, with the least budget that does. */
const needsBudget: readonly (readonly [name: string, budget: number])[] = [
  // in the data that interpolate noise speeds E x² up by 11 % only
  ['no noise', 2],
  // that ‖Σ − σ²H‖ falls as 1/√N is one claim, and each of its replicas is a whole data set
  ['a distance that does not fall', 24],
]
const outOfReach = needsBudget.filter(([, budget]) => specBudget() < budget).map(([name]) => name)

test.for([...claims].filter(([name]) => !outOfReach.includes(name)).toSorted())(
  '%s loses a measurement',
  ([name, count]) => {
    expect(count, `no required claim can tell ${name} from the truth with its budget`).toBeGreaterThan(0)
  },
)

test('rivals that are excepted need the exception', () => {
  expect(outOfReach.map((name) => [name, claims.get(name)])).toEqual(outOfReach.map((name) => [name, 0]))
})

test('those whom the paper argues with are among them', () => {
  for (const name of [
    ...['Brownian', 'ballistic', 'ultra-slow', 'equation 19', 'equation 19 as printed', 'limit cycle'],
    ...['first-order', 'no momentum', 'gradient flow', 'linear scaling', 'original-loss Gibbs'],
    ...['heavy-tailed', 'stationary spread'],
  ]) {
    expect([...claims.keys()]).toContain(name)
  }
})
