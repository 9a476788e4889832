import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openExperiment } from '../../empirical/experiment/opened-experiment.ts'
import { runExperiment } from '../../empirical/experiment/run-experiment.ts'
import type { OpenBackend } from '../../empirical/tensorflow/backend.ts'
import type { NetworkClaim, NetworkReport, NetworkRun } from '../../foundation/network-results.ts'
import type { Hyperparameters } from '../../foundation/phase-space.ts'
import type { ReplicaValue } from '../../harness/index.ts'
import { experimentReport } from './experiment-report.ts'
import { speedByEquation18 } from './network-predictions.ts'
import { type NetworkSetting, networkExperiment, orders } from './network-setting.ts'
import { calibrated, windowTheory } from './network-theories.ts'
import { ratioClaim } from './ratio-claim.ts'

/** What a setting's replicas showed, order by order. */
export interface MeasuredNetwork {
  readonly report: NetworkReport
  readonly claims: readonly OrderedClaim[]
}

export interface OrderedClaim {
  readonly order: NetworkRun['order']
  readonly claim: NetworkClaim
}

/**
 * Pre-trains a setting's network, follows its replicas over worker threads, and holds them against the theory whose noise is
 * as measured: what the reports claim of the main runs, how the speed scales, and how frequencies follow eigenvalues.
 *
 * @throws Error, naming the first, if runs failed
 */
export async function measureNetwork(
  setting: NetworkSetting,
  backend: OpenBackend,
  seedOf: (stream: number) => number,
): Promise<MeasuredNetwork> {
  const config = networkExperiment(setting, seedOf)
  const folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-network-'))
  const opened = await openExperiment(config, folder)
  try {
    const outcome = await runExperiment(config, opened, {
      baseFolder: folder,
      folder,
      versions: backend.name,
      backend,
      workers: backend.name === 'wasm' || backend.name === 'cpu' ? availableParallelism() : 1,
      resume: false,
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    const [failure] = outcome.failures
    if (failure !== undefined) throw new Error(`measureNetwork: ${failure.label}: ${failure.failure}`)
    const report = experimentReport(config, opened, outcome, { folder, command: '', version: '', backend })
    return { report, claims: orders.flatMap((order) => claimsOf(report, setting, order)) }
  } finally {
    await opened.close()
    rmSync(folder, { recursive: true })
  }
}

function claimsOf(report: NetworkReport, setting: NetworkSetting, order: NetworkRun['order']): OrderedClaim[] {
  const theory = windowTheory(order, 'measured').name
  const groups = [
    setting.hyperparameters,
    ...setting.sweeps[order].map((change) => ({ ...setting.hyperparameters, ...change })),
  ]
  const [main, ...swept] = groups.map((wanted) => report.runs.filter((run) => run.order === order && same(run, wanted)))
  const own = report.claims.filter(({ run, theory: of }) => run === main![0]!.label && of === theory)
  return [...own, ...swept.flatMap((runs) => scalingClaim(runs, main!)), ...frequencyOrder(main!, theory)].map(
    (claim) => ({ order, claim }),
  )
}

function same({ hyperparameters }: NetworkRun, wanted: Hyperparameters): boolean {
  return (['learningRate', 'momentum', 'batchSize'] as const).every((name) => hyperparameters[name] === wanted[name])
}

/** The paper's test: eq. 18 from one setting's speed to another's; in shuffled epochs the theory of those, from the start. */
function scalingClaim(runs: readonly NetworkRun[], main: readonly NetworkRun[]): NetworkClaim[] {
  const [run, reference] = [runs[0]!, main[0]!]
  const eighteen = (of: NetworkRun): number => speedByEquation18(1, of.hyperparameters)
  const replacement = run.order === 'with-replacement'
  const window = windowTheory(run.order, 'measured').name
  const said = (of: NetworkRun): number => of.localDisplacement.predicted.find(({ theory }) => theory === window)!.value
  const changed = (['learningRate', 'momentum', 'batchSize'] as const).find(
    (name) => run.hyperparameters[name] !== reference.hyperparameters[name],
  )!
  const claim = ratioClaim(run.label, {
    quantity: scalingQuantity({ [changed]: run.hyperparameters[changed] }),
    source: replacement ? calibrated.source : 'shuffled epochs, Kühn & Rosenow 2023',
    theory: replacement ? calibrated.name : `${window}, calibrated`,
    prediction: replacement ? eighteen(run) / eighteen(reference) : said(run) / said(reference),
    values: runs.map(
      (each, replica): ReplicaValue => [lateSpeed(each, replacement), lateSpeed(main[replica]!, replacement)],
    ),
  })
  return claim ? [claim] : []
}

const symbols = { learningRate: 'η', momentum: 'β', batchSize: 'S' } as const

/** What the scaling claim of one changed hyperparameter is called. */
export function scalingQuantity(change: Partial<Hyperparameters>): string {
  const [[name, value]] = Object.entries(change) as [[keyof typeof symbols, number]]
  return `speed ‖δ‖² at ${symbols[name]} = ${value} over the main runs’`
}

/** Eq. 18 is of the long run; predictions from the start are of all of it. */
function lateSpeed({ localDisplacement: { values } }: NetworkRun, late: boolean): number {
  const from = late ? Math.floor(values.length / 4) : 0
  return values.slice(from).reduce((sum, value) => sum + value, 0) / (values.length - from)
}

/** Stiffer modes turn faster, by how much depends on damping and window: the first mode's frequency over the last one's. */
function frequencyOrder(runs: readonly NetworkRun[], theory: string): NetworkClaim[] {
  const frequency = (run: NetworkRun, mode: number): number => run.modes.at(mode)!.frequency!.velocity.value
  const said = (mode: number): number =>
    runs[0]!.modes.at(mode)!.frequency!.predicted.find(({ theory: of }) => of === theory)!.velocity
  const claim = ratioClaim(runs[0]!.label, {
    quantity: `frequencies in the order of eigenvalues: mode 1 over mode ${runs[0]!.modes.length}`,
    source: 'appendix H, Fig. 8',
    theory,
    prediction: said(0) / said(-1),
    values: runs.map((run): ReplicaValue => [frequency(run, 0), frequency(run, -1)]),
  })
  return claim ? [claim] : []
}
