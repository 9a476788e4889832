import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const sources = join(here, 'assembly')
const target = join(here, '../../dist/sim/kernel.wasm')

/**
 * Compiles sim/kernel/assembly to dist/sim/kernel.wasm, unless it is newer than its sources. A failure is one line and no
 * more: without the kernel the simulator runs its TypeScript loop. Also vitest's global setup, so that tests never see an
 * old kernel.
 */
export async function setup() {
  if (isFresh()) return
  try {
    const { default: asc } = await import('assemblyscript/asc')
    mkdirSync(dirname(target), { recursive: true })
    const entry = join(sources, 'index.ts')
    // no --relaxed-simd: results must be the same bits everywhere
    const options = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd']
    const { error, stderr } = await asc.main([entry, '-o', target, ...options])
    if (error) throw new Error(`${error.message} ${stderr.toString()}`)
  } catch (error) {
    console.warn(
      `sgd-oracle: the compiled loop was not built (${error.message.replace(/\s+/g, ' ').trim()}); simulations will run in TypeScript`,
    )
  }
}

function isFresh() {
  const builtAt = modifiedAt(target)
  const inputs = [...readdirSync(sources).map((name) => join(sources, name)), fileURLToPath(import.meta.url)]
  return inputs.every((path) => modifiedAt(path) < builtAt)
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY
}

if (argv[1] === fileURLToPath(import.meta.url)) await setup()
