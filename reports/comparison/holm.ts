/**
 * Which of several hypotheses are rejected, so that any true one is with at most the given chance (Holm 1979): the k-th
 * smallest of m p-values is held to rate/(m − k + 1), up to the first that is above.
 *
 * @param chances p-values; what is no number is taken for 1
 * @returns for each whether it is rejected
 */
export function holmRejections(chances: readonly number[], rate: number): boolean[] {
  const known = chances.map((chance) => (Number.isNaN(chance) ? 1 : chance))
  const order = known.map((_, index) => index).sort((a, b) => known[a]! - known[b]!)
  const rejected = known.map(() => false)
  for (const [k, index] of order.entries()) {
    if (known[index]! > rate / (known.length - k)) break
    rejected[index] = true
  }
  return rejected
}
