/** What networks really do: pre-trained to convergence, watched as they go on, with the curvature and noise theories ask for. */
export type { NetworkReport } from '../foundation/network-results.ts'
export type { Hyperparameters } from '../foundation/phase-space.ts'
export { type CurvatureSettings, curvatureSettingsSchema } from './curvature/curvature-settings.ts'
export type { Eigenpairs } from './curvature/eigenpairs.ts'
export type { Estimate } from './curvature/estimate.ts'
export { hessianVectorProduct } from './curvature/hessian-vector-product.ts'
export {
  type Curvature,
  type CurvatureProblem,
  curvatureReport,
  measureCurvature,
} from './curvature/measure-curvature.ts'
export { largestMicroBatch, productMemory } from './curvature/micro-batch.ts'
export { arraysOf, vectorOf } from './curvature/parameter-vector.ts'
export type { Control } from './curvature/progress.ts'
export { tensorBatches } from './curvature/tensor-batches.ts'
export { type DataConfig, dataConfig } from './data/data-config.ts'
export type { DataSampling } from './data/data-order.ts'
export { type Batch as ExampleBatch, type ExampleSource, emptyBatch, type Task } from './data/example-source.ts'
export { type MemoryExamples, memorySource } from './data/memory-source.ts'
export { type OpenedData, openData } from './data/open-data.ts'
export { type Evaluation, evaluate } from './experiment/evaluate.ts'
export { type ExperimentConfig, type PlannedRun, plannedRuns, readExperiment } from './experiment/experiment-config.ts'
export { type OpenedExperiment, openExperiment } from './experiment/opened-experiment.ts'
export {
  type ExperimentOptions,
  type ExperimentOutcome,
  runExperiment,
  type Stage,
} from './experiment/run-experiment.ts'
export { architectureSchema } from './models/families/architecture.ts'
export type { NormalisationMode } from './models/forward.ts'
export { initialParameters } from './models/initial-parameters.ts'
export type { Architecture, Layer } from './models/layers.ts'
export type { Loss } from './models/loss.ts'
export { type Model, parameterCount, planModel } from './models/model.ts'
export { type Batch, batchLossAndGradient, type LossAndGradient, type Objective } from './models/objective.ts'
export {
  downloadParameters,
  initialStatistics,
  type ParameterList,
  type StatisticList,
  uploadParameters,
  uploadStatistics,
} from './models/parameter-list.ts'
export { encodeWeights, readWeights, type Weights } from './models/weights.ts'
export { describeBackend, type OpenBackend, openBackend } from './tensorflow/backend.ts'
export { type BackendName, backendNames } from './tensorflow/backend-names.ts'
export { type SelfTest, selfTest } from './tensorflow/self-test.ts'
export { columnOf, readRecord, type TrainingRecord } from './training/record.ts'
export { type NetworkPoint, type TrainingEnd, type TrainingOptions, train } from './training/train.ts'
