/** @throws RangeError if one side has nothing to be held against the other */
export function requireClaims(base: readonly unknown[], head: readonly unknown[]): void {
  for (const [side, claims] of Object.entries({ base, head })) {
    if (claims.length === 0) throw new RangeError(`compareReports: ${side} must hold a claim, got none`)
  }
}

/**
 * What makes two reports say something of the same thing.
 *
 * @throws RangeError that names the first setting in which the head is not as the base
 */
export function requireSame(
  base: Readonly<Record<string, number | string | undefined>>,
  head: Readonly<Record<string, number | string | undefined>>,
): void {
  for (const [name, value] of Object.entries(base)) {
    if (value !== head[name]) {
      throw new RangeError(
        `compareReports: head must have the settings of base, got ${name} ${head[name] ?? 'none'} instead of ${value ?? 'none'}`,
      )
    }
  }
}
