/** A run for `kill.e2e.test.ts` to kill: `node --import tsx killed-run.fixture.ts FOLDER`. Says a line when it starts training. */
import { mlpTeacher } from '../data/teacher.ts'
import { multilayerPerceptron } from '../models/families/multilayer-perceptron.ts'
import { initialParameters } from '../models/initial-parameters.ts'
import { planModel } from '../models/model.ts'
import { openBackend } from '../tensorflow/backend.ts'
import { train } from './train.ts'

await openBackend('wasm')
const model = planModel(multilayerPerceptron({ inputShape: [16], hidden: [256, 256], outputs: 3 }))
const source = mlpTeacher({ exampleCount: 200, featureCount: 16, hiddenCount: 8, classCount: 3, noise: 1, seed: 1 })
process.stdout.write('training\n')
await train({
  model,
  loss: 'cross-entropy',
  source,
  start: { parameters: initialParameters(model, 1), statistics: [] },
  hyperparameters: { learningRate: 0.05, momentum: 0.9, weightDecay: 0.01, batchSize: 16 },
  order: 'shuffled-epochs',
  seed: 1,
  steps: 400,
  eigenvectors: [],
  fullGradientEvery: 50,
  folder: process.argv[2]!,
  identity: 'killed',
  checkpointEvery: 30,
  resume: true,
})
