import { specBudget } from '../../harness/vitest/environment.ts'

/** Margin of what one mode of the Hessian does: 5 %, which shrinks as budgets grow, as errors do, to 1 % and no further. */
export function singleModeMargin(budget: number = specBudget()): number {
  return Math.max(0.01, 0.05 / Math.sqrt(Math.max(1, budget)))
}

export const singleModeReason = 'a few thousand independent samples a mode; an error of 10 % in one mode must not pass'

/** Margin of what is pooled over modes, at any budget: an error of 2 % must not pass. */
export const pooledMargin = 0.01

export const pooledReason = 'half of an error that must not pass'
