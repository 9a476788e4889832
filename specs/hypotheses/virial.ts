import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { CoordinatesQuantity, RatioQuantity } from '../../harness/quantity.ts'
import { pooledMarginReason, singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { VirialSetting, VirialSides, VirialTheory } from '../regression/virial-settings.ts'

export const virial: Hypothesis<VirialSetting, VirialSides> = {
  id: 'virial',
  claim:
    'Position times full gradient is the mass of motion, E[(θ−c)·(∇L+λθ)] = (η(1+β)/2) E‖v‖², about any point c and in every mode: on a finite window from any start with the window’s ends counted in; in shuffled epochs it falls short by a predicted amount.',
  source:
    'G.3 without its quadratic loss (Yaida 2019), exact because E[ε_k·(θ_k−c)] = 0; ends (1/2ηb)[β(D_{b−1} − D_{−1}) − (D_b − D_0)], D_k = ‖θ_k−c‖²',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ windows }) => windows,
  rivals: ({ sampling }) => [
    '1−β for 1+β',
    'no boundary terms',
    'first-order',
    'no momentum',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities({ modeCount, margin, eachMode, spread, relaxation }) {
    const ratio = ({ potential, motion }: VirialSides, first: number, last: number): [number, number] => [
      potential.subarray(first, last).reduce((sum, value) => sum + value, 0),
      motion.subarray(first, last).reduce((sum, value) => sum + value, 0),
    ]
    const quotient = (sides: VirialSides, first: number, last: number): number => {
      const [potential, motion] = ratio(sides, first, last)
      return potential / motion
    }
    const modes = Array.from({ length: modeCount }, (_, l) => l)
    const pooled: RatioQuantity<VirialSides, VirialTheory> = {
      kind: 'ratio',
      name: 'all modes',
      margin,
      marginReason: pooledMarginReason,
      predict: ({ sides }) => quotient(sides, 0, modeCount),
      measure: (sides) => ratio(sides, 0, modeCount),
      spread: spread(0, modeCount),
      relaxationSteps: relaxation(0, modeCount),
    }
    const single: CoordinatesQuantity<VirialSides, VirialTheory> = {
      kind: 'coordinates',
      name: 'each mode',
      coordinates: modes.map((l) => ({
        name: `mode ${l + 1}`,
        spread: spread(l, l + 1),
        relaxationSteps: relaxation(l, l + 1),
      })),
      predict: ({ sides }) => modes.map((l) => quotient(sides, l, l + 1)),
      measure: (sides) => modes.map((l) => ratio(sides, l, l + 1)),
    }
    return eachMode ? [pooled, single] : [pooled]
  },
}
