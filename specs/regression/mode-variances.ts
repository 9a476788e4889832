import type { RatioQuantity } from '../../harness/quantity.ts'
import { spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import type { Predictions } from '../../oracle/theory.ts'
import { binSum } from './bins.ts'
import { pooledMargin, pooledMarginReason } from './margins.ts'
import type { RegressionSetting } from './setting.ts'
import { referenceOf, stationarySpread } from './spread.ts'

/** The variance of positions or of velocities, mode by mode. */
export interface ModeVariance {
  /** One over the variance that a law says, so that 1 is its word for every mode. // [mode] */
  readonly units: Float64Array
  readonly prediction: 'positionVariance' | 'velocityVariance'
  readonly measured: 'positionSquare' | 'velocitySquare'
  /** Correlation time of the square, in steps. // [mode] */
  readonly correlationSteps: Float64Array
  /** Relaxation of the slowest of modes first, …, last − 1, in steps. */
  readonly relaxation: (first: number, last: number) => number
}

/**
 * Its mean over all modes in units of the law, each mode in its unit, and the first mode against the last as they are, without
 * units: what shapes them.
 */
export function modeVariances(
  setting: RegressionSetting,
  { units, prediction, measured, correlationSteps, relaxation }: ModeVariance,
): RatioQuantity<StationaryRecord>[] {
  const modeCount = units.length
  const flattest = modeCount - 1
  const expected = referenceOf(setting)[prediction]!()
  const said = (predictions: Partial<Predictions>): Float64Array | undefined => predictions[prediction]?.()
  const spread = (first: number, last: number): RatioQuantity<StationaryRecord>['spread'] =>
    stationarySpread(
      setting,
      expected.map((variance, l) => (l >= first && l < last ? units[l]! * variance : 0)),
      correlationSteps,
    )
  const pooled = (name: string, first: number, last: number): RatioQuantity<StationaryRecord> => {
    const mean = (variances: Float64Array): number =>
      binSum({ first, last, outlived: true }, units, variances) / (last - first)
    return {
      kind: 'ratio',
      name,
      predict({ predictions }) {
        const variances = said(predictions)
        return variances && mean(variances)
      },
      measure: (record) => [mean(record[measured]), 1],
      spread: spread(first, last),
      relaxationSteps: relaxation(first, last),
    }
  }
  return [
    { ...pooled('mean over modes', 0, modeCount), margin: pooledMargin, marginReason: pooledMarginReason },
    ...Array.from(units, (_, l) => pooled(`mode ${l + 1}`, l, l + 1)),
    {
      kind: 'ratio',
      name: `mode 1 against mode ${modeCount}`,
      predict({ predictions }) {
        const variances = said(predictions)
        return variances && variances[0]! / variances[flattest]!
      },
      measure: (record) => [record[measured][0]!, record[measured][flattest]!],
      spread: spreadOfRatio(spread(0, 1), spread(flattest, modeCount)),
      relaxationSteps: Math.max(relaxation(0, 1), relaxation(flattest, modeCount)),
    },
  ]
}
