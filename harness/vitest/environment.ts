/** What the environment says of a run of specs: its seed and its budget. */

/**
 * `SGD_ORACLE_SEED`: an integer ≥ 0, or `date` for today's (UTC) as YYYYMMDD; 0 if unset. Settings draw their own seeds from
 * it with `seedFor`.
 *
 * @throws RangeError for anything else
 */
export function specSeed(text: string | undefined = process.env['SGD_ORACLE_SEED'], today: Date = new Date()): number {
  if (text === undefined || text === '') return 0
  if (text === 'date') return Number(today.toISOString().slice(0, 10).replaceAll('-', ''))
  const seed = Number(text)
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new RangeError(`SGD_ORACLE_SEED must be an integer in [0, 2^32) or date, got ${text}`)
  }
  return seed
}

/**
 * `SGD_ORACLE_BUDGET`: how many times the usual steps a spec may simulate, a number > 0; 1 if unset.
 *
 * @throws RangeError for anything else
 */
export function specBudget(text: string | undefined = process.env['SGD_ORACLE_BUDGET']): number {
  if (text === undefined || text === '') return 1
  const budget = Number(text)
  if (!(budget > 0 && Number.isFinite(budget))) {
    throw new RangeError(`SGD_ORACLE_BUDGET must be a number > 0, got ${text}`)
  }
  return budget
}

/** Streams with different numbers, 0 … 4095, never share a seed, whatever the run's is. */
export function seedFor(stream: number, run: number = specSeed()): number {
  return run * 4096 + stream
}
