/** What a peer says to one request. */
export type Answer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'values'; readonly values: Float64Array }
  | { readonly kind: 'nanoseconds'; readonly nanoseconds: number }

/** A peer that could not do what it was asked, or stopped. */
export class PeerError extends Error {}

/**
 * Reads one line of a peer.
 *
 * @throws PeerError for `error MESSAGE` and for a line that is no answer
 */
export function parseAnswer(line: string): Answer {
  const [word, ...rest] = line.trim().split(/\s+/) as [string, ...string[]]
  if (word === 'error') throw new PeerError(rest.join(' ') || 'an error without a message')
  if (word === 'ok' && rest.length === 0) return { kind: 'ok' }
  if (word === 'values') return { kind: 'values', values: Float64Array.from(rest, Number) }
  if (word === 'nanoseconds' && rest.length === 1) {
    const nanoseconds = Number(rest[0])
    if (nanoseconds > 0 && Number.isFinite(nanoseconds)) return { kind: 'nanoseconds', nanoseconds }
  }
  throw new PeerError(`no answer: ${JSON.stringify(line.slice(0, 80))}`)
}
