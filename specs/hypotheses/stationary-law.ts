import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { StationaryLawSetting, StationaryValues } from '../stationary-law/suite.ts'

export const stationaryLaw: Hypothesis<StationaryLawSetting, StationaryValues> = {
  id: 'stationary-law',
  claim:
    'With Gaussian noise the stationary law of every mode is Gaussian with covariance B/κ; with heavy-tailed noise it is that of the noise’s weighted sum, Cauchy’s of scale Σ|ψ_i| where the tail index is 1.',
  source: 'eq. 11; exactly, Σ_i ψ_i ε_{k−i} with the response ψ of SGD to a kick',
  scale: 'linear',
  margin: 0.02,
  marginReason:
    'in Kolmogorov’s distance: a quarter of what tells a Gaussian from Cauchy’s law with its quartiles, and from one of half its variance',
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities: ({ directions, margin, valuesPerReplica }) =>
    directions.map(({ name }, at) => ({
      kind: 'distribution',
      name,
      margin,
      predict: ({ says }) => says(at),
      measure: (values) => values[at]!,
      valuesPerReplica,
    })),
}
