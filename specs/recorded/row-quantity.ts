import type { Scale } from '../../harness/estimate.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { LongRunQuantity, Margin, Quantity, RatioQuantity } from '../../harness/quantity.ts'
import type { Spread } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import type { StationarySetting } from '../regression/setting.ts'
import type { RecordedChain } from './chain.ts'
import { type RecordedSetting, type RecordedTheory, relaxationsForgotten } from './setting.ts'

/** A time mean over the rows of a recorded trajectory, or a ratio of two; replicas or one long run answer it. */
export interface RowQuantity {
  readonly name: string
  readonly scale?: Scale
  readonly margin?: Margin
  readonly marginReason?: string
  readonly refusal?: string | undefined
  /** undefined or NaN: the theory does not say. */
  readonly predict: (theory: RecordedTheory) => number | undefined
  /** Of the kept rows in order, or of as many of them as have a later row at its lag. // [row] */
  readonly rows: (chain: RecordedChain) => { readonly numerator: Float64Array; readonly denominator?: Float64Array }
  /** Expected scatter of one row, correlations between rows counted in. */
  readonly spread: Spread
  /** Relaxation of the slowest amplitude that it averages over, in steps. */
  readonly relaxationSteps: number
}

export type RecordedHypothesis = Hypothesis<RecordedSetting, RecordedChain>

/** What answers it: Student's t over chains, or over batches of the one run that they make together. */
export function answeredByRows(
  setting: RecordedSetting,
  quantity: RowQuantity,
): Quantity<RecordedChain, RecordedTheory> {
  const { name, scale, margin, marginReason, rows, spread, relaxationSteps } = quantity
  const memory = rowMemory(setting, relaxationSteps)
  const asked = {
    name,
    ...(scale === undefined ? {} : { scale }),
    ...(margin === undefined ? {} : { margin }),
    ...(marginReason === undefined ? {} : { marginReason }),
    refusal: quantity.refusal ?? startNotForgotten(setting, relaxationSteps),
    predict: finite(quantity.predict),
    spread,
  }
  if (setting.evidence === 'replicas') {
    const ratio: RatioQuantity<RecordedChain, RecordedTheory> = {
      ...asked,
      kind: 'ratio',
      measure: (chain) => {
        const { numerator, denominator } = rows(chain)
        return [mean(numerator), denominator === undefined ? 1 : mean(denominator)]
      },
      // the start is part of the prediction
      relaxationSteps: 0,
    }
    return ratio
  }
  // numerator and denominator are asked for in turn
  let last: { readonly chain: RecordedChain; readonly read: ReturnType<RowQuantity['rows']> } | undefined
  const ofChain = (chain: RecordedChain): ReturnType<RowQuantity['rows']> => {
    if (last?.chain !== chain) last = { chain, read: rows(chain) }
    return last.read
  }
  const longRun: LongRunQuantity<RecordedChain, RecordedTheory> = {
    ...asked,
    kind: 'long-run',
    measure: (chain) => ofChain(chain).numerator,
    denominator: (chain) => {
      const { numerator, denominator } = ofChain(chain)
      last = undefined
      return denominator ?? new Float64Array(numerator.length).fill(1)
    },
    memorySamples: memory,
  }
  return longRun
}

/** A hypothesis about time means of simulated chains, asked of recorded rows: the same claims about the same numbers. */
export function askedOfRows(hypothesis: Hypothesis<StationarySetting, StationaryRecord>): RecordedHypothesis {
  const { experiment: _, quantities, ...rest } = hypothesis
  return {
    ...rest,
    experiment: ({ recorded }) => recorded,
    quantities: (setting) =>
      setting.limitedBy(hypothesis.id)
        ? []
        : quantities(setting).map((quantity) => {
            if (quantity.kind !== 'ratio') {
              throw new TypeError(`askedOfRows: ${hypothesis.id} must ask ratios, got ${quantity.kind}`)
            }
            return ratioOfRows(setting, quantity)
          }),
  }
}

function ratioOfRows(
  setting: RecordedSetting,
  quantity: RatioQuantity<StationaryRecord>,
): Quantity<RecordedChain, RecordedTheory> {
  const { measure, predict } = quantity
  const answered = answeredByRows(setting, {
    ...quantity,
    rows: (chain) => {
      const count = setting.recorded.samplesPerReplica
      const numerator = new Float64Array(count)
      const denominator = new Float64Array(count)
      for (let row = 0; row < count; row++) {
        const value = measure(chain.row(setting.firstRow + row))
        numerator[row] = typeof value === 'number' ? value : value[0]
        denominator[row] = typeof value === 'number' ? 1 : value[1]
      }
      return { numerator, denominator }
    },
  })
  if (answered.kind !== 'ratio') return answered
  return { ...answered, measure: ({ mean }) => measure(mean), predict: finite(predict) }
}

function finite(predict: (theory: RecordedTheory) => number | undefined) {
  return (theory: RecordedTheory): number | undefined => {
    const said = predict(theory)
    return said === undefined || Number.isFinite(said) ? said : undefined
  }
}

/** Squares remember e^{−2j/τ} at j steps: 1 + 2Σ of that, in rows. */
function rowMemory({ spacing }: RecordedSetting, relaxationSteps: number): number {
  return relaxationSteps === 0 ? 1 : 1 / Math.tanh(spacing / relaxationSteps)
}

/** What is taken to be stationary must have forgotten its start. */
function startNotForgotten(setting: RecordedSetting, relaxationSteps: number): string | undefined {
  if (setting.assumedStationary === undefined) return undefined
  const dropped = setting.steps[setting.firstRow]!
  const needed = relaxationsForgotten * relaxationSteps
  if (dropped >= needed) return undefined
  return `${setting.assumedStationary}, which needs a burn-in of ${Math.ceil(needed)} steps; the first row judged is step ${dropped}`
}

function mean(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
