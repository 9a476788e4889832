import { serveTasks } from '../../foundation/worker-pool.ts'
import { type BackendName, openBackend } from '../tensorflow/backend.ts'
import type { ExperimentConfig, PlannedRun } from './experiment-config.ts'
import { openExperiment } from './opened-experiment.ts'
import { runNetwork } from './run-network.ts'

export interface RunWorkerData {
  readonly config: ExperimentConfig
  readonly baseFolder: string
  readonly folder: string
  readonly identity: string
  readonly backend: BackendName
  readonly resume: boolean
}

export interface RunSteps {
  readonly label: string
  readonly steps: number
}

export interface RunOutcome {
  readonly label: string
  /** Why it failed, in one line; absent: it did not. */
  readonly failure?: string
}

await serveTasks<RunWorkerData, PlannedRun, RunOutcome, RunSteps>(
  ({ config, baseFolder, folder, identity, backend, resume }, say) => {
    // one backend and one set of open files a thread, when its first run asks for them
    const opened = openBackend(backend).then(() => openExperiment(config, baseFolder))
    opened.catch(() => {}) // the run that waits for it says so
    return async (run) => {
      const { label } = run
      const experiment = await opened
      try {
        let told = 0
        await runNetwork(config, experiment, folder, identity, run, {
          resume,
          onSteps: (done) => {
            say({ label, steps: done - told })
            told = done
          },
        })
        return { label }
      } catch (error) {
        return { label, failure: error instanceof Error ? error.message : String(error) }
      }
    }
  },
)
