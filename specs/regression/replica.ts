import { DivergedError, type Hyperparameters } from '../../foundation/phase-space.ts'
import type { RegressionProblem } from '../../foundation/regression-problem.ts'
import type { Experiment } from '../../harness/hypothesis.ts'
import {
  type MeanOptions,
  type MeanRecord,
  observeMean,
  observeStationary,
  type StationaryOptions,
  type StationaryRecord,
} from '../../observables/index.ts'
import { type RegressionSourceOptions, regressionSource } from '../../sim/index.ts'

/** Everything that the record of a chain depends on, as plain data that can be sent to another thread. */
export type ReplicaJob = StationaryJob | MeanJob

interface ChainJob {
  readonly problem: RegressionProblem
  readonly hyperparameters: Hyperparameters
  readonly source: RegressionSourceOptions
  readonly steps: number
}

export interface StationaryJob extends ChainJob {
  readonly kind: 'stationary'
  readonly observe: StationaryOptions
}

export interface MeanJob extends ChainJob {
  readonly kind: 'mean'
  readonly observe: MeanOptions
}

/** What a job's chains are measured as. */
export type RecordOf<Job extends ReplicaJob> = Job extends StationaryJob ? StationaryRecord : MeanRecord

/** An experiment whose chains can be run elsewhere. */
export interface ReplicaExperiment<Measured> extends Experiment<Measured> {
  readonly job: ReplicaJob
}

/**
 * Runs and measures one chain of a job after another; nothing but the job and the chain's number decides the record.
 *
 * @throws DivergedError from the runner, once a state or its mean squares are not finite
 */
export function replicaRunner<Job extends ReplicaJob>(job: Job): (chain: number) => RecordOf<Job> {
  const { problem, hyperparameters, steps } = job
  const source = regressionSource(problem, hyperparameters, job.source)
  const runner = (chain: number): StationaryRecord | MeanRecord => {
    if (job.kind === 'mean') {
      const { observer, record } = observeMean(problem, job.observe)
      source.run(chain, steps, observer)
      return record()
    }
    const { observer, record } = observeStationary(problem, job.observe)
    source.run(chain, steps, observer)
    return requireFinite(record(), chain)
  }
  return runner as (chain: number) => RecordOf<Job>
}

/** A state may stay finite where its squares do not. */
function requireFinite(record: StationaryRecord, chain: number): StationaryRecord {
  if (Number.isFinite(record.squaredSpeed) && record.displacement.every(Number.isFinite)) return record
  throw new DivergedError(`chain ${chain} diverged: its mean squares are not finite`)
}
