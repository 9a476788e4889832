import type { ExampleSource } from '../data/example-source.ts'
import { openData } from '../data/open-data.ts'
import { randomParts, selection } from '../data/selection.ts'
import type { Loss } from '../models/loss.ts'
import { type Model, planModel } from '../models/model.ts'
import { architectureOf, type ExperimentConfig } from './experiment-config.ts'

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
    return { model, loss: config.loss, train, test, curvatureExamples, close }
  } catch (error) {
    await close()
    throw error
  }
}
