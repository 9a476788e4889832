import type { TestContext } from 'vitest'
import { thisMachine } from '../../foundation/machine.ts'
import type { Machine } from '../../foundation/results.ts'
import type { SpecRecord } from '../spec-report.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a test leaves for the reporter: it crosses processes and shards as JSON. */
    sgdOracle?: SpecRecord
    /** Of a file: where it ran, which need not be where shards are merged. */
    sgdOracleMachine?: Machine
  }
}

/** Leaves what a test found for the reporter, with the machine that found it. */
export function leaveRecord({ task }: Pick<TestContext, 'task'>, record: SpecRecord): void {
  task.meta.sgdOracle = record
  task.file.meta.sgdOracleMachine = thisMachine()
}
