import { describe, expect, it } from 'vitest'
import type { SpecReport } from '../../foundation/results.ts'
import { compareReports } from './compare-reports.ts'
import { longestComparison, renderComparison } from './render-comparison.ts'
import { syntheticSpecs } from './synthetic-run.fixture.ts'

const base = syntheticSpecs(1)
const compared = (before: SpecReport, after: SpecReport): ReturnType<typeof compareReports> =>
  compareReports({ kind: 'specs', report: before }, { kind: 'specs', report: after })

/** So many claims, with names that GitHub's Markdown would take for something else. */
function huge(count: number, change: (index: number, claim: SpecReport['claims'][number]) => void): SpecReport {
  const claims = Array.from({ length: count }, (_, index) => {
    const claim = structuredClone(base.claims[0]!)
    claim.id = `hypothesis|<b>/${'x'.repeat(index % 500)}/${index}`
    change(index, claim)
    return claim
  })
  return { ...base, claims }
}

describe('renderComparison', () => {
  it('puts verdicts first and collapses what is of no consequence', () => {
    const head = structuredClone(base)
    head.claims[1]!.verdict = 'disagrees'
    head.claims[0]!.margin *= 2
    head.claims.splice(4, 1)
    const text = renderComparison(compared(base, head), 'markdown')
    expect(text).toContain('**2 regressions: 3 changes, 30 of 33 rows unchanged.**')
    expect(text.indexOf('### Verdicts (1)')).toBeLessThan(text.indexOf('### Missing from the head (1)'))
    expect(text).toContain('| heavy-tailed/setting 1/quantity | agrees | disagrees |')
    expect(text).toContain('<summary>Margins (1)</summary>')
    expect(text).toContain('<summary>Unchanged (30)</summary>')
    const lines = renderComparison(compared(base, head), 'console')
    expect(lines).toMatch(/✗ {2}heavy-tailed\/setting 1\/quantity {2}agrees {2}→ {2}disagrees/)
    expect(lines).not.toContain('Unchanged')
  })

  it('never says more than 60,000 characters, and counts what it leaves out', () => {
    const before = huge(1500, () => {})
    const cases = [
      huge(1500, (index, claim) => {
        claim.verdict = index % 2 ? 'disagrees' : 'agrees'
        claim.margin *= 2
        claim.looks.at(-1)!.estimate *= 3
        claim.stepsUsed *= index % 3 ? 1 : 3
      }),
      huge(1500, () => {}),
      huge(1, () => {}),
    ]
    for (const after of cases) {
      for (const format of ['markdown', 'console'] as const) {
        const text = renderComparison(compared(before, after), format)
        expect(text.length).toBeLessThanOrEqual(longestComparison)
        expect(text.split('<details>').length).toBe(text.split('</details>').length)
      }
    }
    const text = renderComparison(compared(before, cases[0]!), 'markdown')
    expect(text).toMatch(/… and [\d,]+ rows more\./)
    expect(text).toMatch(/regressions: /)
    expect(text).toContain('hypothesis\\|&lt;b\\>/')
  })
})
