import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as simulator from '../sim/index.ts'
import { type BenchCase, benchCases, parts, regressionCase } from './cases.ts'
import { type Enlistment, enlist, everybody, type RunningPeer } from './contenders.ts'
import { startPeer } from './peer.ts'
import { findPeers } from './peer-programs.ts'

let folder: string
let peers: RunningPeer[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-peers-'))
  const { programs } = await findPeers(['c'], folder)
  peers = programs.map((program) => ({ program, peer: startPeer(program) }))
}, 60_000)
afterAll(() => {
  for (const { peer } of peers) peer.close()
  rmSync(folder, { recursive: true })
})

const sizes = {
  id: 'small',
  part: 'a',
  exampleCount: 50,
  modeCount: 5,
  outputCount: 3,
  batchSize: 7,
  goals: {},
} as const

function enlisted(benchCase: BenchCase): Promise<Enlistment> {
  return enlist(benchCase, 'test', peers, { folder, milliseconds: 0.2, lineUp: everybody, chains: 1 })
}

// Where there is no gcc, ours stands alone and nothing is compared.
describe('enlist', () => {
  it('lets every peer that comes to our result take part, in every case', async () => {
    const all = benchCases(
      simulator,
      parts.filter((part) => part !== 'e'), // as 'small', only larger
    )
    for (const benchCase of [...all, regressionCase(simulator, sizes)]) {
      const { enlisted: found, failed, refused } = await enlisted(benchCase)
      expect([...failed, ...refused]).toEqual([])
      expect(found.map(({ name }) => name)).toEqual(['ours', ...peers.map(({ program }) => program.oneChain)])
    }
  }, 60_000)

  it('refuses to time whoever comes out elsewhere by more than rounding', async () => {
    const honest = regressionCase(simulator, sizes)
    // a learning rate that is off by 1e-7 in the file that peers read
    const other = Buffer.from(honest.file()).toString('latin1').replace(' 0.005 ', ' 0.0050000005 ')
    const { enlisted: found, refused } = await enlisted({ ...honest, file: () => Buffer.from(other, 'latin1') })
    expect(found.map(({ name }) => name)).toEqual(['ours'])
    expect(refused).toHaveLength(peers.length)
    for (const line of refused) expect(line).toMatch(/^gcc .*, case small: not timed, for it differs from ours by \d/)
  })

  it('goes on without a peer that cannot read the case', async () => {
    const honest = regressionCase(simulator, sizes)
    const cut = honest.file().subarray(0, 400)
    const { failed, refused } = await enlisted({ ...honest, file: () => cut })
    expect(failed).toEqual(peers.map(({ program }) => `${program.oneChain}, case small: the case file is cut short`))
    expect(refused).toEqual([])
    expect((await enlisted(honest)).failed).toEqual([])
  })
})
