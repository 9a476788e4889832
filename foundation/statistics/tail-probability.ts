import { regularizedIncompleteBeta } from './incomplete-beta.ts'

/**
 * P(T > t) for Student's t, ½ I_{ν/(ν+t²)}(ν/2, ½): relative accuracy in far tails too.
 *
 * @param degreesOfFreedom ν > 0
 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0
  const nu = degreesOfFreedom
  const half = 0.5 * regularizedIncompleteBeta(nu / (nu + t * t), nu / 2, 0.5)
  return t >= 0 ? half : 1 - half
}

/**
 * P(K ≥ k) for K binomial with n trials of chance p: I_p(k, n − k + 1).
 *
 * @param successes k, in [0, n]
 * @param trials n ≥ 1
 */
export function binomialTail(successes: number, trials: number, chance: number): number {
  return successes <= 0 ? 1 : regularizedIncompleteBeta(chance, successes, trials - successes + 1)
}
