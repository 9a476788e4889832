import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { Quantity } from '../../harness/quantity.ts'
import { gradientCovariance as measuredCovariance } from '../../observables/index.ts'
import { spreadOfDistance, spreadOfForm } from '../gradient-covariance/influence.ts'
import type { DatasetRecord, GradientCovarianceSetting, GradientNoise } from '../gradient-covariance/suite.ts'
import { pooledMargin, pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { Voice } from '../voice.ts'

type Asked = Quantity<DatasetRecord, Voice<GradientNoise>>

export const gradientCovariance: Hypothesis<GradientCovarianceSetting, DatasetRecord> = {
  id: 'gradient-covariance',
  claim:
    'At the minimum of a linear teacher’s data the gradient noise is Σ = σ²H where label noise is the same for all, but for a distance ∝ 1/√N; where the share a of it follows the target Σ = σ²(H + 2aHwwᵀ H/(wᵀHw)), at any N.',
  source: 'Assumption 3; Isserlis’ theorem, with terms of order 1/N',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ experiment }) => experiment!,
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ law, eigenvalues, exampleCount, given, theories, reference }): readonly Asked[] {
    if (given !== undefined) {
      const { relativeDistance } = measuredCovariance(given, new Float64Array(given.modeCount))
      return [
        {
          kind: 'exact',
          name: 'distance of Σ from σ²H',
          scale: 'linear',
          predict: ({ says }) => says.squaredDistance && Math.sqrt(says.squaredDistance),
          compute: () => relativeDistance,
        },
      ]
    }
    const d = eigenvalues.length
    const modes = Array.from(eigenvalues, (_, l) => l)
    const own = theories.find(({ name }) => name === reference)!
    const pairs = modes.flatMap((l) => modes.filter((m) => m < l).map((m) => [l, m] as const))
    const diagonal = (matrix: Float64Array, l: number): number => matrix[l * (d + 1)]!
    const trace = (matrix: Float64Array): number => modes.reduce((sum, l) => sum + diagonal(matrix, l), 0)
    // where little of the noise follows the target, what that adds must still be told from nothing
    const share = law.heteroscedasticity > 0 && law.heteroscedasticity < 1
    const finer = share
      ? { margin: Math.min(0.02, singleModeMargin()), marginReason: 'a quarter of what the target adds' }
      : {}
    const modeRatios = ({ covariance, reference }: DatasetRecord) =>
      modes.map((l) => [diagonal(covariance, l), diagonal(reference, l)] as const)
    const pairRatios = ({ covariance, reference, noiseVariance }: DatasetRecord) =>
      pairs.map(([l, m]) => [covariance[l * d + m]! - reference[l * d + m]!, noiseVariance] as const)
    const squares = (n: readonly number[]): number => n.reduce((sum, value) => sum + value ** 2, 0)
    return [
      {
        kind: 'ratio',
        name: 'Σ over σ²H, mean over modes',
        margin: pooledMargin,
        marginReason: pooledMarginReason,
        predict: ({ says }) => says.covariance && trace(says.covariance) / d,
        measure: ({ covariance, reference }) => [trace(covariance), trace(reference)],
        spread: spreadOfForm(squares, law),
        relaxationSteps: 0,
      },
      {
        kind: 'coordinates',
        name: 'Σ_ll over σ²ρ_l',
        ...finer,
        coordinates: modes.map((l) => ({
          name: `mode ${l + 1}`,
          spread: spreadOfForm((n) => n[l]! ** 2, law),
          relaxationSteps: 0,
        })),
        predict: ({ says: { covariance } }) => covariance && modes.map((l) => diagonal(covariance, l)),
        measure: modeRatios,
      },
      {
        kind: 'coordinates',
        name: 'Σ_lm between modes, over σ²√(ρ_lρ_m)',
        scale: 'linear',
        marginReason: 'a twentieth of the noise in either mode',
        ...finer,
        coordinates: pairs.map(([l, m]) => ({
          name: `modes ${m + 1} and ${l + 1}`,
          spread: spreadOfForm((n) => n[l]! * n[m]!, law),
          relaxationSteps: 0,
        })),
        predict: ({ says: { covariance } }) => covariance && pairs.map(([l, m]) => covariance[l * d + m]!),
        measure: pairRatios,
      },
      ...(own.says.squaredDistance === undefined
        ? []
        : [
            {
              kind: 'function' as const,
              name: 'root mean square ‖Σ − σ²H‖ over that of ‖σ²H‖',
              margin: 0.2,
              marginReason:
                'the prediction is the leading order in 1/N, what comes next is not derived; a distance that does not fall is off by a factor of two',
              predict: ({ says }: Voice<GradientNoise>) => says.squaredDistance && Math.sqrt(says.squaredDistance),
              measure: ({ squaredDistance }: DatasetRecord) => squaredDistance,
              of: ([apart, size]: ArrayLike<number> & Iterable<number>) => Math.sqrt(apart! / size!),
              spread: spreadOfDistance(eigenvalues, law, exampleCount),
              relaxationSteps: 0,
            },
          ]),
    ]
  },
}
