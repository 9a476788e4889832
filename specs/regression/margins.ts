import { specBudget } from '../../harness/vitest/environment.ts'

/** What the specs promise to see, and so what their settings and budgets are planned for. */

/** Speed, energies and means over modes: an error of 2 % shows at any budget. */
export const pooledMargin = 0.01
export const pooledMarginReason = 'a prediction that is 2 % off must show'

/** One mode alone: an error of 10 % shows in a usual run, one of 2 % in a run of 100 times its budget. */
export function singleModeMargin(budget: number = specBudget()): number {
  return budget >= 100 ? 0.01 : 0.05
}
export const singleModeMarginReason =
  'a prediction that is 10 % off in one mode must show, with a hundredfold budget 2 %'
