import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { workerPool } from '../foundation/worker-pool.ts'
import type { StationaryJob } from '../specs/regression/replica.ts'
import { orthogonalProblem } from './orthogonal-problem.ts'
import { pairedRatio, type Ratio } from './ratio.ts'

/** How much sooner two worker threads are done with the same chains than one. */
export interface WorkerSpeedup {
  readonly chains: number
  readonly stepsPerChain: number
  /** Time of one worker over that of two, round by round. */
  readonly ratio: Ratio
}

/** The built package's own worker, seen from the repository's root. */
const workerModule = pathToFileURL(resolve('dist', 'specs', 'regression', 'replica-worker.js'))

/** Chains of case a, measured as `verify` measures them, by one and by two worker threads in turn; threads are started before. */
export async function measureWorkers({ quick }: { readonly quick: boolean }): Promise<WorkerSpeedup> {
  const [chains, stepsPerChain, rounds] = [16, quick ? 10_000 : 60_000, quick ? 5 : 11]
  const problem = orthogonalProblem({ exampleCount: 2000, modeCount: 32, outputCount: 1, weightDecay: 1e-4 })
  const rest = { position: new Float64Array(32), velocity: new Float64Array(32) }
  const job: StationaryJob = {
    kind: 'stationary',
    problem,
    hyperparameters: { learningRate: 0.005, momentum: 0.9, weightDecay: 1e-4, batchSize: 16 },
    source: { sampling: 'with-replacement', seed: 3, start: rest },
    steps: stepsPerChain,
    observe: { burnIn: 0, lags: [], correlationLags: [], stride: 1 },
  }
  const pools = [1, 2].map((workers) => workerPool<number, object>(workerModule, job, workers))
  const tasks = Array.from({ length: chains }, (_, chain) => chain)
  const times: number[][] = [[], []]
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const startedAt = performance.now()
        for await (const _ of pools[index]!.map(tasks));
        // the first round starts threads and compiles
        if (round > 0) times[index]!.push(performance.now() - startedAt)
      }
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()))
  }
  return { chains, stepsPerChain, ratio: pairedRatio(times[0]!, times[1]!) }
}
