import type { TrajectorySource } from '../foundation/phase-space.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { type RandomState, streamOf } from '../foundation/random/xoshiro128.ts'
import { type RegressionProblem, spectrumOf } from '../foundation/regression-problem.ts'
import { langevinLaw } from '../oracle/langevin.ts'
import { batchSampler } from '../sim/batch-sampler.ts'
import type { MiniBatchDynamics, MiniBatchScheme } from '../sim/dynamics.ts'
import type { EnsembleStart } from '../sim/ensemble-start.ts'
import { drawBatches, kernelModule } from '../sim/kernel/compiled-stepper.ts'
import { regressionDynamics } from '../sim/regression-source.ts'
import { caseFile, checkChains } from './case-file.ts'
import { orthogonalProblem } from './orthogonal-problem.ts'
import type { Language, PeerName } from './peer-programs.ts'

/** What is timed: one loop of ours, with what a peer needs to run the same. */
export interface BenchCase {
  /** Names the case in results; unique. */
  readonly id: string
  /** What `--only` calls it. */
  readonly part: Part
  /** What is done, with every size that its cost depends on. */
  readonly title: string
  /** What times are given for, and how many of them a step has. */
  readonly unit: 'step' | 'mode and step' | 'index' | 'normal' | 'product'
  readonly unitsPerStep: number
  /** Which peers run it. */
  readonly languages: readonly Language[]
  /** The largest ratio ours/peer that is good enough, where one was set. */
  readonly goals: Readonly<Partial<Record<PeerName, number>>>
  /** The largest relative difference from our state that a peer may end its check with. */
  readonly tolerance: number
  /** Loops of ours that are timed beside it, as peers are. */
  readonly others?: readonly { readonly name: PeerName; readonly run: (steps: number) => void }[]
  /** Ours: chains one after another, each through so many steps. */
  run(chains: number, steps: number): void
  /** Where ours is after the check's steps. // [checkChains, value] */
  check(): Float64Array
  /** What peers are told. */
  file(): Uint8Array
}

/** What `--only` chooses from. */
export const parts = ['a', 'b', 'c', 'd', 'e', 'index', 'normal', 'workers', 'mlp', 'cnn'] as const
export type Part = (typeof parts)[number]

/** The public simulator, of the built package or from source. */
export type Simulator = Pick<
  typeof import('../sim/index.ts'),
  'eulerMaruyamaSource' | 'regressionSource' | 'transitionSource'
>

const learningRate = 0.005
const momentum = 0.9
const weightDecay = 1e-4
const simulationSeed = 3
const startSeed = 2
const checkSteps = 300
/** Sums in another order, over some hundred steps of a contracting map, have made 2e-14 at most; a wrong term makes far more. */
const roundingTolerance = 1e-9

/** Every case, in the order of the report; building one takes up to half a second, so they are built when asked for. */
export function benchCases(simulator: Simulator, chosen: readonly Part[]): BenchCase[] {
  const makers: Record<Part, () => BenchCase[]> = {
    a: () => [
      regressionCase(simulator, {
        id: 'a',
        part: 'a',
        exampleCount: 2000,
        modeCount: 32,
        outputCount: 1,
        batchSize: 16,
        goals: {
          'gcc -O3': 1,
          'gcc -O3 -march=native': 1.25,
          'NumPy, batched': 0.33,
          'PyTorch, one chain': 0.12,
          'PyTorch, batched': 0.12,
        },
      }),
    ],
    b: () => [gaussianCase(simulator, { 'gcc -O3': 1.3 })],
    c: () => [transitionCase(simulator)],
    d: () => [eulerMaruyamaCase(simulator)],
    e: () => [
      regressionCase(simulator, {
        id: 'e',
        part: 'e',
        exampleCount: 3823,
        modeCount: 64,
        outputCount: 10,
        batchSize: 256,
        goals: {
          'gcc -O3': 1.2,
          'NumPy, one chain': 1,
          'NumPy, batched': 1,
          'PyTorch, one chain': 1,
          'PyTorch, batched': 1,
        },
      }),
    ],
    index: () =>
      (['with-replacement', 'without-replacement', 'shuffled-epochs'] as const).map((sampling) =>
        indexCase(sampling, 2000, 16),
      ),
    normal: () => [normalCase()],
    workers: () => [], // threads of ours, without peers: workers.ts
    mlp: () => [], // on TensorFlow.js, which must be opened first: network-cases.ts
    cnn: () => [],
  }
  return parts.filter((part) => chosen.includes(part)).flatMap((part) => makers[part]())
}

/** Sizes of a case of mini-batch SGD. */
export interface RegressionSizes {
  readonly id: string
  readonly part: Part
  readonly exampleCount: number
  readonly modeCount: number
  readonly outputCount: number
  readonly batchSize: number
  readonly goals: BenchCase['goals']
}

/** Mini-batch SGD with momentum on least squares, batches drawn with replacement. */
export function regressionCase(simulator: Simulator, sizes: RegressionSizes): BenchCase {
  const { id, part, exampleCount, modeCount, outputCount, batchSize, goals } = sizes
  const problem = orthogonalProblem({ exampleCount, modeCount, outputCount, weightDecay })
  const hyperparameters = { learningRate, momentum, weightDecay, batchSize }
  const start = scatteredStart(problem)
  const pull = Float64Array.from(
    start.position,
    (_, at) => weightDecay * problem.minimum[(at % modeCount) * outputCount + Math.floor(at / modeCount)]!,
  )
  const outputs = outputCount === 1 ? '1 output' : `${outputCount} outputs`
  return {
    id,
    part,
    title: `mini-batch SGD with momentum on least squares, with replacement: N = ${exampleCount}, d = ${modeCount}, ${outputs}, S = ${batchSize}`,
    unit: 'step',
    unitsPerStep: 1,
    languages: ['c', 'c, our order', 'numpy', 'torch'],
    goals,
    tolerance: roundingTolerance,
    ...simulated(
      simulator.regressionSource(problem, hyperparameters, {
        sampling: 'with-replacement',
        seed: simulationSeed,
        start,
      }),
    ),
    file: () =>
      caseFile(
        [
          ...['regression', exampleCount, modeCount, outputCount, batchSize],
          ...[checkSteps, learningRate, momentum, weightDecay],
        ],
        [
          ...streams(),
          ...[problem.features, problem.residuals, pull, start.position, start.velocity],
          ...drawnInChecks((state) => {
            const sampler = batchSampler('with-replacement', exampleCount, batchSize, state)
            return () => {
              sampler.next()
              return sampler.batch
            }
          }),
        ],
      ),
  }
}

/** Many independent modes, whose cases are about noise: with one output, and a start off the minimum. */
function manyModes(): { problem: RegressionProblem; start: EnsembleStart } {
  const problem = orthogonalProblem({
    exampleCount: 2 * manyModesCount,
    modeCount: manyModesCount,
    outputCount: 1,
    weightDecay,
  })
  return { problem, start: scatteredStart(problem) }
}

const manyModesCount = 1024
const additiveHyperparameters = { learningRate, momentum, weightDecay, batchSize: 16 }

/** The recursion of many modes under Gaussian noise of covariance σ²H/S. */
function gaussianCase(simulator: Simulator, goals: BenchCase['goals']): BenchCase {
  const { problem, start } = manyModes()
  const slopes = problem.eigenvalues.map((eigenvalue) => eigenvalue + weightDecay)
  const scales = problem.eigenvalues.map((eigenvalue) =>
    Math.sqrt((eigenvalue * problem.noiseVariance) / additiveHyperparameters.batchSize),
  )
  return {
    id: 'b',
    part: 'b',
    title: `SGD with momentum under Gaussian noise, mode by mode: ${manyModesCount} modes`,
    unit: 'mode and step',
    unitsPerStep: manyModesCount,
    languages: ['c', 'numpy', 'torch'],
    goals,
    tolerance: roundingTolerance,
    ...simulated(
      simulator.regressionSource(problem, additiveHyperparameters, {
        sampling: 'gaussian',
        seed: simulationSeed,
        start,
      }),
    ),
    file: () =>
      caseFile(
        ['modes', manyModesCount, checkSteps, learningRate, momentum],
        [
          ...streams(),
          ...[slopes, scales, start.position, start.velocity],
          ...drawnInChecks((state) => () => Float64Array.from(slopes, () => standardNormal(state))),
        ],
      ),
  }
}

/** Exact transitions of the Langevin dynamics (eq. 6) over one step's time. */
function transitionCase(simulator: Simulator): BenchCase {
  const { problem, start } = manyModes()
  const law = langevinLaw(spectrumOf(problem), additiveHyperparameters)
  const transition = { increment: law.increment(1), covariance: law.accumulated!(1) }
  return {
    id: 'c',
    part: 'c',
    title: `exact transitions of an Ornstein–Uhlenbeck process, mode by mode: ${manyModesCount} modes`,
    unit: 'mode and step',
    unitsPerStep: manyModesCount,
    languages: ['c'],
    goals: {},
    tolerance: roundingTolerance,
    ...simulated(simulator.transitionSource(transition, { seed: simulationSeed, start })),
    file: () =>
      caseFile(
        ['transition', manyModesCount, checkSteps],
        [...streams(), transition.increment, transition.covariance, start.position, start.velocity],
      ),
  }
}

/** Euler and Maruyama's steps of the same, four of them for a step of SGD. */
function eulerMaruyamaCase(simulator: Simulator): BenchCase {
  const { problem, start } = manyModes()
  const spectrum = spectrumOf(problem)
  const timeStep = learningRate / 4
  const mass = (learningRate * (1 + momentum)) / 2
  const kappa = additiveHyperparameters.batchSize * (1 - momentum ** 2)
  const forces = spectrum.eigenvalues.map((eigenvalue) => (eigenvalue + weightDecay) / mass) // ω²
  const friction = (1 - momentum) / mass // 2γ
  const scales = spectrum.eigenvalues.map((eigenvalue, l) =>
    Math.sqrt((2 * friction * spectrum.noiseVariances[l]! * eigenvalue * timeStep) / kappa),
  )
  return {
    id: 'd',
    part: 'd',
    title: `Euler–Maruyama steps of eq. 6, mode by mode: ${manyModesCount} modes`,
    unit: 'mode and step',
    unitsPerStep: manyModesCount,
    languages: ['c'],
    goals: {},
    tolerance: roundingTolerance,
    ...simulated(
      simulator.eulerMaruyamaSource(spectrum, additiveHyperparameters, { timeStep, seed: simulationSeed, start }),
    ),
    file: () =>
      caseFile(
        ['euler-maruyama', manyModesCount, checkSteps, timeStep, friction],
        [...streams(), forces, scales, start.position, start.velocity],
      ),
  }
}

/** Drawing batches and doing nothing with them: in the compiled loop, or where there is none, in TypeScript. */
function indexCase(sampling: MiniBatchScheme, exampleCount: number, batchSize: number): BenchCase {
  const problem = orthogonalProblem({ exampleCount, modeCount: 8, outputCount: 1, weightDecay })
  const hyperparameters = { learningRate, momentum, weightDecay, batchSize }
  const dynamics = regressionDynamics(problem, hyperparameters, { sampling }) as MiniBatchDynamics
  const module = kernelModule()
  const draw = (steps: number): void => {
    const state = streamOf(simulationSeed, 0)
    if (module instanceof WebAssembly.Module && drawBatches(module, dynamics, state, steps)) return
    const sampler = batchSampler(sampling, exampleCount, batchSize, state)
    for (let step = 0; step < steps; step++) sampler.next()
  }
  return {
    id: `index, ${sampling}`,
    part: 'index',
    title: `drawing batches only, ${sampling}: N = ${exampleCount}, S = ${batchSize}`,
    unit: 'index',
    unitsPerStep: batchSize,
    languages: ['c'],
    goals: {},
    tolerance: 0,
    run: (chains, steps) => {
      for (let chain = 0; chain < chains; chain++) draw(steps)
    },
    // the compiled loop keeps its batches to itself; its twin shows them, and a test of the simulator holds the two together
    check: () =>
      inChecks((state) => {
        const own = batchSampler(sampling, exampleCount, batchSize, state)
        for (let step = 0; step < checkSteps; step++) own.next()
        return Float64Array.from(own.batch)
      }),
    file: () => caseFile(['indices', sampling, exampleCount, batchSize, checkSteps], streams()),
  }
}

/** Drawing normal numbers into an array. */
function normalCase(): BenchCase {
  const count = 1024
  const draw = standardNormal // a bundler's import may be a property read
  const drawn = new Float64Array(count)
  const fill = (state: RandomState, steps: number): void => {
    for (let step = 0; step < steps; step++) for (let k = 0; k < count; k++) drawn[k] = draw(state)
  }
  const state = streamOf(simulationSeed, 0)
  return {
    id: 'normal',
    part: 'normal',
    title: 'drawing normal numbers only, in TypeScript',
    unit: 'normal',
    unitsPerStep: count,
    languages: ['c'],
    goals: {},
    tolerance: roundingTolerance,
    run: (chains, steps) => fill(state, chains * steps),
    check: () =>
      inChecks((own) => {
        fill(own, checkSteps)
        return Float64Array.from(drawn)
      }),
    file: () => caseFile(['normals', count, checkSteps], streams()),
  }
}

/** What a public source of ours does, shown to nobody on the way. */
function simulated(source: TrajectorySource): Pick<BenchCase, 'run' | 'check'> {
  const nobody = { observe: () => {}, next: () => Number.POSITIVE_INFINITY }
  return {
    run: (chains, steps) => {
      for (let chain = 0; chain < chains; chain++) source.run(chain, steps, nobody)
    },
    check: () =>
      inChecks((_, chain) => {
        const state: number[] = []
        source.run(chain, checkSteps, {
          observe: (step, position, velocity) => {
            if (step === checkSteps) state.push(...position, ...velocity)
          },
          next: (step) => (step < checkSteps ? checkSteps : Number.POSITIVE_INFINITY),
        })
        return Float64Array.from(state)
      }),
  }
}

/** Somewhere off the minimum, so that the check sees every term of the equations. */
function scatteredStart(problem: RegressionProblem): EnsembleStart {
  const state = streamOf(startSeed, 0)
  const size = problem.outputCount * problem.modeCount
  const normals = (): Float64Array => Float64Array.from({ length: size }, () => standardNormal(state))
  return { position: normals(), velocity: normals() }
}

function streams(): Int32Array[] {
  return Array.from({ length: checkChains }, (_, chain) => streamOf(simulationSeed, chain))
}

/** What each chain of a check gives, one behind the other. */
function inChecks(resultOf: (state: RandomState, chain: number) => Float64Array): Float64Array {
  return Float64Array.from(streams().flatMap((state, chain) => [...resultOf(state, chain)]))
}

/** Everything drawn in the checks, a chunk a step. // [chain, step, …] */
function drawnInChecks<Values extends Float64Array | Int32Array>(
  drawer: (state: RandomState) => () => Values,
): Values[] {
  return streams().flatMap((state) => {
    const next = drawer(state)
    return Array.from({ length: checkSteps }, () => next().slice() as Values)
  })
}
