import { type SpecReport, type SpecRun, specReportSchema, specRunSchema } from '../../foundation/results.ts'
import { fixtureReport } from '../fixture.ts'

/** A specs' report made from the fixture's claims, with a bug that nobody caught and a judge that errs too often. */
export function fixtureSpecReport(): SpecReport {
  const { schemaVersion, summary, claims } = fixtureReport()
  const row = {
    source: 'Gaussian <samples>',
    procedure: 'harness',
    error: 'false alarm' as const,
    design: 0.05,
    trials: 2000,
    errors: 61,
    lower: 0.022,
    upper: 0.041,
    boundsFail: 0.01,
    answerable: true,
    finding: 'within' as const,
  }
  const caughtAt = { setting: 'gaussian', quantity: 'all modes' }
  return specReportSchema.parse({
    schemaVersion,
    seed: 3,
    budget: 1,
    ledger: { falseAlarmRate: 1e-6, claimsMade: claims.length, alphaSpent: 4e-7 },
    summary,
    claims: claims.map((claim) => ({ ...claim, setting: claim.sampling, file: `specs/${claim.hypothesis}.spec.ts` })),
    mutants: [
      {
        name: '1+β',
        bug: '1+β for 1−β',
        caughtBy: [{ hypothesis: 'constant-speed', caughtBy: [caughtAt, caughtAt] }],
      },
      { name: 'unseen', bug: 'one that <nobody> catches', caughtBy: [] },
    ],
    calibration: [row, { ...row, procedure: 'correlated', errors: 300, lower: 0.13, upper: 0.17, finding: 'exceeds' }],
    extrapolation: [
      { source: 'Gaussian', alpha: 1e-9, spentOneSided: 3e-10, rate: 2e-10, standardError: 1e-11, trials: 1e5 },
    ],
  })
}

/** Of two shards, on a machine each. */
export function fixtureSpecRun(): SpecRun {
  const machine = { node: 'v20.20.2', platform: 'linux x64', cores: 4 }
  return specRunSchema.parse({
    schemaVersion: 1,
    program: { name: 'sgd-oracle', version: '0.1.0' },
    testRunner: 'vitest 4.1.12',
    startedAt: '2025-01-01T00:00:00.000Z',
    seconds: 83.4,
    merged: true,
    machines: [
      { ...machine, cpu: 'made up', files: 21 },
      { ...machine, cpu: 'made <of> nothing', files: 1 },
    ],
  })
}
