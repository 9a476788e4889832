import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** Every second one inside a checkpoint's write, the others at random moments: SGD_ORACLE_KILLS=20 for a night. */
const kills = Number(process.env['SGD_ORACLE_KILLS'] ?? 2)
/** Most runs are done by then. */
const longestWait = 1500

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-kill-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function start(into: string): ChildProcess {
  const script = fileURLToPath(new URL('./killed-run.fixture.ts', import.meta.url))
  return spawn(process.execPath, ['--import', 'tsx', script, into], { stdio: ['ignore', 'pipe', 'inherit'] })
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

function isWriting(into: string): boolean {
  return existsSync(into) && readdirSync(into).some((name) => name.startsWith('.checkpoint.safetensors.writing-'))
}

/** Kills a run on its way; whether it was killed while a checkpoint was half written. */
async function kill(into: string, inWriting: boolean): Promise<{ killed: boolean; draft: boolean }> {
  const child = start(into)
  const exit = once(child, 'exit')
  let ended = false
  void exit.then(() => {
    ended = true
  })
  await Promise.race([once(child.stdout!, 'data'), exit])
  const until = Date.now() + Math.random() * longestWait
  while (!ended && (inWriting ? !isWriting(into) : Date.now() < until)) {
    // checkpoints are written in milliseconds: look often, let events through now and then
    for (let look = 0; inWriting && look < 2000 && !isWriting(into); look++);
    await pause(0)
  }
  child.kill('SIGKILL')
  const [, signal] = await exit
  return { killed: signal === 'SIGKILL', draft: isWriting(into) }
}

it(
  `killed ${kills} times and resumed, a run ends with the bytes of one that was not`,
  async () => {
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')]
    expect((await once(start(whole), 'exit'))[0]).toBe(0)
    const same = (): void => {
      for (const file of ['record.bin', 'checkpoint.safetensors']) {
        expect(readFileSync(join(parts, file)).equals(readFileSync(join(whole, file)))).toBe(true)
      }
      expect(readdirSync(parts).sort()).toEqual(readdirSync(whole).sort())
    }
    let [hit, drafts] = [0, 0]
    for (let time = 0; time < kills; time++) {
      const { killed, draft } = await kill(parts, time % 2 === 0)
      if (killed) hit++
      else {
        // it was done before: begin another
        same()
        rmSync(parts, { recursive: true })
      }
      if (draft) drafts++
    }
    expect((await once(start(parts), 'exit'))[0]).toBe(0)
    same()
    expect(hit).toBeGreaterThan(0)
    if (kills >= 10) expect(drafts).toBeGreaterThan(0)
    if (kills >= 10)
      console.info(`${hit} of ${kills} killed on their way, ${drafts} of them inside a checkpoint's write`)
  },
  30_000 * (kills + 2),
)
