import {
  type CalibrationRow,
  type CaughtMutant,
  type Extrapolation,
  type SpecClaim,
  type SpecReport,
  schemaVersion,
} from '../foundation/results.ts'
import { suiteFalseAlarmRate } from './ledger.ts'
import { summaryOf } from './summary.ts'

/** What one spec file found. */
export interface SpecFile {
  /** Relative to the project. */
  readonly file: string
  /** In the order of its tests. */
  readonly records: readonly SpecRecord[]
}

/** What one test found. */
export interface SpecRecord {
  readonly claim?: SpecClaim
  readonly mutant?: CaughtMutant
  readonly calibration?: readonly CalibrationRow[]
  readonly extrapolation?: Extrapolation
}

/** The findings of a run of specs, in an order that no scheduling changes. */
export function specReportOf(files: readonly SpecFile[], run: { seed: number; budget: number }): SpecReport {
  const ordered = [...files].sort((a, b) => (a.file < b.file ? -1 : 1))
  const claims = ordered.flatMap(({ file, records }) =>
    records.flatMap(({ claim }) => (claim === undefined ? [] : [{ ...claim, file }])),
  )
  const sampled = claims.filter(({ evidence }) => evidence !== 'exact')
  return {
    schemaVersion,
    seed: run.seed,
    budget: run.budget,
    ledger: {
      falseAlarmRate: suiteFalseAlarmRate,
      claimsMade: sampled.length,
      alphaSpent: sampled.reduce((sum, { share }) => sum + (share?.alpha ?? 0), 0),
    },
    summary: summaryOf(claims),
    claims,
    mutants: mutantsOf(ordered.flatMap(({ records }) => records.flatMap(({ mutant }) => mutant ?? []))),
    calibration: ordered.flatMap(({ records }) => records.flatMap(({ calibration }) => calibration ?? [])),
    extrapolation: ordered.flatMap(({ records }) => records.flatMap(({ extrapolation }) => extrapolation ?? [])),
  }
}

/** Bug × hypothesis. */
function mutantsOf(caught: readonly CaughtMutant[]): SpecReport['mutants'] {
  const names = [...new Set(caught.map(({ name }) => name))].sort()
  return names.map((name) => {
    const same = caught.filter((one) => one.name === name)
    return {
      name,
      bug: same[0]!.bug,
      caughtBy: same
        .filter(({ caughtBy }) => caughtBy.length > 0)
        .map(({ hypothesis, caughtBy }) => ({ hypothesis, caughtBy: [...caughtBy] })),
    }
  })
}
