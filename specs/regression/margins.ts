import { specBudget } from '../../harness/vitest/environment.ts'

/** What the specs promise to see, and so what their settings and budgets are planned for. */

/** Speed, energies and means over modes: an error of 2 % shows at any budget. */
export const pooledMargin = 0.01
export const pooledMarginReason = 'a prediction that is 2 % off must show'

/** One mode alone: 5 %, which shrinks as budgets grow, as errors do, to 1 % at 25 times the usual one, and no further. */
export function singleModeMargin(budget: number = specBudget()): number {
  return Math.max(0.01, 0.05 / Math.sqrt(Math.max(1, budget)))
}
export const singleModeMarginReason =
  'a prediction that is 10 % off in one mode must show, with a hundredfold budget 2 %'
