import type { z } from 'zod'
import { schemaVersion as benchmarkVersion, resultsSchema } from '../../foundation/benchmark-results.ts'
import { networkReportSchema } from '../../foundation/network-results.ts'
import { reportSchema, schemaVersion, specReportSchema } from '../../foundation/results.ts'
import type { Comparable } from './comparison.ts'

/**
 * Reads what `verify`, `check`, `empirical`, the specs or the benchmarks have written.
 *
 * @param name what the text is called in errors
 * @throws RangeError in one line for text that is no JSON, another version's, or of another kind
 */
export function readComparable(text: string, name: string): Comparable {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new RangeError(`${name}: must be a report.json, got no JSON`)
  }
  const keys: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {}
  if (keys['schemaVersion'] === undefined) throw new RangeError(`${name}: must be a report.json, got no schemaVersion`)
  const version = 'cases' in keys ? benchmarkVersion : schemaVersion
  if (keys['schemaVersion'] !== version) {
    throw new RangeError(
      `${name}: schemaVersion must be ${version}, got ${JSON.stringify(keys['schemaVersion'])}; make the report again`,
    )
  }
  if ('cases' in keys) return { kind: 'benchmarks', report: checked(resultsSchema, value, name) }
  if ('mutants' in keys) return { kind: 'specs', report: checked(specReportSchema, value, name) }
  if (keys['kind'] === 'network') return { kind: 'networks', report: checked(networkReportSchema, value, name) }
  if ('dataset' in keys) return { kind: 'verification', report: checked(reportSchema, value, name) }
  throw new RangeError(
    `${name}: must be of verify, check, empirical, the specs or the benchmarks, got the keys ${Object.keys(keys).slice(0, 5).join(', ')}`,
  )
}

function checked<Value>(schema: z.ZodType<Value>, value: unknown, name: string): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new RangeError(`${name}: ${issue.path.join('.') || 'report'}: ${issue.message}`.replace(/\s+/g, ' '))
}
