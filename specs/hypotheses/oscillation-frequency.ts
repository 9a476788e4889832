import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { RatioQuantity } from '../../harness/quantity.ts'
import type { SpectrumRecord } from '../../observables/index.ts'
import { relativeSpread } from '../regression/bilinear-spread.ts'
import { singleModeMargin } from '../regression/margins.ts'
import type { SpectrumSetting, SpectrumTheory } from '../regression/spectrum-settings.ts'

export const oscillationFrequency: Hypothesis<SpectrumSetting, SpectrumRecord> = {
  id: 'oscillation-frequency',
  claim:
    'The amplitude-weighted mean frequency of each mode, E Σ f|X(f)| / E Σ |X(f)|, of positions and of velocities, is that of the discrete law with the leakage of a record’s ends in it.',
  source: 'appendix H, Fig. 8; exactly, by the covariance of a record of n points',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason:
    'thousands of records; the spectral density alone is off by more in slow modes, the square root of the eigenvalue in all',
  experiment: ({ experiment }) => experiment,
  rivals: () => ['as the eigenvalue', 'as its square root', 'spectral density', 'langevin', 'no momentum'],
  quantities({ pointCount, modeCount, relaxationSteps, variance }) {
    return (['position', 'velocity'] as const).flatMap((series) =>
      Array.from({ length: modeCount }, (_, mode): RatioQuantity<SpectrumRecord, SpectrumTheory> => {
        return {
          kind: 'ratio',
          name: `${series} of mode ${mode + 1}`,
          predict: ({ meanFrequency }) => meanFrequency[series]?.[mode],
          measure: (record) => [record[series].weightedAmplitude[mode]!, record[series].totalAmplitude[mode]!],
          spread: relativeSpread(variance[series][mode]!, 1),
          relaxationSteps: relaxationSteps[mode]! / pointCount,
        }
      }),
    )
  },
}
