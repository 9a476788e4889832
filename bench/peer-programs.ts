import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** Who is timed beside us. A batched peer takes as many chains side by side as is best for it. */
export type PeerName =
  | 'gcc -O3'
  | 'gcc -O3, our order'
  | 'gcc -O3 -march=native'
  | 'gcc -O3 -march=native -ffast-math'
  | `${'NumPy' | 'PyTorch'}, ${'one chain' | 'batched'}`
  | 'PyTorch, one thread'
  | 'ours, not tracked'

/** What a peer is written in, or with. */
export type Language = 'c' | 'c, our order' | 'numpy' | 'torch' | 'torch, networks'

/** A program that answers requests line by line. */
export interface PeerProgram {
  readonly language: Language
  /** What its contenders are called: with one chain, and with many side by side where that is another loop. */
  readonly oneChain: PeerName
  readonly batched?: PeerName
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** What this machine can run beside us, and one line for each thing that it cannot. */
export interface PeerPrograms {
  readonly programs: readonly PeerProgram[]
  /** Of compilers, interpreters and libraries. */
  readonly versions: Readonly<Record<string, string>>
  readonly skipped: readonly string[]
}

/**
 * Finds compilers and libraries, and compiles what needs to be.
 *
 * @param folder where binaries go
 */
export async function findPeers(languages: readonly Language[], folder: string): Promise<PeerPrograms> {
  const finders: Record<Language, () => Promise<PeerPrograms>> = {
    c: () => compiledPeers(folder, plainBuilds),
    'c, our order': () => compiledPeers(folder, orderedBuilds),
    numpy: () => pythonPeer('numpy', 'NumPy', ['numpy'], 'sgd_numpy.py', chainNames('NumPy')),
    torch: () => pythonPeer('torch', 'PyTorch', ['torch', 'numpy'], 'sgd_torch.py', chainNames('PyTorch')),
    'torch, networks': () =>
      pythonPeer('torch, networks', 'PyTorch', ['torch', 'numpy'], 'network_torch.py', {
        oneChain: 'PyTorch, one thread',
      }),
  }
  const found = await Promise.all(languages.map((language) => finders[language]()))
  return {
    programs: found.flatMap(({ programs }) => programs),
    versions: Object.assign({}, ...found.map(({ versions }) => versions)) as Record<string, string>,
    skipped: found.flatMap(({ skipped }) => skipped),
  }
}

/** What a Python's contenders are called that runs chains side by side. */
function chainNames(name: 'NumPy' | 'PyTorch'): Pick<PeerProgram, 'oneChain' | 'batched'> {
  return { oneChain: `${name}, one chain`, batched: `${name}, batched` }
}

/** Seen from the repository's root, where npm runs scripts and tests. */
const sources = resolve('bench', 'peers')
const run = promisify(execFile)

interface Build {
  readonly language: Language
  readonly name: PeerName
  readonly flags: readonly string[]
}

const plainBuilds: readonly Build[] = [
  { language: 'c', name: 'gcc -O3', flags: ['-O3'] },
  { language: 'c', name: 'gcc -O3 -march=native', flags: ['-O3', '-march=native'] },
  { language: 'c', name: 'gcc -O3 -march=native -ffast-math', flags: ['-O3', '-march=native', '-ffast-math'] },
]
/** Of the cases of mini-batches only. */
const orderedBuilds: readonly Build[] = [
  { language: 'c, our order', name: 'gcc -O3, our order', flags: ['-O3', '-DLANE_ORDER'] },
]

async function compiledPeers(folder: string, builds: readonly Build[]): Promise<PeerPrograms> {
  let version: string
  try {
    version = (await run('gcc', ['--version'])).stdout.split('\n')[0]!.trim()
  } catch {
    return { programs: [], versions: {}, skipped: ['gcc: not found on this machine'] }
  }
  const built = await Promise.all(
    builds.map(async ({ language, name, flags }): Promise<PeerProgram | string> => {
      const binary = join(folder, `sgd${flags.join('')}`)
      try {
        await run('gcc', ['-std=c11', ...flags, join(sources, 'sgd.c'), '-o', binary, '-lm'])
      } catch (error) {
        return `${name}: could not compile sgd.c: ${firstLine(error)}`
      }
      return { language, oneChain: name, command: binary, args: [], env: process.env }
    }),
  )
  return {
    programs: built.filter((program) => typeof program !== 'string'),
    versions: { gcc: version },
    skipped: built.filter((line) => typeof line === 'string'),
  }
}

/** The Python with the newest version of the first module, among those that can import all of them. */
async function pythonPeer(
  language: Language,
  name: 'NumPy' | 'PyTorch',
  modules: readonly string[],
  script: string,
  names: Pick<PeerProgram, 'oneChain' | 'batched'>,
): Promise<PeerPrograms> {
  const env = singleThreaded(process.env)
  const program = `import sys, ${modules.join(', ')}; print(${modules[0]}.__version__, sys.version.split()[0])`
  const found: { command: string; version: string; python: string }[] = []
  for (const command of ['python3', '/usr/bin/python3']) {
    try {
      const [version, python] = (await run(command, ['-c', program], { env })).stdout.trim().split(' ')
      if (version !== undefined && python !== undefined) found.push({ command, version, python })
    } catch {
      // not installed, or without the module: another may have it
    }
  }
  const best = found.sort((a, b) => compareVersions(b.version, a.version))[0]
  if (best === undefined) {
    return { programs: [], versions: {}, skipped: [`${name}: no python3 on this machine can import ${modules[0]}`] }
  }
  return {
    programs: [
      {
        language,
        ...names,
        command: best.command,
        args: [join(sources, script)],
        env,
      },
    ],
    versions: { [name]: `${best.version} (Python ${best.python})` },
    skipped: [],
  }
}

/** One thread for every library, none of which spins while others are timed, and OpenBLAS left to choose its own kernels. */
function singleThreaded(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = env
  return {
    ...rest,
    OPENBLAS_NUM_THREADS: '1',
    OMP_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
    OMP_WAIT_POLICY: 'passive',
    PYTHONDONTWRITEBYTECODE: '1',
  }
}

/** Negative where the first is older; compares the leading numbers, so that 1.24 is newer than 1.9. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((version) => version.split(/[^0-9]+/, 3).map(Number)) as [number[], number[]]
  for (let part = 0; part < 3; part++) {
    const difference = (first[part] ?? 0) - (second[part] ?? 0)
    if (difference !== 0 && !Number.isNaN(difference)) return difference
  }
  return 0
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? ((error as { stderr?: string }).stderr ?? error.message) : String(error)
  return message.trim().split('\n')[0] ?? ''
}
