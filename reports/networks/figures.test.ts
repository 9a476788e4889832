import { describe, expect, it } from 'vitest'
import { type NetworkReport, networkReportSchema } from '../../foundation/network-results.ts'
import { renderSvg } from '../figures/render.ts'
import { networkFigures, runsAlone } from './figures.ts'
import { networkFixture } from './fixture.ts'

const fixture = networkFixture()

describe('networkFigures', () => {
  it('the paper’s figures, those of one run for each run that is in no sweep', () => {
    expect(networkFigures(fixture).map(({ name }) => name)).toEqual([
      'run-displacement',
      'exponent-length',
      'position-plane',
      'velocity-plane',
      'phase-plane',
      'phase-plane-2',
      'sweep',
      'oscillation',
      'oscillation-2',
    ])
  })

  it('the same report gives the same figures; vega-lite has nothing to warn of, and every number drawn exists', async () => {
    const figures = networkFigures(fixture)
    expect(networkFigures(networkFixture())).toEqual(figures)
    for (const { name, spec } of figures) {
      const warnings: string[] = []
      const svg = await renderSvg(spec, (message) => warnings.push(`${name}: ${message}`))
      expect(warnings).toEqual([])
      expect(svg).not.toMatch(/NaN|undefined|null|Infinity/)
      expect(svg).toMatch(/^<svg .*<rect width="\d+" height="\d+" fill="#FAFAF7"/)
    }
  })

  it('no figure without data, and a sweep’s default where there is nothing else', () => {
    const bare = fixture.runs.map((run) => ({ ...run, modes: [] }))
    const empty: NetworkReport = { ...fixture, runs: [], sweeps: [], planes: [], claims: [] }
    expect(networkFigures(empty)).toEqual([])
    const swept = { ...fixture, planes: [], runs: bare.slice(2) }
    expect(networkFigures(swept).map(({ name }) => name)).toEqual(['run-displacement', 'sweep'])
    expect(runsAlone(swept).map(({ label }) => label)).toEqual(['the sweeps’ default'])
  })

  it('a plane whose eigenvalue is not positive has losses, but no modified potential', async () => {
    const eigenvalues = [...fixture.curvature.eigenvalues.slice(0, -1), -0.3]
    const report = { ...fixture, curvature: { ...fixture.curvature, eigenvalues } }
    const titles = async (name: string): Promise<string> =>
      renderSvg(networkFigures(report).find((figure) => figure.name === name)!.spec)
    const plane = await titles('position-plane')
    expect(plane).toContain('train loss')
    expect(plane).not.toContain('modified potential Ψ')
    expect(await titles('velocity-plane')).not.toContain('spread ratio')
  })

  it('Ψ is round without weight decay, and σ²H spreads velocities with the root of the eigenvalue', async () => {
    const runs = fixture.runs.map((run) => ({ ...run, hyperparameters: { ...run.hyperparameters, weightDecay: 0 } }))
    const [position, velocity] = await Promise.all(
      ['position-plane', 'velocity-plane'].map((name) =>
        renderSvg(networkFigures({ ...fixture, runs }).find((figure) => figure.name === name)!.spec),
      ),
    )
    expect(position).toContain('predicted 1.000')
    // √(9.3/9.3·0.82¹¹)⁻¹
    expect(velocity).toContain(`predicted ${(0.82 ** -5.5).toPrecision(4)}`)
  })
})

describe('networkReportSchema', () => {
  it.each<[string, (report: NetworkReport) => void, string]>([
    ['a sweep of a run that is not there', (r) => r.sweeps[0]!.runs.push('none'), 'sweeps.0.runs.6'],
    [
      'a plane of a mode without trajectory',
      (r) => {
        r.planes[0]!.modes = [1, 2]
      },
      'planes.0.modes',
    ],
    ['a grid that lacks a point', (r) => r.planes[0]!.trainLoss.pop(), 'planes.0.trainLoss'],
    [
      'a label twice',
      (r) => {
        r.runs[1]!.label = 'default'
      },
      'runs.1.label',
    ],
    [
      'a mode without eigenvalue',
      (r) => {
        r.runs[0]!.modes[0]!.mode = 13
      },
      'runs.0.modes.0.mode',
    ],
    [
      'a curve of another length',
      (r) => r.runs[0]!.globalDisplacement.values.pop(),
      'runs.0.globalDisplacement.values',
    ],
  ])('refuses %s', (_, spoil, path) => {
    const report = structuredClone(fixture)
    spoil(report)
    const found = networkReportSchema.safeParse(report)
    expect(found.error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
  })
})
