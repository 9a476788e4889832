import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { showProgress } from '../cli/progress.ts'
import { type BenchResults, type CaseResult, renderResults, schemaVersion } from '../foundation/benchmark-results.ts'
import { version } from '../foundation/version.ts'
import { builtSimulator } from './built-simulator.ts'
import { type BenchCase, benchCases, type Part } from './cases.ts'
import { type Enlisted, type Enlistment, enlist, everybody, type RunningPeer } from './contenders.ts'
import { startPeer } from './peer.ts'
import { findPeers, type Language } from './peer-programs.ts'
import { median, meetsGoal, pairedRatio } from './ratio.ts'
import { interleavedRounds } from './rounds.ts'
import { measureScaling } from './scaling.ts'
import { renderTable } from './table.ts'
import { measureWorkers } from './workers.ts'

export interface MeasureOptions {
  readonly only: readonly Part[]
  readonly quick: boolean
  readonly scaling: boolean
  /** Where results go. */
  readonly out: string
}

export interface Streams {
  readonly out: NodeJS.WritableStream
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** How much sooner two workers should be done than one, on a quiet machine. */
const workersGoal = 1.7

/** Where the figure goes, seen from the repository's root. */
const figurePath = join('docs', 'bench', 'scaling.svg')

/**
 * Times the built package and its peers, prints the table and writes the results.
 *
 * @returns whether every peer that was found came to our result
 */
export async function measure(options: MeasureOptions, { out, err }: Streams): Promise<boolean> {
  const { only, quick, scaling } = options
  const { rounds, milliseconds } = quick ? { rounds: 5, milliseconds: 10 } : { rounds: 11, milliseconds: 100 }
  const startedAt = new Date()
  const load = loadavg()[0]!
  const folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-bench-'))
  const peers: RunningPeer[] = []
  try {
    const simulator = await builtSimulator()
    const cases = [...benchCases(simulator, only), ...(await openNetworks(only))]
    const { programs, versions, skipped } = await findPeers(languagesOf(cases), folder)
    for (const line of skipped) err.write(`Skipped: ${line}\n`)
    peers.push(...programs.map((program) => ({ program, peer: startPeer(program) })))

    const enlistments: Enlistment[] = []
    for (const [index, each] of cases.entries()) {
      err.write(`case ${each.id}: checking and calibrating\n`)
      enlistments.push(
        await enlist(each, `case${index}`, peers, { folder, milliseconds, lineUp: everybody, chains: 1 }),
      )
    }
    const everyone = enlistments.flatMap(({ enlisted }) => enlisted)
    const progress = showProgress(rounds + 1, err, 'budget')
    const samples = await interleavedRounds(everyone, rounds, () => progress.advance(1, 'interleaved rounds'))
    progress.finish()
    let from = 0
    const results = cases.map((each, index) => {
      const { enlisted } = enlistments[index]!
      const own = samples.slice(from, from + enlisted.length)
      from += enlisted.length
      return caseResult(each, enlisted, own)
    })

    const speedup = only.includes('workers') ? await measureWorkers({ quick }) : undefined
    const sweep = scaling ? await measureScaling(simulator, peers, { folder, quick, err }) : undefined
    const refused = [...enlistments.flatMap((each) => each.refused), ...(sweep?.refused ?? [])]
    const failed = [...enlistments.flatMap((each) => each.failed), ...(sweep?.failed ?? [])]
    const found: BenchResults = {
      schemaVersion,
      program: { name: 'sgd-oracle', version },
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      machine: {
        platform: `${process.platform} ${process.arch}`,
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
        load,
      },
      versions: { node: process.versions.node, ...versions },
      rounds,
      roundMilliseconds: milliseconds,
      cases: results,
      ...(speedup === undefined
        ? {}
        : {
            workers: {
              chains: speedup.chains,
              stepsPerChain: speedup.stepsPerChain,
              median: speedup.ratio.median,
              interval: [...speedup.ratio.interval] as [number, number],
              goal: workersGoal,
              met: speedup.ratio.interval[1] >= workersGoal,
            },
          }),
      skipped: [...skipped, ...failed, ...refused],
      scaling: [...(sweep?.points ?? [])],
    }
    writeFileSync(options.out, renderResults(found))
    out.write(`${renderTable(found)}\n`)
    if (sweep !== undefined) {
      const { renderScaling } = await import('./scaling-figure.ts')
      mkdirSync(dirname(figurePath), { recursive: true })
      writeFileSync(figurePath, await renderScaling(found.scaling))
      out.write(`Figure: ${figurePath}\n`)
    }
    for (const line of refused) err.write(`bench: ${line}\n`)
    return refused.length === 0
  } finally {
    for (const { peer } of peers) peer.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Cases of networks; TensorFlow.js is loaded only for them. */
async function openNetworks(only: readonly Part[]): Promise<BenchCase[]> {
  if (!only.some((part) => part === 'mlp' || part === 'cnn')) return []
  const { openBackend } = await import('../empirical/tensorflow/backend.ts')
  const { networkCases } = await import('./network-cases.ts')
  await openBackend('wasm')
  return networkCases(only)
}

/** Of the peers that some case wants. */
function languagesOf(cases: readonly BenchCase[]): Language[] {
  return [...new Set(cases.flatMap(({ languages }) => languages))]
}

/** Times of a unit of the case, and ours over each peer's. */
function caseResult(benchCase: BenchCase, enlisted: readonly Enlisted[], stepTimes: readonly number[][]): CaseResult {
  const { id, title, unit, unitsPerStep, goals } = benchCase
  const contenders = enlisted.map(({ name, chains, steps }, index) => {
    const samples = stepTimes[index]!.map((time) => time / (chains * unitsPerStep))
    return { name, chains, steps, median: median(samples), samples }
  })
  const ours = contenders[0]!.samples
  const ratios = contenders.slice(1).map(({ name, samples }) => {
    const { median, interval } = pairedRatio(ours, samples)
    const goal = name === 'ours' ? undefined : goals[name]
    const reached = goal === undefined ? {} : { goal, met: meetsGoal({ median, interval }, goal) }
    return { peer: name, median, interval: [...interval] as [number, number], ...reached }
  })
  return { id, title, unit, unitsPerStep, contenders, ratios }
}
