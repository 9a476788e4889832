import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { Quantity } from '../../harness/quantity.ts'
import type { Decay, DecayRecord, InterpolationSetting } from '../interpolation/suite.ts'
import { singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { Voice } from '../voice.ts'

type Asked = Quantity<DecayRecord, Voice<Decay>>

export const interpolation: Hypothesis<InterpolationSetting, DecayRecord> = {
  id: 'interpolation',
  claim:
    'Where the data interpolate, Assumption 3 fails: the noise vanishes at the solution, E x² falls at the rate of the exact map of second moments, and every run comes to rest.',
  source: 'Ali, Dobriban & Tibshirani 2020, sec. 3, against Assumption 3',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ steps: [earlier, later, rest], squareSpread, logSpread }): readonly Asked[] {
    return [
      {
        kind: 'ratio',
        name: `E x² after ${later} steps, over that after ${earlier}`,
        predict: ({ says }) => says.squareRatio,
        measure: (record) => [record.later, record.earlier],
        spread: squareSpread,
        relaxationSteps: 0,
      },
      {
        kind: 'ratio',
        name: `E x² after ${rest} steps`,
        scale: 'linear',
        margin: 1e-6,
        marginReason: 'of the start’s square: at the least rate of E x² in use, 0.19 a step, e^{−28} is left after 150',
        predict: ({ says }) => says.rest,
        measure: (record) => record.rest,
        spread: { varianceSteps: 1e-16, asymmetrySteps: 0 },
        relaxationSteps: 0,
      },
      ...(logSpread === undefined
        ? []
        : [
            {
              kind: 'ratio',
              name: `E log|x| a step, over ${later} steps`,
              scale: 'linear',
              margin: 0.01,
              marginReason: 'a thirtieth of the rate, a third of what Jensen’s inequality leaves',
              predict: ({ says }: Voice<Decay>) => says.logRate,
              measure: (record: DecayRecord) => record.logRate,
              spread: logSpread,
              relaxationSteps: 0,
            } as const,
          ]),
    ]
  },
}
