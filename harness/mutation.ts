import type { CaughtMutant } from '../foundation/results.ts'
import type { Mutant, Setting } from './hypothesis.ts'
import { type JudgedClaim, judgeAgain } from './judge.ts'
import type { PlannedClaim } from './plan.ts'

/** Bugs planted in the reference's predictions: they are judged on what was measured anyway, nothing is sampled again. */

/** How far a planted bug moves the prediction of a claim. */
export interface PlantedBug {
  readonly hypothesis: string
  readonly setting: string
  readonly quantity: string
  /** The reference that it was planted in. */
  readonly theory: string
  /** On the claim's scale. */
  readonly distance: number
  readonly margin: number
  /** Further than the margin. */
  readonly differs: boolean
  /**
   * A required claim that is answerable catches it: it is beyond its margin if it is small, so that a pass would be a false
   * one; else further than both margins and what the budget detects.
   */
  readonly telling: boolean
}

/** Where a bug moves predictions, and by how much; claims on which it or the reference is mute are left out. */
export function plantBug<S extends Setting, Measured>(
  mutant: Mutant<S>,
  plans: readonly PlannedClaim<S, Measured>[],
): PlantedBug[] {
  return plans.flatMap(({ hypothesis, setting, quantity, margin, evidence, reference, refusal }): PlantedBug[] => {
    const planted = mutant.plant(setting)
    const apart = planted && evidence.apart(planted, reference)
    if (!apart) return []
    return [
      {
        hypothesis: hypothesis.id,
        setting: setting.name,
        quantity: quantity.name,
        theory: reference.name,
        distance: apart.distance,
        margin,
        differs: apart.differs,
        telling: setting.required && refusal === undefined && (mutant.small ? apart.differs : apart.separable),
      },
    ]
  })
}

/** Which of one setting's claims should catch a bug, by their places. */
export function tellingPlans<S extends Setting, Measured>(
  mutant: Mutant<S>,
  plans: readonly PlannedClaim<S, Measured>[],
): number[] {
  return plans.flatMap((plan, index) => (plantBug(mutant, [plan]).some(({ telling }) => telling) ? [index] : []))
}

/** Which of one setting's claims do catch it: those whose samples disagree with the reference once it has the bug, or do not agree if it is small. */
export function judgeMutant<S extends Setting, Measured>(
  mutant: Mutant<S>,
  telling: readonly number[],
  judged: readonly JudgedClaim<S, Measured>[],
): CaughtMutant['caughtBy'] {
  return telling.flatMap((index) => {
    const claim = judged[index]!
    const { setting, quantity } = claim.plan
    const planted = mutant.plant(setting)
    const verdict = planted && judgeAgain(claim, planted)
    const caught = verdict === 'disagrees' || (mutant.small && verdict === 'inconclusive')
    if (!caught) return []
    return [{ setting: setting.name, quantity: quantity.name }]
  })
}
