import { describe, expect, it } from 'vitest'
import { networkFixture } from './fixture.ts'
import { renderNetworkMarkdown } from './markdown.ts'

const fixture = networkFixture()
const text = renderNetworkMarkdown(fixture, [
  { kind: 'sweep', name: 'sweep', title: 'Sweep', caption: 'How to read it.', svg: '<svg/>' },
])

describe('renderNetworkMarkdown', () => {
  it('answers first: what agreed, what differs, by how much', () => {
    const opening = text.slice(0, text.indexOf('## '))
    expect(opening).toContain('1 of 3 claims agrees with theory within its margin; 1 disagrees, 1 is inconclusive.')
    expect(opening).toContain('1 further claim has no interval and no verdict')
    expect(opening).toMatch(
      /\*\*default, shuffled epochs\*\*\n\n[^*]*\| position variance along eigenvector 12 \|[^\n]*✗ 0\.\d+ \(/,
    )
    expect(text.indexOf('Σ is not σ²H')).toBeLessThan(text.indexOf('## What was run'))
  })

  it('names network, data, pre-training, and how the curvature was found', () => {
    for (const said of [
      'mlp-64-32-10, 2,410 parameters',
      'optdigits, 1,280 examples and 517 to test on',
      '12,000 steps',
      'train loss 0.04121, test loss 0.1172, right on 99.45 % of training examples',
      'gradient norm 3.200·10⁻⁴',
      '12 largest by Lanczos, on 1,280 examples; **1 did not converge**',
      'tr H = 51.65 ± 0.60',
      '| 12 | 1.048 | 0.4194 | **no** | 0.5200 |',
    ]) {
      expect(text).toContain(said)
    }
  })

  it('has one row a claim, links figures, and ends with the command', () => {
    const claims = text.slice(text.indexOf('## Claims'), text.indexOf('## Theories'))
    const rows = claims.split('\n').filter((line) => line.startsWith('| ') && !/^\| (quantity|---)/.test(line))
    expect(rows).toHaveLength(fixture.claims.length)
    expect(text).toContain('![Sweep](figures/sweep.svg)')
    expect(text.trimEnd().endsWith(`${fixture.command}\n\`\`\``)).toBe(true)
  })

  it('holds no number that does not exist, and escapes names', () => {
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/)
    const named = { ...fixture, data: { ...fixture.data, name: 'a|b <i>' } }
    expect(renderNetworkMarkdown(named, [])).toContain('a\\|b &lt;i\\>')
  })
})
