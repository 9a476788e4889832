import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'

/** A one-sided bound of a rate of which `successes` in `trials` were seen, wrong with chance `fails` (Clopper & Pearson 1934). */

/** @throws RangeError for counts or a chance out of range */
export function binomialLowerBound(successes: number, trials: number, fails: number): number {
  requireCounts('binomialLowerBound', successes, trials, fails)
  return successes === 0 ? 0 : betaQuantile(fails, successes, trials - successes + 1)
}

/** @throws RangeError for counts or a chance out of range */
export function binomialUpperBound(successes: number, trials: number, fails: number): number {
  requireCounts('binomialUpperBound', successes, trials, fails)
  return successes === trials ? 1 : betaQuantile(1 - fails, successes + 1, trials - successes)
}

function requireCounts(caller: string, successes: number, trials: number, fails: number): void {
  if (!(Number.isInteger(trials) && trials >= 1)) {
    throw new RangeError(`${caller}: trials must be an integer ≥ 1, got ${trials}`)
  }
  if (!(Number.isInteger(successes) && successes >= 0 && successes <= trials)) {
    throw new RangeError(`${caller}: successes must be an integer in [0, ${trials}], got ${successes}`)
  }
  if (!(fails > 0 && fails < 1)) throw new RangeError(`${caller}: fails must be in (0, 1), got ${fails}`)
}
