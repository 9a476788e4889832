import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { relativeDifference } from './agreement.ts'
import { PeerError } from './answer.ts'
import { checkChains } from './case-file.ts'
import type { BenchCase } from './cases.ts'
import type { Peer } from './peer.ts'
import type { PeerName, PeerProgram } from './peer-programs.ts'
import { median } from './ratio.ts'
import { type Contender, calibratedSteps, interleavedRounds } from './rounds.ts'

/** A peer's process. */
export interface RunningPeer {
  readonly program: PeerProgram
  readonly peer: Peer
}

/** One who runs in a case, ready to be timed. */
export interface Enlisted {
  readonly name: 'ours' | PeerName
  /** Side by side in a batched peer, one after another in any other. */
  readonly chains: number
  /** Of each chain, in one round. */
  readonly steps: number
  readonly contender: Contender
}

export interface Enlistment {
  /** Ours first. */
  readonly enlisted: readonly Enlisted[]
  /** One line for each peer that could not run the case. */
  readonly failed: readonly string[]
  /** One line for each peer that ran it and came out elsewhere: it is not timed, and somebody is wrong. */
  readonly refused: readonly string[]
}

/** Who of a program's contenders takes part, and the numbers of chains among which the fastest for each step and chain is chosen. */
export type LineUp = (
  program: PeerProgram,
) => readonly { readonly name: PeerName; readonly chainCounts: readonly number[] }[]

/** How a case is run. */
export interface EnlistmentOptions {
  /** Where the case's file goes. */
  readonly folder: string
  /** How long a round of each takes. */
  readonly milliseconds: number
  readonly lineUp: LineUp
  /** Of ours. */
  readonly chains: number
  /** Fewer steps than this, of each chain, are not representative. */
  readonly leastSteps?: number
}

/** Everybody with one chain; those who can, with as many side by side as is best for them, too. */
export const everybody: LineUp = ({ oneChain, batched }) => [
  { name: oneChain, chainCounts: [1] },
  ...(batched === undefined ? [] : [{ name: batched, chainCounts: [8, 32, 128, 512] }]),
]

/**
 * Tells the peers of a case, holds each one's result of the check against ours, and finds how many steps a round needs.
 *
 * @param name the peers' word for the case
 */
export async function enlist(
  benchCase: BenchCase,
  name: string,
  peers: readonly RunningPeer[],
  options: EnlistmentOptions,
): Promise<Enlistment> {
  const { folder, milliseconds, lineUp, chains, leastSteps = 1 } = options
  const path = join(folder, `${name}.case`)
  writeFileSync(path, benchCase.file())
  const expected = benchCase.check()
  const failed: string[] = []
  const refused: string[] = []

  const work = { run: (steps: number) => benchCase.run(chains, steps) }
  const ours: Contender = { key: `${benchCase.id}: ours`, work, leastSteps }
  const enlisted: Enlisted[] = [
    { name: 'ours', chains, steps: await calibratedSteps(ours, milliseconds), contender: ours },
  ]
  for (const { name: other, run } of benchCase.others ?? []) {
    const contender: Contender = { key: `${benchCase.id}: ${other}`, work: { run } }
    enlisted.push({ name: other, chains: 1, steps: await calibratedSteps(contender, milliseconds), contender })
  }
  for (const { program, peer } of peers) {
    if (!benchCase.languages.includes(program.language)) continue
    const entries = lineUp(program)
    try {
      await peer.load(name, path)
      for (const entry of entries) {
        const difference = await largestDifference(peer, name, entry.chainCounts, expected)
        if (difference > benchCase.tolerance) {
          refused.push(
            `${entry.name}, case ${benchCase.id}: not timed, for it differs from ours by ${difference.toPrecision(2)}, more than ${benchCase.tolerance}`,
          )
          continue
        }
        const candidates: Enlisted[] = []
        for (const count of entry.chainCounts) {
          const contender: Contender = {
            key: `${benchCase.id}: ${entry.name} (${count})`,
            work: { time: (steps) => peer.time(name, count, steps) },
            leastSteps,
          }
          const steps = await calibratedSteps(contender, milliseconds)
          candidates.push({ name: entry.name, chains: count, steps, contender })
        }
        enlisted.push(await fastest(candidates))
      }
    } catch (error) {
      if (!(error instanceof PeerError)) throw error
      failed.push(`${program.oneChain}, case ${benchCase.id}: ${error.message}`)
    }
  }
  return { enlisted, failed, refused }
}

/** Of the check with one chain and with several, where the peer will run both: another loop may be behind them. */
async function largestDifference(
  peer: Peer,
  name: string,
  chainCounts: readonly number[],
  expected: Float64Array,
): Promise<number> {
  const perChain = expected.length / checkChains
  let largest = 0
  for (const chains of new Set(chainCounts.map((count) => Math.min(count, checkChains + 1)))) {
    const values = await peer.check(name, chains)
    largest = Math.max(
      largest,
      relativeDifference(expected.subarray(0, Math.min(chains, checkChains) * perChain), values),
    )
  }
  return largest
}

/** By the median of three rounds. They do not count later: the choice favours who was lucky in them. */
async function fastest(candidates: readonly Enlisted[]): Promise<Enlisted> {
  if (candidates.length === 1) return candidates[0]!
  const samples = await interleavedRounds(candidates, 3, () => {})
  const times = candidates.map(({ chains }, index) => median(samples[index]!) / chains)
  return candidates[times.indexOf(Math.min(...times))]!
}
