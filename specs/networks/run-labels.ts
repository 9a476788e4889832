import type { PlannedRun } from '../../empirical/experiment/experiment-config.ts'

const orderNames: Readonly<Record<PlannedRun['order'], string>> = {
  'with-replacement': 'with replacement',
  'shuffled-epochs': 'shuffled epochs',
}

/** What a setting of a run reads like, in the order in which labels name them. */
const settings: readonly ((run: PlannedRun) => string)[] = [
  ({ learningRate }) => `η = ${learningRate}`,
  ({ momentum }) => `β = ${momentum}`,
  ({ batchSize }) => `S = ${batchSize}`,
  ({ order }) => orderNames[order],
  ({ steps }) => `${steps.toLocaleString('en')} steps`,
]

/** The settings in words that some runs do not share; all but the number of steps where they share every one. */
function distinguishing(runs: readonly PlannedRun[]): (run: PlannedRun) => string[] {
  const differing = settings.filter((setting) => new Set(runs.map(setting)).size > 1)
  const named = differing.length > 0 ? differing : settings.slice(0, -1)
  return (run) => named.map((setting) => setting(run))
}

/**
 * Runs' names for people: the settings that runs do not share. With sweeps the first run is `default` and the others are named
 * by what they change of it. Of runs that differ in their seed alone, the first stands for all and the others add their seed.
 *
 * @returns by the label that names a run's folder
 */
export function runLabels(runs: readonly PlannedRun[], isSwept: boolean): Map<string, string> {
  const [first] = runs
  const asked = distinguishing(runs)
  const nameOf = (run: PlannedRun): string => {
    if (first === undefined || !isSwept) return asked(run).join(', ')
    const changed = settings.filter((setting) => setting(run) !== setting(first)).map((setting) => setting(run))
    return changed.length === 0 ? 'default' : changed.join(', ')
  }
  const named = new Set<string>()
  return new Map(
    runs.map((run) => {
      const name = nameOf(run)
      const isFirst = !named.has(name)
      named.add(name)
      return [run.label, isFirst ? name : `${name}, seed ${run.seed}`]
    }),
  )
}
