import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSafetensors } from '../../foundation/formats/safetensors.ts'
import { arraysOf } from '../curvature/parameter-vector.ts'
import { train } from '../training/train.ts'
import { readJson, writeJson } from './atomic-json.ts'
import type { ExperimentConfig, PlannedRun } from './experiment-config.ts'
import type { OpenedExperiment } from './opened-experiment.ts'
import { readNetworkPoint } from './start-point.ts'

/** Where an experiment's parts lie in its folder. */
export const places = {
  identity: 'experiment.json',
  start: 'start.safetensors',
  pretraining: 'pretraining.json',
  curvature: 'curvature.json',
  curvatureState: 'curvature-state.safetensors',
  eigenvectors: 'eigenvectors.safetensors',
  planes: 'planes.json',
} as const

export function runFolder(folder: string, label: string): string {
  return join(folder, 'runs', label)
}

export interface RunControl {
  readonly resume: boolean
  readonly signal?: AbortSignal
  readonly onSteps?: (done: number) => void
}

/** Whether a run of this very identity is finished. */
export function isFinished(folder: string, run: PlannedRun): boolean {
  return JSON.stringify(readJson(join(runFolder(folder, run.label), 'finished.json'))) === JSON.stringify(run)
}

/**
 * The limiting phase of one run, from the experiment's start, recorded in its folder.
 *
 * @param identity of the experiment, which the run's checkpoints must share
 * @throws as `train`
 */
export async function runNetwork(
  config: ExperimentConfig,
  { model, loss, train: source }: OpenedExperiment,
  folder: string,
  identity: string,
  run: PlannedRun,
  { resume, signal, onSteps }: RunControl,
): Promise<void> {
  const { velocities, ...point } = readNetworkPoint(join(folder, places.start), model)
  const into = runFolder(folder, run.label)
  await train({
    model,
    loss,
    source,
    start: config.velocity === 'kept' ? { ...point, velocities } : point,
    hyperparameters: run,
    order: run.order,
    seed: run.seed,
    steps: run.steps,
    eigenvectors: readEigenvectors(folder).map((vector) => arraysOf(model, vector)),
    ...(run.fullGradientEvery === undefined ? {} : { fullGradientEvery: run.fullGradientEvery }),
    folder: into,
    identity: `${identity} ${JSON.stringify(run)}`,
    checkpointEvery: config.checkpointEvery,
    resume,
    ...(signal && { signal }),
    ...(onSteps && { onSteps }),
  })
  writeJson(join(into, 'finished.json'), run)
}

/** // [mode][parameter] */
export function readEigenvectors(folder: string): Float32Array[] {
  const path = join(folder, places.eigenvectors)
  const { shape, values } = readSafetensors(readFileSync(path), path).tensors.get('eigenvectors')!
  const [count, length] = shape as [number, number]
  return Array.from({ length: count }, (_, mode) =>
    (values as Float32Array).subarray(mode * length, (mode + 1) * length),
  )
}
