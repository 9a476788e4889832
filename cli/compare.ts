import { readFileSync } from 'node:fs'
import { compareReports, readComparable, renderComparison } from '../reports/index.ts'
import { checked, exitCodes, InputError } from './failure.ts'
import type { Streams } from './run.ts'

export interface CompareOptions {
  readonly markdown: boolean
}

/** `sgd-oracle compare`: holds two reports against each other; the exit code says whether anything got worse. */
export function compare(base: string, head: string, { markdown }: CompareOptions, streams: Streams): number {
  const comparison = checked(() => {
    const [before, after] = [base, head].map((path) => readComparable(readText(path), path))
    return compareReports(before!, after!)
  })
  streams.out.write(renderComparison(comparison, markdown ? 'markdown' : 'console'))
  if (comparison.incomplete !== undefined) streams.err.write(`sgd-oracle: ${comparison.incomplete}\n`)
  return comparison.regressions === 0 ? exitCodes.passed : exitCodes.failed
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : (code ?? 'failed')
    throw new InputError(`cannot read ${path}: ${why}`)
  }
}
