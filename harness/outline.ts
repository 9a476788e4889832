import type { CaughtMutant } from '../foundation/results.ts'
import type { Hypothesis, Setting, Suite } from './hypothesis.ts'
import { judge } from './judge.ts'
import { type PlantedBug, plantBug } from './mutation.ts'
import { type PlannedClaim, planClaims } from './plan.ts'

/** A hypothesis with its suite, and no more types than its name: for what must hold of all hypotheses together. */
export interface HypothesisOutline {
  readonly id: string
  readonly claim: string
  readonly source: string
  /** Claims that take samples, and so a share of the false alarms. */
  readonly sampledClaims: () => number
  /** Names of its rivals, with the required, answerable claims that can tell each from the reference: its spec has them reject it. */
  readonly rivals: () => ReadonlyMap<string, number>
  /** Names of the bugs of its suite, with what each is. */
  readonly mutants: readonly { readonly name: string; readonly bug: string; readonly small?: true }[]
  /** Where a bug of its suite moves predictions; nowhere if its suite has no such bug. */
  readonly planted: (mutant: string) => readonly PlantedBug[]
  /** Names of the corruptions of its suite's measurements. */
  readonly corruptions: readonly { readonly name: string; readonly bug: string }[]
  /** Measures again with a corruption, at the first required setting, and says which claims its reference lost. */
  readonly measuredAgain: (corruption: string) => Promise<CaughtMutant['caughtBy']>
}

/** Plans when first asked. */
export function outlineOf<S extends Setting, Measured>(
  hypothesis: Hypothesis<S, Measured>,
  suite: Suite<S>,
): HypothesisOutline {
  const { id, claim, source } = hypothesis
  let plans: readonly PlannedClaim<S, Measured>[] | undefined
  const planned = (): readonly PlannedClaim<S, Measured>[] => {
    plans ??= suite.settings.flatMap((setting) => planClaims(hypothesis, setting, suite.ledger))
    return plans
  }
  return {
    id,
    claim,
    source,
    sampledClaims: () => planned().filter(({ experiment }) => experiment !== undefined).length,
    rivals() {
      const counts = new Map<string, number>()
      for (const { setting, refusal, comparisons } of planned()) {
        for (const { role, theory, separable } of comparisons) {
          if (role !== 'rival') continue
          const telling = setting.required && refusal === undefined && separable === true
          counts.set(theory.name, (counts.get(theory.name) ?? 0) + (telling ? 1 : 0))
        }
      }
      return counts
    },
    mutants: suite.mutants,
    planted(name) {
      const mutant = suite.mutants.find((one) => one.name === name)
      return mutant === undefined ? [] : plantBug(mutant, planned())
    },
    corruptions: suite.corruptions ?? [],
    async measuredAgain(name) {
      const corruption = suite.corruptions?.find((one) => one.name === name)
      const setting = suite.settings.find(({ required }) => required)
      if (corruption === undefined || setting === undefined) return []
      const { claims } = await judge(planClaims(hypothesis, corruption.corrupt(setting), suite.ledger), suite.ledger)
      return claims
        .filter(({ comparisons }) =>
          comparisons.some(({ role, verdict }) => role === 'required' && verdict === 'disagrees'),
        )
        .map(({ plan }) => ({ setting: setting.name, quantity: plan.quantity.name }))
    },
  }
}
