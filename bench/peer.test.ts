import { describe, expect, it } from 'vitest'
import { PeerError } from './answer.ts'
import { type Peer, startPeer } from './peer.ts'

/** A peer whose whole program is one line of JavaScript that sees each request as `line`. */
async function scripted<Result>(reaction: string, use: (peer: Peer) => Promise<Result>): Promise<Result> {
  const program = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => { ${reaction} })`
  const peer = startPeer({ command: process.execPath, args: ['-e', program], env: process.env })
  try {
    return await use(peer)
  } finally {
    peer.close()
  }
}

describe('startPeer', () => {
  it('asks in the words of the protocol', async () => {
    const echo = "console.log(line.startsWith('load') ? 'ok' : 'error ' + line)"
    await scripted(echo, async (peer) => {
      await peer.load('case0', '/a path/with spaces')
      await expect(peer.check('case0', 2)).rejects.toThrow(new PeerError('check case0 2'))
      await expect(peer.time('case0', 8, 1000)).rejects.toThrow(new PeerError('time case0 8 1000'))
    })
  })

  it('hands on values and times, long lines too', async () => {
    const values = "console.log(line.startsWith('check') ? 'values' + ' 0.25'.repeat(1e5) : 'nanoseconds 42')"
    await scripted(values, async (peer) => {
      expect((await peer.check('a', 1)).length).toBe(1e5)
      expect(await peer.time('a', 1, 1)).toBe(42)
    })
  })

  it('refuses an answer of another kind', async () => {
    await scripted("console.log('ok')", async (peer) => {
      await expect(peer.time('a', 1, 1)).rejects.toThrow('answered ok where nanoseconds was asked for')
    })
  })

  it('says why a peer stopped, now and at every later request', async () => {
    await scripted("console.error('first'); console.error('out of luck'); process.exit(3)", async (peer) => {
      const message = 'stopped with exit code 3: out of luck'
      await expect(peer.load('a', 'b')).rejects.toThrow(new PeerError(message))
      await expect(peer.time('a', 1, 1)).rejects.toThrow(new PeerError(message))
    })
  })

  it('a command that is none is a fault of the peer', async () => {
    const peer = startPeer({ command: '/no/such/program', args: [], env: {} })
    await expect(peer.load('a', 'b')).rejects.toThrow(PeerError)
  })
})
