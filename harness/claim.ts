import type { Claim } from '../foundation/results.ts'
import type { Setting } from './hypothesis.ts'
import type { JudgedClaim } from './judge.ts'
import type { Ledger } from './ledger.ts'

/** A judged claim as reports know it, but for how examples are drawn, which not every setting has. */
export function claimOf<S extends Setting, Measured>(
  { plan, looks, comparisons, stepsUsed, diverged }: JudgedClaim<S, Measured>,
  ledger: Ledger,
  replay: string,
): Omit<Claim, 'sampling'> {
  const { hypothesis, setting, quantity, experiment } = plan
  const required = comparisons.find(({ role }) => role === 'required')
  const reason = plan.refusal ?? diverged ?? looks.at(-1)?.doubt
  return {
    id: `${hypothesis.id}/${setting.name}/${quantity.name}`,
    hypothesis: hypothesis.id,
    claim: hypothesis.claim,
    source: hypothesis.source,
    quantity: quantity.name,
    evidence: quantity.kind,
    ...(experiment?.seed === undefined ? {} : { seed: experiment.seed }),
    share: experiment ? { alpha: ledger.alphaPerClaim, phi: ledger.falsePassRate } : { alpha: 0, phi: 0 },
    scale: plan.scale,
    margin: plan.margin,
    marginReason: plan.marginReason,
    answerable: plan.refusal === undefined,
    ...(reason === undefined ? {} : { reason }),
    stepsBudget: plan.stepsBudget,
    ...(plan.stepsNeeded === undefined ? {} : { stepsNeeded: plan.stepsNeeded }),
    stepsUsed,
    ...(Number.isFinite(plan.smallestDetectable) ? { smallestDetectable: plan.smallestDetectable } : {}),
    looks: [...looks],
    comparisons: comparisons.map(reportable),
    ...(required ? { verdict: required.verdict } : {}),
    replay,
  }
}

/** Numbers that are not finite have no JSON: they are left out. */
function reportable({ distance, ...comparison }: Claim['comparisons'][number]): Claim['comparisons'][number] {
  return distance === undefined || !Number.isFinite(distance) ? comparison : { ...comparison, distance }
}
