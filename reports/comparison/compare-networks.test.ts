import { describe, expect, it } from 'vitest'
import type { NetworkClaim, NetworkReport } from '../../foundation/network-results.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { networkFixture } from '../networks/fixture.ts'
import { compareReports } from './compare-reports.ts'
import type { ReportComparison } from './comparison.ts'

const compare = (base: NetworkReport, head: NetworkReport): ReportComparison =>
  compareReports({ kind: 'networks', report: base }, { kind: 'networks', report: head })

const seeds = { parameters: 0, pretraining: 0, split: 0 }
const fixture = networkFixture()
const [main] = fixture.runs
const runs = (first: number): NetworkReport['runs'] =>
  Array.from({ length: 16 }, (_, i) => ({
    ...main!,
    seed: first + i,
    label: i === 0 ? 'default' : `default, seed ${first + i}`,
  }))

/** Sixteen runs of one setting, whose claims scatter as their standard errors say; theory is 4 % off each. */
function rerun(first: number, claimCount = 12): NetworkReport {
  const random = streamOf(first, 0)
  const claims = Array.from({ length: claimCount }, (_, index): NetworkClaim => {
    const prediction = index % 2 === 0 ? 3 + index : -1e-4
    const values = Array.from({ length: 16 }, () => prediction * (1.04 + 0.03 * standardNormal(random)))
    const measured = values.reduce((sum, value) => sum + value / 16, 0)
    const variance = values.reduce((sum, value) => sum + (value - measured) ** 2 / 15, 0)
    return {
      ...{ run: 'default', quantity: `quantity ${index}`, source: 'eq. 18', theory: 'discrete', prediction, measured },
      ...{ standardError: Math.sqrt(variance / 16), replicas: 16, alpha: 1e-3, phi: 1e-3, margin: 0.1 },
      verdict: 'agrees',
    }
  })
  const further = { run: `default, seed ${first + 1}`, quantity: 'speed', source: 'Fig. 7', theory: 'discrete' }
  claims.push({ ...further, prediction: 2, measured: 2 + 0.1 * standardNormal(random) })
  return { ...fixture, seeds, runs: runs(first), claims }
}

const base = rerun(1)
const changed = (change: (report: NetworkReport) => void, first = 1): NetworkReport => {
  const report = structuredClone(rerun(first))
  change(report)
  return report
}
const told = ({ changes }: ReportComparison): unknown[] =>
  changes.map(({ topic, effect, subject }) => [topic, effect, subject])
const first = 'default/quantity 0/discrete'

describe('the same seeds', () => {
  it('the same report: nothing differs', () => {
    expect(compare(base, structuredClone(base))).toMatchObject({ changes: [], regressions: 0, rows: 13 + 5 })
  })

  it('a changed number is a changed computation, a regression from half its margin on', () => {
    const by = (margins: number): ReportComparison =>
      compare(
        base,
        changed(({ claims: [claim] }) => (claim!.measured += margins * 0.1 * claim!.prediction)),
      )
    expect(told(by(1e-9))).toEqual([['computation', 'neutral', first]])
    expect(told(by(0.6))).toEqual([['computation', 'regression', first]])
    expect(by(0.6).changes[0]!.detail).toMatch(/0\.6 of its margin/)
  })

  it('a changed prediction, a number that nobody judged, and the network that the runs start from', () => {
    const comparison = compare(
      base,
      changed((report) => {
        report.claims[0]!.prediction *= 1.2
        report.claims.at(-1)!.measured *= 10
        report.curvature = { ...report.curvature, trace: { value: 7, standardError: 1 } }
      }),
    )
    expect(told(comparison)).toEqual([
      ['computation', 'regression', `${first} · prediction of discrete`],
      ['computation', 'neutral', 'tr H at the start'],
      ['computation', 'neutral', 'default (2)/speed/discrete'],
    ])
    expect(comparison.changes[2]!.detail).toMatch(/no margin/)
  })

  it('a verdict that got worse is a regression, one that got better is not, a lost claim is', () => {
    const worse = changed(({ claims: [claim] }) => (claim!.verdict = 'disagrees'))
    expect(told(compare(base, worse))).toEqual([['verdict', 'regression', first]])
    expect(told(compare(worse, base))).toEqual([['verdict', 'improvement', first]])
    const lost = compare(
      base,
      changed(({ claims }) => claims.splice(0, 1)),
    )
    expect(told(lost)).toEqual([['missing', 'regression', first]])
    expect(lost.incomplete).toBe(`1 row of the base is missing: ${first}`)
  })
})

describe('other seeds of the runs', () => {
  it('200 honest reruns show nothing as moved', () => {
    // Holm holds the chance of any to 1e-5 a comparison: 2e-3 in 200
    for (let pair = 0; pair < 200; pair++) {
      expect(told(compare(rerun(1000 + 40 * pair, 6), rerun(1020 + 40 * pair, 6)))).toEqual([])
    }
  })

  it('an estimate beyond chance has moved; verdicts are told only', () => {
    const moved = compare(
      base,
      changed(({ claims: [claim] }) => {
        // 20 standard errors: at 1e-5 of 12, with 30 degrees of freedom, about 8 of one's
        claim!.measured += 20 * claim!.standardError!
        claim!.verdict = 'disagrees'
      }, 50),
    )
    expect(told(moved)).toEqual([
      ['verdict', 'neutral', first],
      ['moved', 'regression', first],
    ])
    expect(moved.changes[1]!.detail).toMatch(/z = .* of its margin/)
  })

  it('a theory’s own scatter counts as that of few parts, and what has no standard error does not move', () => {
    const by = (standardErrors: number, first: number): NetworkReport =>
      changed((report) => {
        const { replicas: _, ...claim } = report.claims[0]!
        report.claims = [
          { ...claim, measured: 3 + 0.01 * standardErrors, standardError: 0.01 },
          { ...report.claims.at(-1)!, measured: standardErrors },
        ]
      }, first)
    // of the difference 4.2 and 14 standard errors
    expect(told(compare(by(0, 1), by(6, 50)))).toEqual([])
    expect(told(compare(by(0, 1), by(20, 50)))).toEqual([['moved', 'regression', first]])
  })
})

describe('what cannot be compared is refused in one line', () => {
  it.each<[string, (report: NetworkReport) => void, string]>([
    ['another network', (r) => (r.network = { ...r.network, parameters: 7 }), 'got parameters 7 instead of 2410'],
    ['another backend', (r) => (r.backend = { ...r.backend, name: 'cpu' }), 'got backend cpu instead of wasm'],
    ['another start', (r) => (r.seeds = { ...seeds, parameters: 3 }), 'got seed of parameters 3 instead of 0'],
    [
      'other hyperparameters',
      (r) => (r.runs = r.runs.map((run) => ({ ...run, steps: 7 }))),
      'λ = 0.001, S = 64, with-replacement, 7 steps instead of',
    ],
  ])('%s', (_, change, message) => {
    expect(() => compare(base, changed(change))).toThrow(message)
  })

  it('runs of other seeds, from networks whose seeds nobody knows and that are not the same', () => {
    const unknown = (first: number, gradientNorm: number): NetworkReport => {
      const { seeds: _, ...report } = rerun(first)
      return { ...report, pretraining: { ...report.pretraining, gradientNorm } }
    }
    expect(() => compare(unknown(1, 1), unknown(50, 2))).toThrow('got gradient norm at the start 2 instead of 1')
    expect(told(compare(unknown(1, 1), unknown(50, 1)))).toEqual([])
    expect(told(compare(unknown(1, 1), unknown(1, 2)))).toEqual([
      ['computation', 'neutral', 'gradient norm at the start'],
    ])
  })

  it('a report without claims', () => {
    expect(() => compare(base, { ...base, claims: [] })).toThrow('head must hold a claim, got none')
  })
})
