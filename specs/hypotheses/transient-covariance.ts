import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { CoordinatesQuantity, RatioQuantity } from '../../harness/quantity.ts'
import { logSpread, type Spread } from '../../harness/spread.ts'
import type { TransientRecord } from '../../observables/index.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { TransientSetting, TransientTheory } from '../regression/transient-settings.ts'

export const transientCovariance: Hypothesis<TransientSetting, TransientRecord> = {
  id: 'transient-covariance',
  claim:
    'From a known start each mode’s covariance of position and velocity grows from nothing to the stationary one, whatever the start is unless the noise depends on it.',
  source: 'eqs. 10, 26, P − E P Eᵀ and V_t Eᵀ; exactly, V_k = Σ_{j<k} Mʲ n nᵀ (Mʲ)ᵀ and V_k (Mʲ)ᵀ',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: `${singleModeMarginReason}; regressions: of a correlation of 1`,
  experiment: ({ experiment }) => experiment,
  rivals: ({ reference }) => [
    'printed time',
    'stationary at once',
    'one exponential',
    'times exchanged',
    'first-order',
    'no momentum',
    ...(reference === 'discrete' ? [] : ['discrete']),
  ],
  quantities(setting) {
    const { steps, pairs, theories, reference, squareVariance } = setting
    const own = theories.find(({ name }) => name === reference)!
    const covariances = steps.map((step) => own.covariance(step, step)!)
    /** √Var of position (0) or velocity (1) at a recorded step. */
    const deviation = (mode: number, row: number, which: Which): number =>
      Math.sqrt(covariances[row]![4 * mode + 3 * which]!)

    const places = Array.from(squareVariance, (_, mode) => steps.map((step, row) => ({ mode, step, row }))).flat()
    const squareAt = (oneTime: Float64Array, mode: number, row: number, which: Which): number =>
      oneTime[4 * (mode * steps.length + row) + 3 * which]! / deviation(mode, row, which) ** 2
    const squaresSaid = ({ covariance }: TransientTheory, which: Which): number[] | undefined =>
      allSaid(places, ({ mode, step, row }) => {
        const said = covariance(step, step)
        return said && said[4 * mode + 3 * which]! / deviation(mode, row, which) ** 2
      })

    const each = (what: string, which: Which): CoordinatesQuantity<TransientRecord, TransientTheory> => ({
      kind: 'coordinates',
      name: `${what} of each mode at each step`,
      coordinates: places.map(({ mode, step }) => ({
        name: `mode ${mode + 1} at step ${step}`,
        spread: logSpread(squareVariance[mode]!, 2 * squareVariance[mode]! ** 2),
        relaxationSteps: 0,
      })),
      predict: (theory) => squaresSaid(theory, which),
      measure: ({ oneTime }) => places.map(({ mode, row }) => squareAt(oneTime, mode, row, which)),
    })

    const pooled = (what: string, which: Which): RatioQuantity<TransientRecord, TransientTheory> => ({
      kind: 'ratio',
      name: `${what}, mean over modes and steps`,
      margin: pooledMargin,
      marginReason: pooledMarginReason,
      predict(theory) {
        const said = squaresSaid(theory, which)
        return said && meanOf(said)
      },
      measure: ({ oneTime }) => meanOf(places.map(({ mode, row }) => squareAt(oneTime, mode, row, which))),
      spread: pooledSpread(setting, which, own),
      relaxationSteps: 0,
    })

    const components = ([0, 1] as const).flatMap((from) => ([0, 1] as const).map((to) => ({ from, to })))
    const regressedLater = pairs.flatMap(([earlier, later], pair) =>
      components.map(
        ({ from, to }): Regressed => ({
          ...{ earlier, later, from, to },
          product: ({ twoTime }, mode) => twoTime[4 * (mode * pairs.length + pair) + 2 * from + to]!,
        }),
      ),
    )
    // After one step x = ηv, and velocity has nothing of its own to say.
    const regressedAtOnce = steps.flatMap((step, row): Regressed[] =>
      step === 1
        ? []
        : [
            {
              ...{ earlier: row, later: row, from: 0, to: 1 },
              product: ({ oneTime }, mode) => oneTime[4 * (mode * steps.length + row) + 1]!,
            },
          ],
    )
    const slopes = (
      what: string,
      regressed: readonly Regressed[],
    ): CoordinatesQuantity<TransientRecord, TransientTheory> => {
      const all = Array.from(squareVariance, (_, mode) => regressed.map((one) => ({ ...one, mode }))).flat()
      const unit = ({ mode, earlier, later, from, to }: (typeof all)[number]): number =>
        deviation(mode, earlier, from) * deviation(mode, later, to)
      const said = ({ covariance }: TransientTheory, one: (typeof all)[number]): number | undefined => {
        const { mode, earlier, later, from, to } = one
        const product = covariance(steps[earlier]!, steps[later]!)
        const square = covariance(steps[earlier]!, steps[earlier]!) ?? covariances[earlier]!
        return (
          product &&
          (product[4 * mode + 2 * from + to]! / unit(one) / square[4 * mode + 3 * from]!) *
            deviation(mode, earlier, from) ** 2
        )
      }
      return {
        kind: 'coordinates',
        name: what,
        scale: 'linear',
        coordinates: all.map((one) => ({
          name: `mode ${one.mode + 1}, ${'xv'[one.to]} at step ${steps[one.later]} on ${'xv'[one.from]} at step ${steps[one.earlier]}`,
          // What is left of the one varies by its own variance times half that of the other's square, and does not lean.
          spread: { varianceSteps: (squareVariance[one.mode]! / 2) * (1 - said(own, one)! ** 2), asymmetrySteps: 0 },
          relaxationSteps: 0,
        })),
        predict: (theory) => allSaid(all, (one) => said(theory, one)),
        measure: (record) =>
          all.map(
            (one) =>
              [
                one.product(record, one.mode) / unit(one),
                squareAt(record.oneTime, one.mode, one.earlier, one.from),
              ] as const,
          ),
      }
    }
    return [
      each('positions', 0),
      each('velocities', 1),
      pooled('positions', 0),
      pooled('velocities', 1),
      slopes('velocity regressed on position', regressedAtOnce),
      slopes('later regressed on earlier', regressedLater),
    ]
  },
}

/** Position or velocity. */
type Which = 0 | 1

/** One number regressed on another of the same or an earlier time, by places among the recorded steps. */
interface Regressed {
  readonly earlier: number
  readonly later: number
  readonly from: Which
  readonly to: Which
  readonly product: (record: TransientRecord, mode: number) => number
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0)

function allSaid<P>(places: readonly P[], say: (place: P) => number | undefined): number[] | undefined {
  const said = places.map(say)
  return said.some((value) => value === undefined) ? undefined : (said as number[])
}

/**
 * Of the mean over modes and steps of d²/Var d, modes being independent: from the correlations r of Gaussian d between steps, with v
 * the variance of a square, V = Σ r_ij² v and K = Σ r_ij r_jk r_ki 2v².
 */
function pooledSpread({ steps, squareVariance }: TransientSetting, which: Which, own: TransientTheory): Spread {
  const count = steps.length
  const total = count * squareVariance.length
  let [variance, third] = [0, 0]
  for (const [mode, alone] of squareVariance.entries()) {
    const r = steps.map((step) =>
      steps.map((other) => {
        const [earlier, later] = [Math.min(step, other), Math.max(step, other)]
        const at = 4 * mode + 3 * which
        return (
          own.covariance(earlier, later)![at]! /
          Math.sqrt(own.covariance(step, step)![at]! * own.covariance(other, other)![at]!)
        )
      }),
    )
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) {
        variance += (r[i]![j]! ** 2 * alone) / total ** 2
        for (let k = 0; k < count; k++) third += (r[i]![j]! * r[j]![k]! * r[k]![i]! * 2 * alone ** 2) / total ** 3
      }
  }
  return logSpread(variance, third)
}
