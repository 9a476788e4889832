import { PassThrough } from 'node:stream'
import { run } from './run.ts'

/** Runs a command line in this process: its exit code, and all that it says. */
export async function runCommand(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const texts = [out, err].map(async (stream) => {
    let text = ''
    for await (const chunk of stream) text += chunk
    return text
  })
  const code = await run(args, { out, err })
  out.end()
  err.end()
  return { code, out: await texts[0]!, err: await texts[1]! }
}
