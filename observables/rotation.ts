import type { TwoTimeRecord } from './two-time.ts'

/**
 * How far each mode has turned in phase space, R_xv(j) − R_vx(j) = E[x_k v_{k+j} − x_{k+j} v_k] (the measurable side of eq. 17's
 * current and of Fig. 6), parameter² per time.
 *
 * At lag 1 its size is the test, −ησ²ρ/(S(1−β)) for SGD with additive noise; its sign is that of any stationary sequence.
 * Oscillating modes change sign at later lags (`firstSignChange`), first-order processes never do.
 *
 * @returns // [mode, lag]
 */
export function rotation({ twoTime }: Pick<TwoTimeRecord, 'twoTime'>): Float64Array {
  return Float64Array.from({ length: twoTime.length / 4 }, (_, at) => twoTime[4 * at + 1]! - twoTime[4 * at + 2]!)
}
