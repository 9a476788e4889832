import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const project = join(dirname(fileURLToPath(import.meta.url)), '..')

const kernels = [
  {
    sources: 'sim/kernel/assembly',
    target: 'dist/sim/kernel.wasm',
    options: [],
    without: 'simulations will run in TypeScript',
  },
  {
    sources: 'empirical/tensorflow/wasm/assembly',
    target: 'dist/empirical/kernels.wasm',
    // they work in the memory of TensorFlow.js's backend
    options: ['--importMemory', '--noExportMemory'],
    without: 'networks will have no wasm backend',
  },
]

/**
 * Compiles each kernel, unless it is newer than its sources. A failure is one line and no more: what can be done without the
 * kernel still works. Also vitest's global setup, so that tests never see an old kernel.
 */
export async function setup() {
  for (const kernel of kernels) await build(kernel)
}

async function build({ sources, target, options, without }) {
  const [folder, file] = [join(project, sources), join(project, target)]
  if (isFresh(folder, file)) return
  try {
    const { default: asc } = await import('assemblyscript/asc')
    mkdirSync(dirname(file), { recursive: true })
    const entry = join(folder, 'index.ts')
    // no --relaxed-simd: results must be the same bits everywhere
    const common = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd']
    const { error, stderr } = await asc.main([entry, '-o', file, ...common, ...options])
    if (error) throw new Error(`${error.message} ${stderr.toString()}`)
  } catch (error) {
    const reason = error.message.replace(/\s+/g, ' ').trim()
    console.warn(`sgd-oracle: ${target} was not built (${reason}); ${without}`)
  }
}

function isFresh(folder, file) {
  const builtAt = modifiedAt(file)
  const inputs = [...readdirSync(folder).map((name) => join(folder, name)), fileURLToPath(import.meta.url)]
  return inputs.every((path) => modifiedAt(path) < builtAt)
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY
}

if (argv[1] === fileURLToPath(import.meta.url)) await setup()
