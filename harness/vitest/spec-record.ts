import type { SpecRecord } from '../spec-report.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a test leaves for the reporter: it crosses processes and shards as JSON. */
    sgdOracle?: SpecRecord
  }
}
