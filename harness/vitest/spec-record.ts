import type { CalibrationRow, CaughtMutant, SpecClaim } from '../../foundation/results.ts'

/** What a test leaves in `task.meta` for the reporter: it crosses processes and shards as JSON. */
export interface SpecRecord {
  readonly claim?: SpecClaim
  readonly mutant?: CaughtMutant
  readonly calibration?: readonly CalibrationRow[]
}

declare module 'vitest' {
  interface TaskMeta {
    sgdOracle?: SpecRecord
  }
}
