import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Answer, PeerError, parseAnswer } from './answer.ts'
import type { PeerProgram } from './peer-programs.ts'

/** A peer at work: a process that lives for the whole run, so that no start-up is ever timed. One request at a time. */
export interface Peer {
  /**
   * A case of the same name is forgotten.
   *
   * @throws PeerError, as all of them do, if the peer complains, stops or does not answer within two minutes
   */
  load(name: string, path: string): Promise<void>
  /** Its state after the check, of the first chains if it runs more. // [chain, value] */
  check(name: string, chains: number): Promise<Float64Array>
  /** By its own clock, nanoseconds. */
  time(name: string, chains: number, steps: number): Promise<number>
  close(): void
}

const patience = 120_000

export function startPeer(program: Pick<PeerProgram, 'command' | 'args' | 'env'>): Peer {
  const child = spawn(program.command, program.args, { env: program.env, stdio: ['pipe', 'pipe', 'pipe'] })
  let fault: PeerError | undefined
  let complaint = ''
  let pending: { readonly answered: (line: string) => void; readonly failed: (error: PeerError) => void } | undefined

  const fail = (message: string): void => {
    fault ??= new PeerError(message)
    pending?.failed(fault)
    pending = undefined
  }
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000)
  })
  child.on('error', (error) => fail(error.message))
  child.on('close', (code, signal) =>
    fail(`stopped with ${signal ?? `exit code ${code}`}${complaint ? `: ${complaint.trim().split('\n').at(-1)}` : ''}`),
  )
  child.stdin.on('error', () => {}) // a peer that stopped is told of by 'close'
  createInterface({ input: child.stdout }).on('line', (line) => {
    const asked = pending
    pending = undefined
    asked?.answered(line)
  })

  const ask = async <Kind extends Answer['kind']>(
    kind: Kind,
    request: string,
  ): Promise<Extract<Answer, { kind: Kind }>> => {
    if (fault !== undefined) throw fault
    const timer = setTimeout(() => {
      fail(`no answer within ${patience / 1000} s to: ${request.slice(0, 80)}`)
      child.kill()
    }, patience)
    try {
      const answer = parseAnswer(
        await new Promise<string>((answered, failed) => {
          pending = { answered, failed }
          child.stdin.write(`${request}\n`)
        }),
      )
      if (answer.kind !== kind) throw new PeerError(`answered ${answer.kind} where ${kind} was asked for`)
      return answer as Extract<Answer, { kind: Kind }>
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    load: async (name, path) => {
      await ask('ok', `load ${name} ${path}`)
    },
    check: async (name, chains) => (await ask('values', `check ${name} ${chains}`)).values,
    time: async (name, chains, steps) => (await ask('nanoseconds', `time ${name} ${chains} ${steps}`)).nanoseconds,
    close: () => {
      child.stdin.end()
    },
  }
}
