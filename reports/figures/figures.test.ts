import { describe, expect, it } from 'vitest'
import type { Report } from '../../foundation/results.ts'
import { fixtureReport } from '../fixture.ts'
import { figuresOf, renderFigures } from './index.ts'
import { renderSvg } from './render.ts'

const fixture = fixtureReport()
const byName = (report: Report, name: string) => figuresOf(report).find((figure) => figure.name === name)!

describe('figures', () => {
  it('one for the verdicts, the error budget, the displacement, the variances, and each scheme’s mean trajectory', () => {
    expect(figuresOf(fixture).map(({ name }) => name)).toEqual([
      'verdicts',
      'error-budget-steps',
      'error-budget',
      'rivals',
      'mean-trajectory-gaussian',
      'mean-trajectory-with-replacement',
      'mean-trajectory-without-replacement',
      'mean-trajectory-shuffled-epochs',
      'displacement',
      'mode-variance',
      'isotropy',
      'equipartition',
    ])
  })

  it('vega-lite has nothing to warn of, every number drawn exists, and figures drawn all at once are the same', async () => {
    const alone: string[] = []
    for (const { name, spec } of figuresOf(fixture).reverse()) {
      const warnings: string[] = []
      const svg = await renderSvg(spec, (message) => warnings.push(`${name}: ${message}`))
      expect(warnings).toEqual([])
      expect(svg).not.toMatch(/NaN|undefined|null|Infinity/)
      expect(svg).toMatch(/^<svg .*<rect width="\d+" height="\d+" fill="#FAFAF7"/)
      alone.unshift(svg)
    }
    expect((await renderFigures(fixtureReport())).map(({ svg }) => svg)).toEqual(alone)
  })

  it('no figure without data', () => {
    const empty: Report = {
      ...fixture,
      claims: [],
      errorBudget: [],
      meanCurves: [],
      displacementCurves: [],
      varianceCurves: [],
    }
    expect(figuresOf(empty)).toEqual([])
  })

  it('values that a log axis cannot show are left out', async () => {
    const [curve] = fixture.varianceCurves
    const flat = { ...curve!, position: curve!.position.map((value, l) => (l === 2 ? 0 : value)) }
    const [moved] = fixture.displacementCurves
    const still = { ...moved!, measured: moved!.measured.map(() => 0), predicted: [] }
    const report = { ...fixture, varianceCurves: [flat], displacementCurves: [still] }
    for (const name of ['mode-variance', 'displacement']) {
      expect(await renderSvg(byName(report, name).spec)).not.toMatch(/NaN|Infinity/)
    }
  })

  it('a name with quotes, tags or backslashes is drawn as it stands', async () => {
    const claims = fixture.claims.slice(0, 1).map((claim) => ({ ...claim, quantity: `"a" <b> 'c' \\d` }))
    const svg = await renderSvg(byName({ ...fixture, claims }, 'verdicts').spec)
    expect(svg).toMatch(/constant-speed, (&quot;|")a(&quot;|") &lt;b&gt; 'c' \\d/)
  })

  it('theories of the error budget are told by colour and shape in one legend, and the measurement by its own', async () => {
    const svg = await renderSvg(byName(fixture, 'error-budget').spec)
    expect(svg.match(/class="[^"]*role-legend[^-"]*"/g)).toHaveLength(2)
  })

  it('modes that did not relax are drawn hollow and explained', async () => {
    const svg = await renderSvg(byName(fixture, 'mode-variance').spec)
    expect(svg).toContain('mode too slow: it relaxed fewer than 20 times within a replica')
    expect(svg.split('fill="#FFFFFF" stroke="#8C8C8C"').length - 1).toBeGreaterThanOrEqual(16)
  })

  it('fitted and predicted exponents stand in the displacement figure', async () => {
    const svg = await renderSvg(byName(fixture, 'displacement').spec)
    expect(svg).toContain('exponent 0.4917 measured')
    expect(svg).toContain('exponent 0.5361 langevin')
  })
})
