import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import type { RegressionSetting } from '../regression/setting.ts'
import { referenceOf, windowSpread } from '../regression/spread.ts'

export const globalDisplacement: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'global-displacement',
  claim: 'The distance travelled grows as E‖Δ_t‖² = Σ 2(P_xx − [P(Mᵗ)ᵀ]_xx), an anomalous diffusion.',
  source: 'eq. 19 and its exact discrete counterpart',
  scale: 'log',
  margin: [0.01, 0.02, 0.03, 0.05],
  marginReason:
    'as tight as the budget answers, at most what some hundred windows a replica can tell; eq. 19 is told apart only where its distance exceeds twice this',
  experiment: ({ stationary }) => stationary,
  rivals: () => ['equation 19', 'equation 19 as printed', 'Brownian', 'ballistic', 'first-order', 'no momentum'],
  quantities(setting) {
    const { lags, windowStride, noise } = setting
    const { momentum } = setting.hyperparameters
    const reference = referenceOf(setting)
    // A lag within the velocity's memory, one with some hundred windows in a replica, and one between.
    const nearest = (target: number): number =>
      lags.reduce((best, lag) => (Math.abs(Math.log(lag / target)) < Math.abs(Math.log(best / target)) ? lag : best))
    const short = nearest(1 / (1 - momentum))
    const long = nearest(setting.stationary.stepsPerReplica / 600)
    const chosen = [...new Set([short, nearest(Math.sqrt(short * long)), long])].sort((a, b) => a - b)
    return chosen.map((lag) => {
      const index = lags.indexOf(lag)
      const total = reference.globalDisplacement!('stationary', [lag])[0]!
      // How the total splits over modes hardly matters for the spread: by the noise of each, as at short lags.
      const noiseTotal = noise.variances.reduce((sum, n) => sum + n, 0)
      const contributions = noise.variances.map((n) => (total * n) / noiseTotal)
      return {
        kind: 'ratio',
        name: `${lag} step${lag === 1 ? '' : 's'}`,
        predict: ({ predictions }) => predictions.globalDisplacement?.('stationary', [lag])[0],
        measure: ({ displacement }) => [displacement[index]!, 1],
        spread: windowSpread(setting, contributions, lag, windowStride * Math.ceil(lag / windowStride)),
        relaxationSteps: Math.max(lag, 1 / (1 - momentum)),
        refusal: setting.varianceRefusal,
      }
    })
  },
}
