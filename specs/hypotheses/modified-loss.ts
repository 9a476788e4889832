import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import { modeVariances } from '../regression/mode-variances.ts'
import type { RegressionSetting } from '../regression/setting.ts'

export const modifiedLoss: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'modified-loss',
  claim:
    'Positions obey the Gibbs law of Ψ_θ, not of the loss: in units of ησ²/(2S(1−β)) · ρ/(ρ+λ) every mode spreads by 2(1+β)/(2(1+β)−ηh), 1 as η → 0; in shuffled epochs by what they leave of it.',
  source: 'eqs. 15, 51; exactly, × 2(1+β)/(2(1+β)−ηh)',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: ({ sampling }) => [
    'original-loss Gibbs',
    'first-order',
    'no momentum',
    'no weight decay',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
    const { eigenvalues, noiseVariance } = problem
    const units = eigenvalues.map(
      (rho) => (2 * batchSize * (1 - momentum) * (rho + weightDecay)) / (learningRate * noiseVariance * rho),
    )
    return modeVariances(setting, {
      units,
      prediction: 'positionVariance',
      measured: 'positionSquare',
      correlationSteps: memory.positionSteps,
      relaxation: (first, last) => Math.max(...memory.relaxationSteps.subarray(first, last)),
    })
  },
}
