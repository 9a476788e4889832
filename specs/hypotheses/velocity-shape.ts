import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import { modeVariances } from '../regression/mode-variances.ts'
import type { RegressionSetting } from '../regression/setting.ts'

export const velocityShape: Hypothesis<RegressionSetting, StationaryRecord> = {
  id: 'velocity-shape',
  claim:
    'Velocities are shaped by H, whatever λ is: in units of σ²ρ/(S(1−β²)) every mode moves by 2(1+β)/(2(1+β)−ηh), 1 as η → 0; in shuffled epochs by what they leave of it.',
  source: 'eqs. 16, 52; exactly, Var v = 2σ²ρ/(S(1−β)(2(1+β)−ηh))',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ stationary }) => stationary,
  rivals: ({ sampling }) => [
    'original-loss Gibbs',
    'velocities as H²',
    'first-order',
    'no momentum',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { problem, hyperparameters, memory } = setting
    const { momentum, batchSize } = hyperparameters
    const { eigenvalues, noiseVariance } = problem
    const units = eigenvalues.map((rho) => (batchSize * (1 - momentum) * (1 + momentum)) / (noiseVariance * rho))
    return modeVariances(setting, {
      units,
      prediction: 'velocityVariance',
      measured: 'velocitySquare',
      correlationSteps: memory.velocitySteps,
      relaxation: () => 1 / (1 - momentum),
    })
  },
}
