import { readFileSync } from 'node:fs'
import { InputError } from '../cli/failure.ts'
import { type BenchResults, parseResults, ResultsError } from '../foundation/benchmark-results.ts'
import { compareResults } from '../reports/comparison/benchmarks.ts'
import { renderComparison } from './table.ts'

/**
 * Compares two files of results and prints what changed.
 *
 * @returns whether no ratio got worse
 * @throws InputError if a file cannot be read, is none of ours, or the two have no row in common
 */
export function compareFiles(base: string, head: string, out: NodeJS.WritableStream): boolean {
  const comparison = compareResults(readResults(base), readResults(head))
  if (comparison.changes.length === 0) throw new InputError(`${base} and ${head} have no case and peer in common`)
  out.write(`${renderComparison(comparison)}\n`)
  return comparison.changes.every(({ verdict }) => verdict !== 'worse')
}

function readResults(path: string): BenchResults {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new InputError(
      `${path}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : String(error)}`,
    )
  }
  try {
    return parseResults(text, path)
  } catch (error) {
    if (error instanceof ResultsError) throw new InputError(error.message)
    throw error
  }
}
