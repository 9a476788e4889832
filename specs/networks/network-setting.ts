import { type ExperimentConfig, readExperiment } from '../../empirical/experiment/experiment-config.ts'
import type { Hyperparameters } from '../../foundation/phase-space.ts'

type Order = ExperimentConfig['runs'][number]['order']

/** A network that specs train, and how its replicas go on from the one converged checkpoint. */
export interface NetworkSetting {
  readonly name: string
  readonly about: string
  readonly data: object
  readonly network: object
  readonly pretraining: object
  readonly curvature: object
  readonly hyperparameters: Hyperparameters
  readonly steps: number
  readonly fullGradientEvery: number
  readonly replicas: number
  /** Changes of one hyperparameter each, in either order of data: for the scaling of the speed. */
  readonly sweeps: Readonly<Record<Order, readonly Partial<Hyperparameters>[]>>
  readonly sweepSteps: number
}

export const orders = ['with-replacement', 'shuffled-epochs'] as const satisfies readonly Order[]

/** The setting's experiment: pre-training is one and the same for every seed, replicas differ in the order of their data. */
export function networkExperiment(setting: NetworkSetting, seedOf: (stream: number) => number): ExperimentConfig {
  const { name, about, data, network, pretraining, curvature, hyperparameters, steps, sweepSteps } = setting
  const seeds = Array.from({ length: setting.replicas }, (_, replica) => seedOf(replica))
  const runs = orders.flatMap((order) => [
    { ...hyperparameters, order, steps, seeds, fullGradientEvery: setting.fullGradientEvery },
    ...setting.sweeps[order].map((change) => ({ ...hyperparameters, ...change, order, steps: sweepSteps, seeds })),
  ])
  return readExperiment({ name, about, data, network, loss: 'cross-entropy', pretraining, curvature, runs }, name)
}

/** 99 parameters, pre-trained in seconds: what a CPU follows sixteenfold. */
export const smallNetwork: NetworkSetting = {
  name: 'small-network',
  about: 'a perceptron 8-8-3 on noisy labels of a teacher',
  data: {
    kind: 'mlp-teacher',
    exampleCount: 1024,
    featureCount: 8,
    hiddenCount: 8,
    classCount: 3,
    noise: 1,
    seed: 1,
    normalisation: 'none',
  },
  network: { family: 'mlp', hidden: [8] },
  pretraining: {
    phases: [
      { steps: 2000, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, batchSize: 64 },
      { steps: 2000, learningRate: 0.2, momentum: 0.9, weightDecay: 0.01, batchSize: 1024 },
    ],
  },
  curvature: {
    method: 'lanczos',
    count: 8,
    iterations: 20,
    traceProbes: 10,
    densityProbes: 4,
    densitySteps: 30,
    noiseBatchSize: 1,
    noiseBatches: 1024,
  },
  hyperparameters: { learningRate: 0.02, momentum: 0.9, weightDecay: 0.01, batchSize: 64 },
  steps: 1000,
  fullGradientEvery: 25,
  replicas: 16,
  sweeps: {
    'with-replacement': [{ learningRate: 0.01 }, { learningRate: 0.04 }, { momentum: 0.8 }, { batchSize: 32 }],
    'shuffled-epochs': [{ learningRate: 0.04 }, { momentum: 0.8 }, { batchSize: 32 }],
  },
  sweepSteps: 240,
}

/** 27,000 parameters, for a GPU's night. */
export const largerNetwork: NetworkSetting = {
  ...smallNetwork,
  name: 'larger-network',
  about: 'a perceptron 64-128-128-10 on noisy labels of a teacher',
  data: {
    kind: 'mlp-teacher',
    exampleCount: 16384,
    featureCount: 64,
    hiddenCount: 64,
    classCount: 10,
    noise: 1,
    seed: 1,
    normalisation: 'none',
  },
  network: { family: 'mlp', hidden: [128, 128] },
  pretraining: {
    phases: [
      { steps: 20000, learningRate: 0.1, momentum: 0.9, weightDecay: 0.002, batchSize: 256 },
      { steps: 10000, learningRate: 0.1, momentum: 0.9, weightDecay: 0.002, batchSize: 4096 },
    ],
  },
  curvature: { ...smallNetwork.curvature, count: 30, iterations: 10, noiseBatchSize: 4 },
  hyperparameters: { learningRate: 0.02, momentum: 0.9, weightDecay: 0.002, batchSize: 256 },
  steps: 5000,
  fullGradientEvery: 100,
  sweeps: {
    'with-replacement': [
      { learningRate: 0.01 },
      { learningRate: 0.04 },
      { momentum: 0.8 },
      { momentum: 0.95 },
      { batchSize: 128 },
      { batchSize: 512 },
    ],
    'shuffled-epochs': [{ learningRate: 0.04 }, { momentum: 0.8 }, { batchSize: 128 }],
  },
  sweepSteps: 1000,
}
