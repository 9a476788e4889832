import { describe, expect, it } from 'vitest'
import { exampleResults } from '../../foundation/benchmark-results.fixture.ts'
import { type SpecReport, specReportSchema } from '../../foundation/results.ts'
import { fixtureReport } from '../fixture.ts'
import { compareReports } from './compare-reports.ts'
import type { ReportComparison } from './comparison.ts'
import { estimateShift } from './estimate-shift.ts'
import { syntheticSpecs } from './synthetic-run.fixture.ts'

const specs = (base: SpecReport, head: SpecReport): ReportComparison =>
  compareReports({ kind: 'specs', report: base }, { kind: 'specs', report: head })

const regressionsOf = ({ changes }: ReportComparison): (readonly [string, string])[] =>
  changes.filter(({ effect }) => effect === 'regression').map(({ topic, subject }) => [topic, subject] as const)

const base = syntheticSpecs(1)
const first = base.claims[0]!.id
const changed = (change: (report: SpecReport) => void, seed = 1): SpecReport => {
  const report = structuredClone(syntheticSpecs(seed))
  change(report)
  return report
}

describe('two honest runs', () => {
  it('is what the schema says, and all agree', () => {
    expect(specReportSchema.parse(base).claims.every(({ verdict }) => verdict === 'agrees')).toBe(true)
  })

  it('of the same seed are the same', () => {
    const comparison = specs(base, structuredClone(base))
    expect(comparison).toMatchObject({ changes: [], regressions: 0, rows: 33 })
    expect(comparison.unchanged).toHaveLength(33)
    expect(comparison.incomplete).toBeUndefined()
  })

  it('of other seeds show nothing as moved in 200 reruns', () => {
    // Holm holds the chance of any to 1e-5 a comparison: 2e-3 in 200
    const chances: number[] = []
    for (let rerun = 0; rerun < 200; rerun++) {
      const [one, other] = [syntheticSpecs(1000 + 2 * rerun, 3), syntheticSpecs(1001 + 2 * rerun, 3)]
      const comparison = specs(one, other)
      expect(comparison.changes.filter(({ topic }) => topic !== 'cost')).toEqual([])
      for (const [index, claim] of one.claims.entries()) {
        const shift = estimateShift(claim, other.claims[index]!)
        if (shift !== undefined) chances.push(shift.chance)
      }
    }
    // and at rates that a count reaches p-values are no smaller than they should be: at most 5 sigma above
    expect(chances.length).toBeGreaterThan(2400)
    for (const rate of [0.1, 0.01]) {
      const seen = chances.filter((chance) => chance <= rate).length
      expect(seen).toBeLessThanOrEqual(rate * chances.length + 5 * Math.sqrt(rate * chances.length))
    }
  })
})

describe('planted regressions are caught', () => {
  it('a changed estimate of the same seed: told with its size, a regression from half a margin on', () => {
    const by = (margins: number): ReportComparison =>
      specs(
        base,
        changed(({ claims: [claim] }) => {
          claim!.looks.at(-1)!.estimate *= (1 + claim!.margin) ** margins
        }),
      )
    expect(regressionsOf(by(0.6))).toEqual([['computation', first]])
    const small = by(1e-9)
    expect(small.regressions).toBe(0)
    expect(small.changes).toMatchObject([{ topic: 'computation', effect: 'neutral', subject: first }])
    expect(small.changes[0]!.size).toBeCloseTo(1e-9, 12)
    expect(small.unchanged).toHaveLength(32)
  })

  it('a changed prediction of the same seed', () => {
    const comparison = specs(
      base,
      changed(({ claims: [claim] }) => {
        claim!.comparisons[0]!.prediction *= 1 + claim!.margin
        claim!.comparisons[1]!.prediction *= 2
      }),
    )
    expect(regressionsOf(comparison)).toEqual([['computation', `${first} · prediction of exact`]])
    expect(comparison.changes).toHaveLength(2)
  })

  it('a changed estimate among other seeds, in every kind of sampled claim', () => {
    for (const [index, kind] of ['skewed', 'heavy-tailed', 'long-run'].entries()) {
      const report = changed(({ claims }) => {
        const look = claims.find(({ hypothesis }) => hypothesis === kind)!.looks.at(-1)!
        // 20 standard errors: Welch's limit at 1e-5 of 30 is about 6.5 of the difference's, √2 of one's
        look.estimate =
          kind === 'heavy-tailed'
            ? look.estimate + 20 * look.standardError!
            : look.estimate * Math.exp(20 * look.standardError!)
      }, 50 + index)
      const comparison = specs(base, report)
      expect(regressionsOf(comparison)).toEqual([['moved', base.claims.find((c) => c.hypothesis === kind)!.id]])
      expect(comparison.changes.find(({ topic }) => topic === 'moved')!.detail).toMatch(/z = .* of its margin/)
    }
    const far = changed(({ claims }) => {
      claims.find(({ hypothesis }) => hypothesis === 'distribution')!.looks.at(-1)!.estimate = 0.9
    }, 53)
    expect(regressionsOf(specs(base, far))).toHaveLength(1)
  })

  it('an estimate that moved, but by little of its margin, is told only', () => {
    const precise = (seed: number, factor: number): SpecReport =>
      changed(({ claims: [claim] }) => {
        claim!.margin = 0.5
        const look = claim!.looks.at(-1)!
        look.standardError = 1e-4
        look.estimate = factor
      }, seed)
    const comparison = specs(precise(1, 1), precise(2, 1.05))
    expect(comparison.regressions).toBe(0)
    expect(comparison.changes.filter(({ topic }) => topic === 'moved')).toMatchObject([{ subject: first }])
  })

  it('few replicas count as few: five standard errors of the difference are nothing with four', () => {
    const few = (seed: number, replicas: number, estimate: number): SpecReport =>
      changed((report) => {
        report.claims.splice(1)
        report.calibration = []
        const [claim] = report.claims
        claim!.looks = [{ ...claim!.looks[0]!, replicas, estimate, standardError: 0.01 }]
      }, seed)
    const moved = (replicas: number): number =>
      specs(few(1, replicas, 1), few(2, replicas, Math.exp(0.1))).changes.filter(({ topic }) => topic === 'moved')
        .length
    // z = 7.07: 1.6e-12 by the normal law, 4e-4 by Student's with 6 degrees of freedom
    expect(moved(4)).toBe(0)
    expect(moved(1000)).toBe(1)
  })

  it('a lost claim, and a lost shard, in one line', () => {
    const claim = specs(
      base,
      changed(({ claims }) => claims.splice(3, 1)),
    )
    expect(regressionsOf(claim)).toEqual([['missing', base.claims[3]!.id]])
    expect(claim.incomplete).toBe(`1 row of the base is missing: ${base.claims[3]!.id}`)
    const shard = specs(
      base,
      changed((report) => {
        report.claims = report.claims.filter(({ file }) => file !== 'specs/skewed.spec.ts')
      }),
    )
    expect(shard.regressions).toBe(6)
    expect(shard.incomplete).toMatch(
      /^6 rows .* and 3 more; nothing of specs\/skewed.spec.ts: a shard or a file is missing$/,
    )
    expect(() =>
      specs(
        base,
        changed((report) => report.claims.splice(0)),
      ),
    ).toThrow(new RangeError('compareReports: head must hold a claim, got none'))
  })

  it('a flipped verdict, of a claim, a rival, a planted bug and the judge', () => {
    const comparison = specs(
      base,
      changed((report) => {
        report.claims[0]!.verdict = 'disagrees'
        report.claims[0]!.comparisons[0]!.verdict = 'disagrees'
        report.claims[1]!.comparisons[1]!.verdict = 'inconclusive'
        report.mutants[0]!.caughtBy = []
        report.calibration[0]!.finding = 'exceeds'
        report.calibration[0]!.errors = 200
      }),
    )
    expect(regressionsOf(comparison)).toEqual([
      ['verdict', first],
      ['verdict', `${base.claims[1]!.id} · against wrong`],
      ['verdict', 'planted bug: half lost'],
      ['verdict', 'error rate: harness, gaussian, false alarm at 0.05000'],
    ])
    const back = specs(
      changed(({ claims: [claim] }) => (claim!.verdict = 'inconclusive')),
      base,
    )
    expect(back).toMatchObject({ regressions: 0, changes: [{ topic: 'verdict', effect: 'improvement' }] })
  })

  it('a judge that errs more often with other seeds too', () => {
    const worse = changed(({ calibration: [own] }) => (own!.errors = 200), 2)
    expect(regressionsOf(specs(base, worse))).toEqual([
      ['moved', 'error rate: harness, gaussian, false alarm at 0.05000'],
    ])
  })

  it('a slower kernel, and a ratio that is not timed any more', () => {
    const of = (ours: number[]): Parameters<typeof compareReports>[0] => ({
      kind: 'benchmarks',
      report: exampleResults(ours, [1, 1, 1]),
    })
    expect(regressionsOf(compareReports(of([1, 1, 1]), of([1.5, 1.5, 1.5])))).toEqual([['benchmark', 'a, gcc -O3']])
    expect(compareReports(of([1, 1, 1]), of([1, 1, 1]))).toMatchObject({ regressions: 0, changes: [] })
  })
})

describe('what else differs', () => {
  it('margins, costs and new claims are told; a new claim that fails is a regression', () => {
    const comparison = specs(
      changed(({ claims }) => claims.splice(0, 2)),
      changed(({ claims }) => {
        claims[0]!.verdict = 'inconclusive'
        claims[2]!.margin *= 2
        claims[2]!.stepsUsed *= 3
      }),
    )
    expect(comparison.changes.map(({ topic, effect }) => [topic, effect])).toEqual([
      ['new', 'regression'],
      ['new', 'neutral'],
      ['margin', 'neutral'],
      ['cost', 'neutral'],
    ])
  })

  it('verifications compare their claims and errata; other settings or kinds are refused', () => {
    const report = fixtureReport()
    const of = (change: (report: ReturnType<typeof fixtureReport>) => void): Parameters<typeof compareReports>[0] => {
      const copy = fixtureReport()
      change(copy)
      return { kind: 'verification', report: copy }
    }
    const same = of(() => {})
    expect(
      compareReports(
        same,
        of(() => {}),
      ),
    ).toMatchObject({ regressions: 0, changes: [] })
    expect(
      regressionsOf(
        compareReports(
          same,
          of((r) => r.errata.splice(0)),
        ),
      ),
    ).toHaveLength(report.errata.length)
    expect(
      regressionsOf(
        compareReports(
          same,
          of((r) => (r.errata[0]!.counterexample.corrected += 1)),
        ),
      ),
    ).toMatchObject([['computation', expect.stringContaining('erratum 3')]])
    expect(() =>
      compareReports(
        same,
        of((r) => (r.hyperparameters.momentum = 0.5)),
      ),
    ).toThrow(new RangeError('compareReports: head must have the settings of base, got momentum 0.5 instead of 0.9'))
    expect(() => compareReports(same, { kind: 'specs', report: base })).toThrow(
      new RangeError('compareReports: both reports must be of one kind, got a verification and a run of the specs'),
    )
  })
})
