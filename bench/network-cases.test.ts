import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../empirical/tensorflow/backend.ts'
import { enlist, everybody, type RunningPeer } from './contenders.ts'
import { networkCases } from './network-cases.ts'
import { startPeer } from './peer.ts'
import { findPeers } from './peer-programs.ts'

let folder: string
let peers: RunningPeer[]

beforeAll(async () => {
  await openBackend('wasm')
  folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-peers-'))
  const { programs } = await findPeers(['torch, networks'], folder)
  peers = programs.map((program) => ({ program, peer: startPeer(program) }))
}, 60_000)
afterAll(() => {
  for (const { peer } of peers) peer.close()
  rmSync(folder, { recursive: true })
})

// Where there is no PyTorch, ours stands alone and nothing is compared.
describe('cases of networks', () => {
  it.each(['mlp', 'cnn'] as const)('of %s come to PyTorch’s result, and are timed beside it', async (part) => {
    const options = { folder, milliseconds: 1, lineUp: everybody, chains: 1 }
    for (const benchCase of networkCases([part])) {
      const { enlisted, failed, refused } = await enlist(benchCase, 'test', peers, options)
      expect([...failed, ...refused]).toEqual([])
      const others = benchCase.id === `${part}, tracked` ? ['ours, not tracked'] : []
      expect(enlisted.map(({ name }) => name).sort()).toEqual(
        ['ours', ...others, ...peers.map(({ program }) => program.oneChain)].sort(),
      )
    }
  })

  it('hold no more tensors after many steps than after the first', () => {
    const [plain, tracked, product] = networkCases(['mlp'])
    for (const { run } of [plain!, product!]) {
      run(1, 1)
      const before = tf.memory().numTensors
      run(1, 5)
      expect(tf.memory().numTensors).toBe(before)
    }
    // rows of measures wait to be read, a hundred at a time
    tracked!.run(1, 100)
    const before = tf.memory().numTensors
    tracked!.run(1, 100)
    expect(tf.memory().numTensors).toBe(before)
  })
})
