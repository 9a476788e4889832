import { describe, expect, it } from 'vitest'
import { type Report, reportSchema } from '../../foundation/results.ts'
import { fixtureReport } from '../fixture.ts'
import { renderHtml } from '../html/verification-page.ts'
import { renderMarkdown } from '../markdown.ts'
import { formatNumber } from '../numbers.ts'
import { fixtureReportWithRun } from '../single-run.fixture.ts'
import type { Figure } from './figure.ts'
import { renderSvg } from './render.ts'
import { singleRunFigures } from './single-run.ts'

const report = fixtureReportWithRun()
const named = (of: Report, name: string): Figure => singleRunFigures(of).find((figure) => figure.name === name)!

interface Row {
  readonly [name: string]: number
}

/** Rows of every layer of a figure's panels that have the field. // [panel][layer][row] */
function rowsWith(figure: Figure, field: string): Row[][][] {
  const { concat } = figure.spec as unknown as { concat: { layer: { data: { values: Row[] } }[] }[] }
  return concat.map(({ layer }) => layer.map(({ data }) => data.values).filter(([row]) => row && field in row))
}

const largest = (rows: readonly Row[], field: string): number => Math.max(...rows.map((row) => row[field]!))

describe('singleRunFigures', () => {
  it('the paper’s figures of single runs, in its order; none of a report without a run', () => {
    const names = singleRunFigures(report).map(({ name }) => name)
    expect(names).toEqual([
      'run-displacement',
      'exponent-length',
      'position-plane',
      'velocity-plane',
      'phase-plane',
      'oscillation',
    ])
    expect(singleRunFigures(fixtureReport())).toEqual([])
  })

  it('the same report gives the same bytes, nothing to warn of, and every number drawn exists', async () => {
    const figures = singleRunFigures(report)
    const first: string[] = []
    for (const { name, spec } of figures) {
      const warnings: string[] = []
      const svg = await renderSvg(spec, (message) => warnings.push(`${name}: ${message}`))
      expect(warnings).toEqual([])
      expect(svg).not.toMatch(/NaN|undefined|null|Infinity/)
      first.push(svg)
    }
    const again = await renderSvg(named(fixtureReportWithRun(), 'phase-plane').spec)
    expect(again === first[4]).toBe(true)
    const files = figures.map((figure) => ({ ...figure, svg: '<svg></svg>' }))
    const [markdown, html] = [renderMarkdown(report, files), renderHtml(report, files)]
    for (const { name } of files) {
      expect(markdown).toContain(`(figures/${name}.svg)`)
      expect(html).toContain(`id="figure-${name}"`)
    }
  })

  it('rings are the law of eqs. 15 and 52: circles in positions, (ρ₁/ρ_l)^½ times as wide in velocities', () => {
    // ησ²/2S(1−β) and σ²ρ/S(1−β²) at η = 0.02, β = 0.9, S = 32, σ² = 0.4
    const positionDeviation = Math.sqrt((0.02 * 0.4) / (2 * 32 * 0.1))
    const velocityDeviation = (rho: number): number => Math.sqrt((0.4 * rho) / (32 * 0.19))
    const [, psi] = rowsWith(named(report, 'position-plane'), 'corner')
    expect(largest(psi![0]!, 'x')).toBeCloseTo(3 * positionDeviation, 12)
    expect(largest(psi![0]!, 'y')).toBeCloseTo(3 * positionDeviation, 12)
    const { eigenvalues } = report.spectrum
    const velocities = rowsWith(named(report, 'velocity-plane'), 'corner')
    for (const [panel, mode] of [4, 7].entries()) {
      const [ring] = velocities[panel]!
      expect(largest(ring!, 'x')).toBeCloseTo(3 * velocityDeviation(eigenvalues[0]!), 12)
      expect(largest(ring!, 'y')).toBeCloseTo(3 * velocityDeviation(eigenvalues[mode - 1]!), 12)
    }
    const phases = rowsWith(named(report, 'phase-plane'), 'corner')
    for (const [panel, mode] of [1, 4, 7].entries()) {
      const [ring] = phases[panel]!
      expect(largest(ring!, 'x')).toBeCloseTo(3 * positionDeviation, 12)
      expect(largest(ring!, 'y')).toBeCloseTo(3 * velocityDeviation(eigenvalues[mode - 1]!), 12)
    }
  })

  it('rows are told by their steps, and turns by those of discrete SGD', async () => {
    const { modes, pathEvery } = report.singleRun
    const [plane] = rowsWith(named(report, 'position-plane'), 'since')
    expect(largest(plane![0]!, 'step')).toBe(pathEvery * (modes[0]!.path!.position.length - 1))
    const [, , flat] = rowsWith(named(report, 'phase-plane'), 'since')
    expect(largest(flat![0]!, 'step')).toBe(7 * 119)
    // z² − (1.9 − 0.02·4.231)z + 0.9: cos = 0.90769/√0.9, 21.33 steps a turn, 119 steps
    const svg = await renderSvg(named(report, 'phase-plane').spec)
    expect(svg).toContain('predicted: 6 turns of 21 steps')
  })

  it('the lines of equal loss are those of ρx²/2 and its slope', async () => {
    const loss = async (of: Report): Promise<string> => renderSvg(named(of, 'position-plane').spec)
    const text = (svg: string): string => svg.match(/lines from [^ <]+/)![0]
    // lowest at μ, highest in a corner: (ρ₁ + ρ₇)a²/2 at the edge a of the axes, the first line at 1/49 of it
    const edge = 1.03 * 1.05 * 3 * Math.sqrt((0.02 * 0.4) / (2 * 32 * 0.1))
    const { eigenvalues } = report.spectrum
    const highest = ((eigenvalues[0]! + eigenvalues[6]!) * edge ** 2) / 2
    expect(text(await loss(report))).toBe(`lines from ${formatNumber(highest / 49)}`)
    const tilted = structuredClone(report)
    tilted.singleRun.modes[6]!.lossSlope = 0.02
    expect(text(await loss(tilted))).not.toBe(text(await loss(report)))
  })

  it('of several outputs it says which; with one mode there is no plane', async () => {
    const several = {
      ...report,
      dataset: { ...report.dataset, outputs: 10 },
      singleRun: { ...report.singleRun, output: 3 },
    }
    expect(await renderSvg(named(several, 'velocity-plane').spec)).toContain('output 3 of 10')
    const [first] = report.singleRun.modes
    const alone = { ...report, singleRun: { ...report.singleRun, modes: [first!] } }
    expect(singleRunFigures(alone).map(({ name }) => name)).toEqual([
      'run-displacement',
      'exponent-length',
      'phase-plane',
      'oscillation',
    ])
  })
})

describe('the report’s schema', () => {
  it('takes a report with a run, and one without, as they are', () => {
    for (const each of [report, fixtureReport()]) {
      expect(reportSchema.parse(JSON.parse(JSON.stringify(each)))).toEqual(each)
    }
  })

  it.each<[string, (of: typeof report) => void, string]>([
    ['a curve of another length', (r) => r.singleRun.globalDisplacement.values.pop(), 'globalDisplacement.values'],
    ['a band of another length', (r) => r.singleRun.exponents.predicted[1]!.low!.pop(), 'exponents.predicted.1.low'],
    [
      'a spectrum that lacks a point',
      (r) => r.singleRun.modes[3]!.spectrum!.velocity.pop(),
      'modes.3.spectrum.velocity',
    ],
    [
      'a trajectory without its velocity',
      (r) => r.singleRun.modes[0]!.trajectory!.velocity.pop(),
      'modes.0.trajectory.velocity',
    ],
    ['paths that differ in length', (r) => r.singleRun.modes[6]!.path!.position.pop(), 'modes.6.path.position'],
    ['half a run', (r) => Reflect.deleteProperty(r.singleRun, 'exponents'), 'exponents'],
  ])('refuses %s', (_, spoil, path) => {
    const spoilt = structuredClone(report)
    spoil(spoilt)
    const found = reportSchema.safeParse(spoilt)
    expect(found.error?.issues.map((issue) => issue.path.join('.'))).toContain(`singleRun.${path}`)
  })
})
