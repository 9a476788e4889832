import type { Claim, Report, Verdict } from '../foundation/results.ts'

/** Counts, and the rule of success: no required claim red or undecided, no separable rival left standing beside one. */
export function summaryOf(claims: readonly Pick<Claim, 'verdict' | 'answerable' | 'comparisons'>[]): Report['summary'] {
  const count = (verdicts: readonly (Verdict | undefined)[]): Report['summary']['required'] => ({
    agrees: verdicts.filter((verdict) => verdict === 'agrees').length,
    disagrees: verdicts.filter((verdict) => verdict === 'disagrees').length,
    inconclusive: verdicts.filter((verdict) => verdict === 'inconclusive').length,
    notAnswerable: verdicts.filter((verdict) => verdict === 'not-answerable').length,
  })
  const required = count(claims.map(({ verdict }) => verdict))
  const comparisons = claims.flatMap((claim) => claim.comparisons)
  const rivals = claims
    .filter(({ answerable }) => answerable)
    .flatMap(({ comparisons, verdict }) =>
      comparisons
        .filter(({ role }) => role === 'rival')
        .map((rival) => ({ ...rival, decisive: verdict !== undefined })),
    )
  const separable = rivals.filter(({ separable }) => separable)
  const survivors = separable.filter(({ verdict }) => verdict !== 'disagrees')
  const decisive = survivors.filter((rival) => rival.decisive).length
  return {
    required,
    compared: count(comparisons.filter(({ role }) => role === 'compared').map(({ verdict }) => verdict)),
    rivals: {
      rejected: separable.length - survivors.length,
      survived: decisive,
      survivedCompared: survivors.length - decisive,
      inseparable: rivals.length - separable.length,
    },
    passed: required.agrees > 0 && required.disagrees === 0 && required.inconclusive === 0 && decisive === 0,
  }
}
