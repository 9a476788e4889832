import type { ScalingPoint, scalingAxes } from '../foundation/benchmark-results.ts'
import { regressionCase, type Simulator } from './cases.ts'
import { enlist, type LineUp, type RunningPeer } from './contenders.ts'
import { median } from './ratio.ts'
import { interleavedRounds } from './rounds.ts'

/** One place of the sweep. */
interface Place {
  readonly along: (typeof scalingAxes)[number]
  readonly modes: number
  readonly batchSize: number
  readonly chains: number
}

const exampleCount = 2000
const usual = { modes: 32, batchSize: 16, chains: 1 }

const places: readonly Place[] = [
  ...[8, 16, 32, 64, 128, 256, 512, 1024].map((modes) => ({ ...usual, along: 'modes' as const, modes })),
  ...[1, 4, 16, 64, 256, 1024].map((batchSize) => ({ ...usual, along: 'batch size' as const, batchSize })),
  ...[1, 4, 16, 64, 256, 1024].map((chains) => ({ ...usual, along: 'chains' as const, chains })),
]

/** Of a chain: what it costs to begin one is then shared by as many steps as in a short simulation. */
const leastStepsOfManyChains = 1000

/** How a sweep is run. */
export interface ScalingOptions {
  readonly folder: string
  readonly quick: boolean
  readonly err: NodeJS.WritableStream
}

/** What a sweep found, and who could not or must not take part. */
export interface Scaling {
  readonly points: readonly ScalingPoint[]
  readonly failed: readonly string[]
  readonly refused: readonly string[]
}

/**
 * How the cost of a step of mini-batch SGD (case a) grows with modes, batch size and chains, each with the others held.
 *
 * C runs chains one after another, as we do; NumPy and PyTorch run as many side by side as is best for them, but along the
 * chains just so many.
 */
export async function measureScaling(
  simulator: Simulator,
  peers: readonly RunningPeer[],
  options: ScalingOptions,
): Promise<Scaling> {
  const { folder, quick, err } = options
  const { rounds, milliseconds } = quick ? { rounds: 3, milliseconds: 5 } : { rounds: 7, milliseconds: 40 }
  const points: ScalingPoint[] = []
  const failed: string[] = []
  const refused: string[] = []
  for (const place of places) {
    const { along, modes, batchSize, chains } = place
    err.write(`scaling: ${modes} modes, batch size ${batchSize}, ${chains === 1 ? '1 chain' : `${chains} chains`}\n`)
    const benchCase = regressionCase(simulator, {
      id: `${along} ${place[along === 'batch size' ? 'batchSize' : along]}`,
      part: 'a',
      exampleCount,
      modeCount: modes,
      outputCount: 1,
      batchSize,
      goals: {},
    })
    const leastSteps = along === 'chains' && !quick ? leastStepsOfManyChains : 1
    const lineUp = along === 'chains' ? justSoMany(chains) : atTheirBest
    const found = await enlist(benchCase, 'scaling', peers, { folder, milliseconds, lineUp, chains, leastSteps })
    failed.push(...found.failed)
    refused.push(...found.refused)
    const samples = await interleavedRounds(found.enlisted, rounds, () => {})
    found.enlisted.forEach(({ name, chains: own }, index) => {
      const times = samples[index]!.map((time) => time / own)
      points.push({ ...place, chains: own, contender: name, median: median(times), samples: times })
    })
  }
  return { points, failed, refused }
}

const justSoMany =
  (chains: number): LineUp =>
  (program) =>
    drawnNames(program).map((name) => ({ name, chainCounts: [chains] }))

const atTheirBest: LineUp = (program) =>
  drawnNames(program).map((name) => ({ name, chainCounts: program.batched === undefined ? [1] : [1, 32, 512] }))

/** Of the compilers' results the plain one only, so that four lines tell the story. */
function drawnNames({ oneChain, batched }: Parameters<LineUp>[0]): (typeof oneChain)[] {
  if (batched !== undefined) return [batched]
  return oneChain === 'gcc -O3' ? [oneChain] : []
}
