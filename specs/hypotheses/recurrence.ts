import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RecurrenceRecord, RecurrenceSetting } from '../recurrence/suite.ts'

export const recurrence: Hypothesis<RecurrenceSetting, RecurrenceRecord> = {
  id: 'recurrence',
  claim:
    'There is no limit cycle: noise and friction let velocities forget, and on the way they come back together only as far as the modes’ frequencies are commensurate.',
  source: 'sec. 7; exactly, Σ_l E v_l(k)v_l(k+j)/Σ_l E v_l² · β^{−j/2}, a sum of cosines at each mode’s own frequency',
  scale: 'linear',
  margin: 0.05,
  marginReason: 'in units of a complete return; other frequencies miss by more',
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ lags, period, spread }) {
    const others = lags.filter((lag) => lag !== period)
    const value = ({ product, square }: RecurrenceRecord, lag: number): readonly [number, number] => {
      const index = lags.indexOf(lag)
      return [product[index]!, square[index]!]
    }
    return [
      {
        kind: 'ratio',
        name: `revival after ${period} steps`,
        predict: ({ says }) => says(period),
        measure: (record) => value(record, period),
        spread: spread(period),
        relaxationSteps: 0,
      },
      {
        kind: 'coordinates',
        name: 'revivals on the way',
        coordinates: others.map((lag) => ({ name: `${lag} steps`, spread: spread(lag), relaxationSteps: 0 })),
        predict({ says }) {
          const said = others.map(says)
          return said.every((one) => one !== undefined) ? said : undefined
        },
        measure: (record) => others.map((lag) => value(record, lag)),
      },
    ]
  },
}
