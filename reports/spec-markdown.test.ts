import { describe, expect, it } from 'vitest'
import { fixtureSpecReport } from './html/spec-report.fixture.ts'
import { renderSpecReport } from './spec-markdown.ts'

const headings = (markdown: string): string[] => markdown.split('\n').filter((line) => line.startsWith('## '))

describe('renderSpecReport', () => {
  it('names bugs that nobody caught, and text from outside is not markup', () => {
    const markdown = renderSpecReport(fixtureSpecReport())
    expect(markdown).toContain('**nobody**')
    expect(markdown).not.toMatch(/one that <nobody>|Gaussian <samples>/)
  })

  it('has no section on what a run did not do', () => {
    const report = fixtureSpecReport()
    const whole = headings(renderSpecReport(report))
    expect(whole).toContain('## Planted bugs')
    expect(whole).toContain('## Error rates of the judge')
    expect(headings(renderSpecReport({ ...report, mutants: [], calibration: [], extrapolation: [] }))).toEqual(
      whole.filter((heading) => !/Planted bugs|Error rates/.test(heading)),
    )
  })
})
