import { workerPool } from '../../foundation/worker-pool.ts'
import type { JudgeOptions } from '../../harness/judge.ts'
import type { ReplicaExperiment } from './replica.ts'

/** This module's kind of file: TypeScript from source, JavaScript where it is built. */
const workerModule = new URL(
  import.meta.url.endsWith('.ts') ? './replica-worker.ts' : './replica-worker.js',
  import.meta.url,
)

/**
 * Lets `use` run an experiment's chains in several threads, and ends these. The records are the same for any number of
 * workers; with one, chains stay in this thread: `use` gets undefined.
 */
export async function withWorkers<Measured extends object, Result>(
  { job }: ReplicaExperiment<Measured>,
  workers: number,
  signal: AbortSignal | undefined,
  use: (runReplicas: JudgeOptions<Measured>['runReplicas']) => Promise<Result>,
): Promise<Result> {
  if (workers === 1) return use(undefined)
  const pool = workerPool<number, Measured>(workerModule, job, workers, signal)
  try {
    return await use((first, end) => pool.map(Array.from({ length: end - first }, (_, index) => first + index)))
  } finally {
    await pool.close()
  }
}
