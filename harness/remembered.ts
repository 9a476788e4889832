import type { Experiment } from './hypothesis.ts'

/** The same experiment with its records kept: hypotheses that ask for the same chains share them. */
export function remembered<Measured, E extends Experiment<Measured>>(experiment: E & Experiment<Measured>): E {
  const records: Measured[] = []
  return {
    ...experiment,
    runReplica(chain: number): Measured {
      records[chain] ??= experiment.runReplica(chain)
      return records[chain]
    },
  }
}
