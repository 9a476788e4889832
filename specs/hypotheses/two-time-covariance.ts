import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { CoordinatesQuantity } from '../../harness/quantity.ts'
import type { Spread } from '../../harness/spread.ts'
import type { TwoTimeRecord } from '../../observables/index.ts'
import type { PhaseBlocks } from '../../oracle/theory.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { StationaryPairSetting } from '../regression/stationary-pair-settings.ts'
import type { TwoTimeTheory } from '../regression/two-time-theories.ts'

type Record = Pick<TwoTimeRecord, 'twoTime' | 'oneTime'>

export const twoTimeCovariance: Hypothesis<StationaryPairSetting, Record> = {
  id: 'two-time-covariance',
  claim:
    'Once stationary, two steps have in common what the mean would keep of the earlier one: E[z_k z_{k+j}ᵀ] = P (Mʲ)ᵀ in every component, the earlier first; in shuffled epochs less by what an epoch takes back.',
  source: 'eqs. 10, 34, (B/κ)e^{−Aᵀηj} for the later time second; exactly, P (Mʲ)ᵀ',
  scale: 'linear',
  margin: singleModeMargin(),
  marginReason: `of a correlation of 1: ${singleModeMarginReason}`,
  experiment: ({ experiment }) => experiment,
  rivals: ({ sampling }) => [
    'printed time',
    'first-order',
    'no momentum',
    'times exchanged',
    'detailed balance',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities({ theories, reference, lags, squareVariance }) {
    const own = theories.find(({ name }) => name === reference)!
    const variances = own.twoTime!(0)
    const modes = Array.from(squareVariance.keys())
    const lagCount = lags.length
    const deviation = (mode: number, which: number): number => Math.sqrt(variances[4 * mode + 3 * which]!)
    const places = lags.flatMap((lag, row) => components.map(({ from, to }) => ({ lag, row, from, to })))
    type Place = (typeof places)[number]

    /** E of the products of one pair, and of the earlier one's squares, in units of the reference's own. */
    const productSaid = (blocks: PhaseBlocks, { from, to }: Place, mode: number): number =>
      blocks[4 * mode + 2 * from + to]! / (deviation(mode, from) * deviation(mode, to))
    const squareSaid = (blocks: PhaseBlocks, { from }: Place, mode: number): number =>
      blocks[4 * mode + 3 * from]! / variances[4 * mode + 3 * from]!
    /** The later regressed on the earlier, over some modes: at stationarity the correlation. */
    const said = ({ twoTime }: TwoTimeTheory, place: Place, among: readonly number[]): number =>
      sum(among, (mode) => productSaid(twoTime!(place.lag), place, mode)) /
      sum(among, (mode) => squareSaid(twoTime!(0), place, mode))
    const product = ({ twoTime }: Record, { row, from, to }: Place, mode: number): number =>
      twoTime[4 * (mode * lagCount + row) + 2 * from + to]! / (deviation(mode, from) * deviation(mode, to))
    const square = ({ oneTime }: Record, { row, from }: Place, mode: number): number =>
      oneTime[4 * (mode * lagCount + row) + 3 * from]! / variances[4 * mode + 3 * from]!

    /**
     * One mode's residual on its own slope r varies by 1 − r² times half the variance of a square, and does not lean; on the slope r̄ of
     * several there is (r − r̄) times the square besides.
     */
    const spread = (place: Place, among: readonly number[]): Spread => {
      const slope = said(own, place, among)
      let [variance, third] = [0, 0]
      for (const mode of among) {
        const r = said(own, place, [mode])
        const alone = squareVariance[mode]!
        variance += ((1 - r ** 2) / 2 + (r - slope) ** 2) * alone
        third += Math.abs(r - slope) ** 3 * 2 * alone ** 2
      }
      return { varianceSteps: variance / among.length ** 2, asymmetrySteps: third / among.length ** 3 / 3 }
    }
    const over = (name: string, among: readonly number[]): CoordinatesQuantity<Record, TwoTimeTheory> => ({
      kind: 'coordinates',
      name,
      coordinates: places.map((place) => ({ name: nameOf(place), spread: spread(place, among), relaxationSteps: 0 })),
      predict: (theory) => (theory.twoTime ? places.map((place) => said(theory, place, among)) : undefined),
      measure: (record) =>
        places.map(
          (place) =>
            [
              sum(among, (mode) => product(record, place, mode)),
              sum(among, (mode) => square(record, place, mode)),
            ] as const,
        ),
    })
    return [
      ...modes.map((mode) => over(`mode ${mode + 1}`, [mode])),
      {
        ...over('all modes', modes),
        margin: pooledMargin,
        marginReason: `of a correlation of 1: ${pooledMarginReason}`,
      },
    ]
  },
}

const components = [0, 1].flatMap((from) => [0, 1].map((to) => ({ from, to })))

function nameOf({ lag, from, to }: { readonly lag: number; readonly from: number; readonly to: number }): string {
  return `${'xv'[to]} on ${'xv'[from]} ${lag} step${lag === 1 ? '' : 's'} earlier`
}

function sum(modes: readonly number[], ofMode: (mode: number) => number): number {
  let total = 0
  for (const mode of modes) total += ofMode(mode)
  return total
}
