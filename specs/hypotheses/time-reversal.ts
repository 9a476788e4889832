import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { MarginalAsymmetry, TimeReversalSetting } from '../time-reversal/suite.ts'

export const timeReversal: Hypothesis<TimeReversalSetting, MarginalAsymmetry> = {
  id: 'time-reversal',
  claim:
    'With Gaussian noise positions alone and velocities alone show no direction of time, E[y_k² y_{k+1} − y_k y_{k+1}²] = 0; skewed batches of examples show it, by what their third cumulants say.',
  source: 'sec. 7; exactly, −κ₃ Σ_i a_i a_{i+1}(a_i − a_{i+1}) with the response a of SGD to a kick',
  scale: 'linear',
  margin: [0.01, 0.02, 0.05],
  marginReason: 'in units of the standard deviation cubed: a quarter of the largest that batches leave in positions',
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities: ({ coordinates }) => [
    {
      kind: 'coordinates',
      name: 'positions',
      coordinates: coordinates.position,
      predict: ({ says }) => says.position,
      measure: ({ position }) => position,
    },
    {
      kind: 'coordinates',
      name: 'velocities',
      margin: [0.02, 0.04, 0.08],
      marginReason: 'in the same units: a quarter of the largest that batches leave in velocities',
      coordinates: coordinates.velocity,
      predict: ({ says }) => says.velocity,
      measure: ({ velocity }) => velocity,
    },
  ],
}
