import type { z } from 'zod'

/** What a schema finds wrong with a value, and where. */
export interface SchemaProblem {
  /** As one reaches it: `.runs[0].steps`; empty for the value itself. */
  readonly place: string
  /** In one line, with the number of other problems. */
  readonly message: string
}

/** The first of a schema's issues. */
export function schemaProblem({ issues }: z.ZodError): SchemaProblem {
  const [first, ...rest] = issues
  const place = first!.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`
  return { place, message: `${first!.message}${more}`.replace(/\s+/g, ' ') }
}
