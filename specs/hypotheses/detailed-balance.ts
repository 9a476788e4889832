import { inverse } from '../../foundation/linear-algebra/linear-solve.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import { figure3Turn } from '../ornstein-uhlenbeck/detailed-balance.ts'
import { type PlanarRecord, type PlanarSetting, spreadAlong, turnPerStep } from '../ornstein-uhlenbeck/planar.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'

export const detailedBalance: Hypothesis<PlanarSetting, PlanarRecord> = {
  id: 'detailed-balance',
  claim:
    'Where the drift is symmetric and commutes with the noise, isotropic or not, detailed balance holds: E[x_k x_{k+1}ᵀ] is symmetric, and the law is that of Gibbs, A⁻¹D/κ.',
  source: 'sec. 7, eqs. 13 and 17: Q = 0 where AD = DA',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ experiment }) => experiment,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities(setting) {
    const energy = inverse(setting.covariance, 2)!.map((value) => value / 2)
    const along = (name: string, ...weights: readonly number[]) =>
      spreadAlong(name, Float64Array.from(weights), setting, singleModeMargin(), singleModeMarginReason)
    return [
      turnPerStep(
        'turn in one step, over that of Figure 3',
        figure3Turn,
        setting,
        [singleModeMargin(), 0.1],
        'a tenth of what noise askew to the same drift makes of it',
      ),
      spreadAlong('κE[Φ], both directions', energy, setting, pooledMargin, pooledMarginReason),
      along('variance along (−1, 1)', 0.5, -0.5, -0.5, 0.5),
      along('variance along (1, 1)', 0.5, 0.5, 0.5, 0.5),
    ]
  },
}
