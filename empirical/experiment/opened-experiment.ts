import type { ExampleSource } from '../data/example-source.ts'
import { openData } from '../data/open-data.ts'
import { randomParts, selection } from '../data/selection.ts'
import type { Loss } from '../models/loss.ts'
import { type Model, planModel } from '../models/model.ts'
import { architectureOf, type ExperimentConfig, plannedRuns } from './experiment-config.ts'

/** An experiment's data and network, ready to compute with. */
export interface OpenedExperiment {
  readonly model: Model
  readonly loss: Loss
  readonly train: ExampleSource
  readonly test: ExampleSource | undefined
  /** What the Hessian is of. */
  readonly curvatureExamples: ExampleSource
  close(): Promise<void>
}

/**
 * @param baseFolder of the config's paths
 * @throws RangeError or TypeError in one line for data or a network that do not fit the config
 */
export async function openExperiment(config: ExperimentConfig, baseFolder: string): Promise<OpenedExperiment> {
  const { train, test, close } = await openData(config.data, baseFolder)
  try {
    const classification = train.task.kind === 'classification'
    if (classification !== (config.loss === 'cross-entropy')) {
      throw new RangeError(
        `loss: must be ${classification ? 'cross-entropy for classes' : 'mean-squared-error for numbers'}, got ${config.loss}`,
      )
    }
    const model = planModel(architectureOf(config, train.shape, train.task))
    const { examples } = config.curvature
    if (examples !== undefined && examples > train.exampleCount) {
      throw new RangeError(`curvature.examples: must be at most the ${train.exampleCount} to train on, got ${examples}`)
    }
    const curvatureExamples =
      examples === undefined ? train : selection(train, randomParts(train.exampleCount, [examples], config.seed)[0]!)
    requireBatchesFit(config, train.exampleCount, curvatureExamples.exampleCount)
    return { model, loss: config.loss, train, test, curvatureExamples, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Asked before hours of training, not when the phase or the run begins. */
function requireBatchesFit(config: ExperimentConfig, exampleCount: number, curvatureExampleCount: number): void {
  const { pretraining, curvature } = config
  const { phases, order } = 'phases' in pretraining ? pretraining : { phases: [], order: undefined }
  const batches = [
    ...phases.map(({ batchSize }, i) => ({ place: `pretraining.phases[${i}]`, batchSize, order })),
    ...plannedRuns(config).runs.map(({ batchSize, order, label }) => ({ place: `run ${label}`, batchSize, order })),
  ]
  for (const { place, batchSize, order } of batches) {
    if (order === 'shuffled-epochs' && batchSize > exampleCount) {
      throw new RangeError(
        `${place}: batchSize must be at most the ${exampleCount} examples to train on where epochs are shuffled, got ${batchSize}`,
      )
    }
  }
  const { noiseBatchSize } = curvature
  if (noiseBatchSize > curvatureExampleCount / 2) {
    throw new RangeError(
      `curvature.noiseBatchSize: must be at most half of the ${curvatureExampleCount} examples, got ${noiseBatchSize}`,
    )
  }
}
